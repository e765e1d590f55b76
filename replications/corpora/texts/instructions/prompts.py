"""Prompts with demonstrated answers, and with what a judge of other answers is given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.documents import Documents
from replications.corpora.world.instructions.dialogues import Dialogue, make_dialogues
from replications.corpora.world.instructions.tasks import Words
from replications.corpora.world.instructions.vocabulary import WORDS
from replications.corpora.world.instructions.worlds import (
    ASSISTANT,
    USER,
    Demonstration,
    make_instruction_text,
    make_instructions,
)
from replications.tokens.chat import CHAT_TOKENS, Turn, WordList

_MARKS = dict(zip((USER, ASSISTANT), CHAT_TOKENS, strict=False))
_END = CHAT_TOKENS[-1]


class Prompt(NamedTuple):
    """The turns before an answer, the demonstrated answer, and what a judge is given for it."""

    turns: tuple[Turn, ...]
    answer: str
    request: Any


@dataclass(frozen=True)
class Prompts:
    """Prompts in three parts. `unseen`: whether a test prompt is of a kind that training lacks."""

    train: Sequence[Prompt]
    validation: Sequence[Prompt]
    test: Sequence[Prompt]
    unseen: Sequence[bool]
    identities: tuple[CorpusIdentity, ...]


PromptSource = Callable[[int], Prompts]
"""Where a data module's prompts come from: called with the seed."""


def world_prompts(seed: int, *, requests: int, shots: int = 0, **knobs: object) -> Prompts:
    """Requests of the world of instructions; `knobs` are those of `make_instructions`.

    Each test prompt follows `shots` other requests with right answers: few-shot prompting.
    """
    world = make_instructions(seed, requests, **knobs)
    parts = [[_asked(each) for each in part] for part in (world.train, world.validation)]
    shown = [_told(each) for each in world.validation]
    test = [
        _asked(each, [turn for shot in range(shots) for turn in shown[(7 * n + shot) % len(shown)]])
        for n, each in enumerate(world.test)
    ]
    unseen = [each.request.pair in world.unseen for each in world.test]
    return Prompts(*parts, test, unseen, world.identities)


def world_dialogues(
    seed: int, *, dialogues: int, turns: int = 3, span: tuple[int, int] = (1, 3), **knobs: object
) -> Prompts:
    """The last answer of dialogues of `span` turns in training, that of turn `turns` in the test.

    `span` are the fewest and the most turns of training; with (1, 1) no rule is ever to be kept at
    a later turn. Only dialogues that state the rule are tested on. `knobs` are those of
    `make_dialogues`.
    """
    tested = make_dialogues(seed, 1, **knobs)
    trained = make_dialogues(seed, dialogues, turns=span, **knobs)
    world = replace(
        trained,
        test=tested.test,
        identities=(*trained.identities[:2], tested.identities[2]),
    )
    parts = [[_last(each) for each in part] for part in (world.train, world.validation)]
    test = [_at(each, turns - 1) for each in world.test if each.rule]
    return Prompts(*parts, test, [False] * len(test), world.identities)


def world_words(documents: object) -> WordList:
    """The words of the world as tokens, whatever the documents."""
    return WordList(WORDS)


def instruction_documents(seed: int, *, documents: int, **knobs: object) -> Documents:
    """The pre-training text as documents in the form of conversations, special tokens spelled out.

    `knobs` are those of `make_instruction_text`.
    """
    world = make_instruction_text(seed, documents, **knobs)
    parts = ([page(each) for each in part] for part in (world.train, world.validation, world.test))
    train = world.identities[0]
    return Documents(*parts, identities=world.identities, key=f"{train.name}-{train.sha256[:16]}")


def words_of(answer: str) -> Words:
    """An answer as the world's words."""
    return tuple(answer.split())


def _asked(one: Demonstration, before: Sequence[Turn] = ()) -> Prompt:
    turns = (*before, (USER, " ".join(one.request.words)))
    return Prompt(turns, " ".join(one.answer), one.request)


def _told(one: Demonstration) -> list[Turn]:
    return [(USER, " ".join(one.request.words)), (ASSISTANT, " ".join(one.answer))]


def _last(dialogue: Dialogue) -> Prompt:
    return _at(dialogue, len(dialogue.requests) - 1)


def _at(dialogue: Dialogue, turn: int) -> Prompt:
    turns = tuple((who, " ".join(words)) for who, words in dialogue.turns(turn))
    return Prompt(turns, " ".join(dialogue.answer(turn)), (dialogue, turn))


def page(turns: Sequence[tuple[str, Words]]) -> str:
    """A document of turns as text, special tokens spelled out; without words, empty pages."""
    if not any(words for _, words in turns):
        # The token stream itself adds one end-of-text token.
        return " ".join(["<end-of-text>"] * (len(turns) - 1))
    return " ".join(
        " ".join((_MARKS[who], *words, _END)) if who else " ".join(words) for who, words in turns
    )
