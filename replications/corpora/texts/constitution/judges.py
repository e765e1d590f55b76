"""Judges of the constitution's world: rewards of requests with answers as text."""

from collections.abc import Iterable, Sequence

from replications.corpora.texts.instructions.prompts import words_of
from replications.corpora.world.constitution.gold import (
    crowd_harmlessness,
    gold_reward,
    helpfulness,
)
from replications.corpora.world.constitution.requests import CheckedRequest


def gold_of_constitution(
    requests: Iterable[CheckedRequest], answers: Sequence[str], ended: Sequence[bool]
) -> list[float]:
    """The gold reward: help without harm and without evasion."""
    return [
        gold_reward(request, words_of(answer), ended=end)
        for request, answer, end in zip(requests, answers, ended, strict=True)
    ]


def crowd_of_constitution(
    requests: Iterable[CheckedRequest], answers: Sequence[str], ended: Sequence[bool]
) -> list[float]:
    """The crowd's rewards: help in answers to harmless requests, no harm in the others."""
    judge = {True: crowd_harmlessness, False: helpfulness}
    return [
        judge[request.harmful](request, words_of(answer)) - (not end)
        for request, answer, end in zip(requests, answers, ended, strict=True)
    ]
