"""Dialogues of several turns with a rule that holds from the first one on: end with "kiwi".

The rule is stated in the first request alone. Whether an answer at turn 2 to 4 keeps it shows
whether the model uses the whole dialogue.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.world.instructions.requests import Request, constrained
from replications.corpora.world.instructions.tasks import Words
from replications.corpora.world.instructions.vocabulary import KIWI
from replications.corpora.world.instructions.worlds import ASSISTANT, USER
from replications.corpora.world.stories_parts import (
    PARTS,
    Uniform,
    check_shares,
    check_span,
    draw_parts,
    identify,
)

CORPUS = "world-dialogues"
COLUMNS = ("rule", "dialogue")
DEFAULT_SEED, DEFAULT_DIALOGUES = 0, 500
RULE = ("always", "end", "with", KIWI)
MOST_TURNS = 4
# Short requests, so that four turns fit into a small context.
_SHORT = ("count", "add", "find", "copy")


class Dialogue(NamedTuple):
    """Requests in their order, and whether the first states the rule."""

    requests: tuple[Request, ...]
    rule: bool

    def answer(self, turn: int) -> Words:
        """The right answer at a turn, from 0."""
        return (*self.requests[turn].target, *((KIWI,) if self.rule else ()))

    def words(self, turn: int) -> Words:
        """The request at a turn."""
        request = self.requests[turn].words
        return (*request, ",", *RULE) if self.rule and turn == 0 else request

    def turns(self, until: int) -> tuple[tuple[str, Words], ...]:
        """The turns before the answer at turn `until`, all answers right."""
        told = [
            turn
            for number in range(until)
            for turn in ((USER, self.words(number)), (ASSISTANT, self.answer(number)))
        ]
        return (*told, (USER, self.words(until)))


@dataclass(frozen=True)
class DialogueWorld:
    """Dialogues by part; validation and test are the same for every seed."""

    train: tuple[Dialogue, ...]
    validation: tuple[Dialogue, ...]
    test: tuple[Dialogue, ...]
    identities: tuple[CorpusIdentity, ...]


def make_dialogues(
    seed: int,
    dialogues: int,
    *,
    validation_dialogues: int = 50,
    test_dialogues: int = 200,
    turns: tuple[int, int] = (1, MOST_TURNS),
    rule_share: float = 0.5,
) -> DialogueWorld:
    """Draw dialogues; those of the test have the most turns.

    Raises ReplicationError for a knob out of its range.
    """
    maker = "make_dialogues"
    check_shares(maker, rule_share=rule_share)
    check_span(maker, "turns", turns, 1, MOST_TURNS)

    def draw(part: str, number: int, uniform: Uniform) -> Dialogue:
        span = turns[1] - turns[0] + 1
        many = turns[1] if part == "test" else turns[0] + int(span * uniform())
        names = [_SHORT[int(len(_SHORT) * uniform())] for _ in range(many)]
        requests = tuple(constrained(uniform, name, "none") for name in names)
        return Dialogue(requests, uniform() < rule_share)

    counts = (dialogues, validation_dialogues, test_dialogues)
    sizes = dict(zip(PARTS, counts, strict=True))
    parts = draw_parts(
        maker, seed, sizes, draw, lambda it: it.requests if len(it.requests) > 1 else None
    )
    identities = tuple(
        identify(CORPUS, part, rows_of(parts[part]), COLUMNS, sizes[part]) for part in PARTS
    )
    return DialogueWorld(**parts, identities=identities)


def rows_of(dialogues: Sequence[Dialogue]) -> Iterator[dict[str, object]]:
    """The dialogues as rows, all answers right: a line a turn."""
    for dialogue in dialogues:
        last = len(dialogue.requests) - 1
        turns = (*dialogue.turns(last), (ASSISTANT, dialogue.answer(last)))
        yield {
            "rule": " ".join(RULE) if dialogue.rule else "",
            "dialogue": "\n".join(f"{who}: {' '.join(words)}" for who, words in turns),
        }
