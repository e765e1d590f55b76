"""Stories whose last word can be guessed from the whole story, but not from its last sentence.

Source: Paperno et al. 2016 (LAMBADA), where people guessed the last word of a passage when shown
all of it, and could not when shown its last sentence alone. Here both hold by construction.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.world.stories import check_telling
from replications.corpora.world.stories_parts import PARTS, Uniform, draw_parts, identify
from replications.corpora.world.stories_telling import Story, Teller
from replications.corpora.world.stories_words import DOMAINS

CORPUS = "world-last-words"
COLUMNS = ("text", "last_word")
DEFAULT_SEED = 0
DEFAULT_PASSAGES = 1_000


@dataclass(frozen=True)
class Passage:
    """A story without its last word, and that word.

    `chance` is the share of correct guesses for a reader who knows which words of the kind the
    story has told, but not whose they are: 1 / candidates.
    """

    context: str
    last_word: str
    last_sentence: str
    story: Story

    @property
    def chance(self) -> float:
        return 1 / self.story.answers[0].candidates


@dataclass(frozen=True)
class LastWordWorld:
    """Passages: `train` for whoever needs examples of the form, such as the last-sentence oracle.

    Validation and test are the same for every seed, and no passage is in two parts.
    """

    train: tuple[Passage, ...]
    validation: tuple[Passage, ...]
    test: tuple[Passage, ...]
    identities: tuple[CorpusIdentity, ...]


def make_last_words(
    seed: int,
    passages: int,
    *,
    validation_passages: int = 200,
    test_passages: int = 1_000,
    entities: tuple[int, int] = (5, 6),
    distance: tuple[int, int] = (40, 160),
    max_length: int = 320,
    restated: bool = False,
    domain: str = "home",
) -> LastWordWorld:
    """Tell passages whose last word one fact decides, told `distance` words before or so.

    Each person has two facts in a passage. All are told before the last word is asked for, so that
    it may have as many candidates as there are people. Knobs:

    - `entities`, `distance`, `max_length`, `domain`: as for `make_stories`.
    - `restated`: the control. The last sentence tells the fact again, so that it is enough.

    Raises ReplicationError for a knob out of its range.
    """
    maker = "make_last_words"
    check_telling(maker, domain, entities, distance, max_length, questions=1)

    tellers: dict[str, Teller] = {}

    def draw(part: str, number: int, uniform: Uniform) -> Passage:
        if part not in tellers:
            tellers[part] = Teller(
                uniform,
                DOMAINS[domain],
                entities=entities,
                distance=distance,
                max_length=max_length,
                questions=1,
                restated=restated,
            )
        story = tellers[part].story("passage")
        context, last_word = story.text.rsplit(" ", 1)
        last_sentence = story.sentences[-1].rsplit(" ", 1)[0]
        return Passage(context, last_word, last_sentence, story)

    counts = dict(zip(PARTS, (passages, validation_passages, test_passages), strict=True))
    parts = draw_parts(maker, seed, counts, draw, lambda passage: passage.story.text)
    identities = tuple(
        identify(CORPUS, part, rows_of(parts[part]), COLUMNS, counts[part]) for part in PARTS
    )
    return LastWordWorld(**parts, identities=identities)


class LastSentenceOracle:
    """Guesses a last word from the last sentence alone, by n-gram counts of examples.

    It has, for every n-gram that ends a last sentence, the most frequent last word. It takes the
    longest n-gram that it has seen, or copies the word of the right kind before it, where copying
    was right more often.
    """

    def __init__(self, examples: Sequence[Passage]) -> None:
        # A position to copy from is a negative number among the words.
        self.seen: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for passage in examples:
            words = passage.last_sentence.split()
            for start in range(len(words) + 1):
                run = tuple(words[start:])
                self.seen[run][passage.last_word] += 1
                for place in range(start):
                    if words[place] == passage.last_word:
                        self.seen[run][str(place - len(words))] += 1

    def guess(self, last_sentence: str) -> str:
        """The likeliest last word after the sentence."""
        words = last_sentence.split()
        for start in range(len(words) + 1):
            run = tuple(words[start:])
            if run in self.seen:
                for found, _ in self.seen[run].most_common():
                    if not found.startswith("-"):
                        return found
                    if int(found) >= -len(words):
                        return words[int(found)]
        return ""

    def accuracy(self, passages: Sequence[Passage]) -> float:
        """The share of the passages whose last word it guesses."""
        right = [self.guess(passage.last_sentence) == passage.last_word for passage in passages]
        return sum(right) / len(right)


def rows_of(passages: Sequence[Passage]) -> Iterator[dict[str, object]]:
    """The passages as rows; `text` includes the last word."""
    for passage in passages:
        yield {"text": passage.story.text, "last_word": passage.last_word}
