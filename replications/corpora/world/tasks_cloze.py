"""Words to fill in whose form is decided by words on their right, on their left, or on both sides.

A causal model cannot know the first and the last kind, a bidirectional one can know all. Source of
the question: Devlin et al. 2019 (BERT), sections 3.1 and 5.1.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.world.stories_parts import (
    PARTS,
    Uniform,
    check_choice,
    check_span,
    draw_parts,
    identify,
)
from replications.corpora.world.stories_scenery import SIDES, draw_scenery
from replications.corpora.world.stories_words import ADJECTIVES
from replications.errors import ReplicationError

CORPUS = "world-cloze"
COLUMNS = ("before", "word", "after", "forms", "decided_by")
DEFAULT_SEED = 0
DEFAULT_ITEMS = 2_000

# The share of right choices among the forms for a reader of one side who knows the language.
_CHANCE = {"right": (0.5, 1.0), "left": (1.0, 0.5), "both": (0.5, 0.5)}


@dataclass(frozen=True)
class Cloze:
    """A sentence with one word left out, which is one of `forms`.

    `decided_by` is right, left or both: where the words stand that decide it. `left_best` and
    `right_best` are the accuracies that a reader can reach who sees the words before it alone, or
    those after it alone; who sees both can always be right. `cue_distance` counts the words from
    the blank to the farthest word that is needed.
    """

    before: str
    word: str
    after: str
    forms: tuple[str, ...]
    decided_by: str
    cue_distance: int

    @property
    def left_best(self) -> float:
        return _CHANCE[self.decided_by][0]

    @property
    def right_best(self) -> float:
        return _CHANCE[self.decided_by][1]

    @property
    def text(self) -> str:
        """The whole sentence, its word filled in."""
        return f"{self.before} {self.word} {self.after}".lstrip()


@dataclass(frozen=True)
class ClozeWorld:
    """Items by part. Validation and test are the same for every seed; no sentence is in two."""

    train: tuple[Cloze, ...]
    validation: tuple[Cloze, ...]
    test: tuple[Cloze, ...]
    identities: tuple[CorpusIdentity, ...]


def make_cloze(
    seed: int,
    items: int,
    *,
    validation_items: int = 300,
    test_items: int = 900,
    sides: Sequence[str] = SIDES,
    adjectives: tuple[int, int] = (0, 3),
) -> ClozeWorld:
    """Draw sentences such as `____ small birds were resting near the hill .`, as stories have them.

    Items of the kinds take turns, so that each part has equally many of each. Knobs:

    - `sides`: which kinds: right, left, both.
    - `adjectives`: fewest and most before the animal: they stand between the blank and its cue.

    Raises ReplicationError for a knob out of its range, and for more items than there are.
    """
    maker = "make_cloze"
    if not sides:
        raise ReplicationError(f"{maker}: sides is empty; give some of {', '.join(SIDES)}")
    for side in sides:
        check_choice(maker, "sides", side, SIDES)
    check_span(maker, "adjectives", adjectives, 0, len(ADJECTIVES))

    def draw(part: str, number: int, uniform: Uniform) -> Cloze:
        scenery = draw_scenery(uniform, sides[number % len(sides)], adjectives)
        place, words = scenery.place, scenery.words
        return Cloze(
            before=" ".join(words[:place]),
            word=words[place],
            after=" ".join(words[place + 1 :]),
            forms=scenery.forms,
            decided_by=scenery.decided_by,
            cue_distance=_farthest(place, scenery.cues, scenery.decided_by),
        )

    counts = dict(zip(PARTS, (items, validation_items, test_items), strict=True))
    parts = draw_parts(maker, seed, counts, draw, lambda item: item.text)
    identities = tuple(
        identify(CORPUS, part, rows_of(parts[part]), COLUMNS, counts[part]) for part in PARTS
    )
    return ClozeWorld(**parts, identities=identities)


def _farthest(place: int, cues: tuple[int, ...], decided_by: str) -> int:
    distances = [abs(cue - place) for cue in cues]
    # Of two cues on the right, the nearer one is enough.
    return max(distances) if decided_by == "both" else min(distances)


def rows_of(items: Sequence[Cloze]) -> Iterator[dict[str, object]]:
    """The items as rows; `forms` are set apart by spaces."""
    for item in items:
        yield {
            "before": item.before,
            "word": item.word,
            "after": item.after,
            "forms": " ".join(item.forms),
            "decided_by": item.decided_by,
        }
