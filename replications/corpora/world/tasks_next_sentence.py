"""Pairs of passages: does the second continue the first, or is it from another story?

Source: Devlin et al. 2019 (BERT), section 3.1, task 2: half of the pairs are consecutive, the
others join passages of two documents.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.world.stories import check_telling
from replications.corpora.world.stories_parts import (
    PARTS,
    Uniform,
    check_choice,
    check_span,
    draw_parts,
    identify,
)
from replications.corpora.world.stories_telling import Story, Teller
from replications.corpora.world.stories_words import DOMAINS
from replications.errors import ReplicationError

CORPUS = "world-next-sentence"
COLUMNS = ("first", "second", "continues")
LABELS = ("true", "shuffled")
DEFAULT_SEED = 0
DEFAULT_PAIRS = 2_000

_FEWEST_STORIES, _PAIRS_PER_STORY = 20, 4


@dataclass(frozen=True)
class PassagePair:
    """Two passages; `continues` is the label and `truth` what it should be.

    `shared` are the names that stand in both: pairs of one story without any cannot be told from
    the others by their people.
    """

    first: str
    second: str
    continues: bool
    truth: bool
    shared: tuple[str, ...]


@dataclass(frozen=True)
class PassagePairWorld:
    """Pairs by part. Validation and test are the same for every seed; no pair is in two parts."""

    train: tuple[PassagePair, ...]
    validation: tuple[PassagePair, ...]
    test: tuple[PassagePair, ...]
    identities: tuple[CorpusIdentity, ...]


def make_passage_pairs(
    seed: int,
    pairs: int,
    *,
    validation_pairs: int = 300,
    test_pairs: int = 1_000,
    sentences: tuple[int, int] = (1, 3),
    entities: tuple[int, int] = (2, 4),
    labels: str = "true",
    domain: str = "home",
) -> PassagePairWorld:
    """Draw pairs of passages, half of which are consecutive in a story, the others of two stories.

    Knobs:

    - `sentences`: fewest and most of each of the two passages. More tell more.
    - `entities`, `domain`: of the stories, as for `make_stories`.
    - `labels`: "true", or "shuffled" for the control: the training labels are coin flips.

    Raises ReplicationError for a knob out of its range.
    """
    maker = "make_passage_pairs"
    check_choice(maker, "labels", labels, LABELS)
    check_span(maker, "sentences", sentences, 1, 5)
    distance, longest = (5, 60), 320
    check_telling(maker, domain, entities, distance, longest, questions=2)
    if entities[0] < 2:
        raise ReplicationError(
            f"{maker}: entities is {entities}; give 2 or more, so that a story can be continued"
        )
    counts = dict(zip(PARTS, (pairs, validation_pairs, test_pairs), strict=True))
    told: dict[str, list[Story]] = {}

    def draw(part: str, number: int, uniform: Uniform) -> PassagePair:
        if part not in told:
            teller = Teller(
                uniform,
                DOMAINS[domain],
                entities=entities,
                distance=distance,
                longest=longest,
                questions=2,
            )
            stories = max(_FEWEST_STORIES, counts[part] // _PAIRS_PER_STORY)
            told[part] = [teller.story("story") for _ in range(stories)]
        place = int(uniform() * len(told[part]))
        away = 1 + int(uniform() * (len(told[part]) - 1))
        story, other = told[part][place], told[part][place - away]
        span = sentences[1] - sentences[0] + 1
        first, second = (sentences[0] + int(uniform() * span) for _ in range(2))
        lines, truth = story.sentences, bool(int(2 * uniform()))
        start = int(uniform() * (len(lines) - first - second + 1))
        before = lines[start : start + first]
        if truth:
            after = lines[start + first : start + first + second]
        else:
            begin = int(uniform() * (len(other.sentences) - second + 1))
            after = other.sentences[begin : begin + second]
        label = truth
        if labels == "shuffled" and part == "train":
            label = bool(int(2 * uniform()))
        names = [{person.name for person in story.people}, *map(_words, (before, after))]
        shared = tuple(sorted(set.intersection(*names)))
        return PassagePair(" ".join(before), " ".join(after), label, truth, shared)

    parts = draw_parts(maker, seed, counts, draw, lambda pair: (pair.first, pair.second))
    identities = tuple(
        identify(CORPUS, part, _rows(parts[part]), COLUMNS, counts[part]) for part in PARTS
    )
    return PassagePairWorld(**parts, identities=identities)


def shared_name_accuracy(pairs: Sequence[PassagePair]) -> float:
    """The share of pairs that one word rule gets right: they continue if they share a name."""
    return sum(bool(pair.shared) == pair.truth for pair in pairs) / len(pairs)


def _words(sentences: Sequence[str]) -> set[str]:
    return {word for sentence in sentences for word in sentence.split()}


def default_rows(split: str) -> Iterator[dict[str, object]]:
    """The rows that `load_corpus("world-next-sentence", split)` gives, of the default world.

    `continues` is yes or no.
    """
    yield from _rows(getattr(_default_world(), split))


@cache
def _default_world() -> PassagePairWorld:
    return make_passage_pairs(DEFAULT_SEED, DEFAULT_PAIRS)


def _rows(pairs: Sequence[PassagePair]) -> Iterator[dict[str, object]]:
    for pair in pairs:
        continues = "yes" if pair.continues else "no"
        yield {"first": pair.first, "second": pair.second, "continues": continues}
