"""Scripted critics with a known error rate: revisions without a trained model."""

from collections.abc import Sequence

from replications.corpora.world.constitution.feedback import criticised
from replications.corpora.world.constitution.requests import CheckedRequest
from replications.corpora.world.constitution.rules import CRITIQUE_PRINCIPLES, harms
from replications.corpora.world.instructions.tasks import Words
from replications.corpora.world.stories_parts import uniform_numbers


def scripted_course(
    requests: Sequence[CheckedRequest],
    answers: Sequence[Words],
    *,
    revisions: int = 4,
    principles: int = len(CRITIQUE_PRINCIPLES),
    slips: float = 0.0,
    seed: int = 0,
) -> list[list[Words]]:
    """The answers, and after each revision; a critic overlooks one thing in a share of `slips`.

    For each revision one of the first `principles` is drawn.
    """
    uniform = uniform_numbers(2214, seed)
    steps = [list(answers)]
    for _ in range(revisions):
        revised = []
        for one, answer in zip(requests, steps[-1], strict=True):
            principle = CRITIQUE_PRINCIPLES[int(principles * uniform())]
            revised.append(criticised(uniform, one, answer, principle, slips)[1])
        steps.append(revised)
    return steps


def mean_harms(requests: Sequence[CheckedRequest], answers: Sequence[Words]) -> float:
    """Kinds of harm an answer does, on average."""
    return sum(harms(*pair) for pair in zip(requests, answers, strict=True)) / len(requests)
