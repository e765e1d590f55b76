"""Judges: rewards of requests with answers as text, and of whether each answer ended."""

from collections.abc import Iterable, Sequence

import numpy as np

from replications.corpora.texts.instructions.prompts import words_of
from replications.corpora.world.instructions.dialogues import Dialogue
from replications.corpora.world.instructions.enumerable import EnumerableWorld
from replications.corpora.world.instructions.gold import gold_rewards
from replications.corpora.world.instructions.requests import Request


def gold_of_instructions(
    requests: Iterable[Request], answers: Sequence[str], ended: Sequence[bool]
) -> list[float]:
    """The gold reward of the world of instructions."""
    return gold_rewards(requests, [words_of(answer) for answer in answers], ended)


def gold_of_listed(
    requests: Iterable[EnumerableWorld], answers: Sequence[str], ended: Sequence[bool]
) -> list[float]:
    """The gold reward of the world whose answers can be listed."""
    symbols = np.array([[int(word) for word in answer.split()] for answer in answers])
    return next(iter(requests)).gold_of(symbols).tolist()


def kept_rule(
    requests: Iterable[tuple[Dialogue, int]], answers: Sequence[str], ended: Sequence[bool]
) -> list[float]:
    """1 for an answer of a dialogue that ends with the word that the first turn asked for."""
    return [
        float(answer.split()[-1:] == list(dialogue.answer(turn)[-1:]))
        for (dialogue, turn), answer in zip(requests, answers, strict=True)
    ]


def right_in_dialogue(
    requests: Iterable[tuple[Dialogue, int]], answers: Sequence[str], ended: Sequence[bool]
) -> list[float]:
    """1 for an answer of a dialogue that is right, the rule's word included."""
    return [
        float(words_of(answer) == dialogue.answer(turn))
        for (dialogue, turn), answer in zip(requests, answers, strict=True)
    ]
