"""AI feedback: an assistant's preferences under the constitution, in place of human ones.

Source: Bai et al. 2022, section 4.1.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from replications.corpora.world.constitution.feedback import LETTERS, comparison_request
from replications.corpora.world.constitution.requests import CheckedRequest
from replications.corpora.world.constitution.rules import COMPARISON_PRINCIPLES, Principle
from replications.corpora.world.constitution.vocabulary import THEN
from replications.corpora.world.instructions.tasks import Words
from replications.objectives.constitutional.asking import Assistant, question
from replications.objectives.constitutional.revising import MOST_WORDS

Labels = Float[Tensor, " pair"]
Adjust = Callable[[Labels], Labels]
"""Called with the probabilities that the first answer is better, it gives the labels to learn."""


def soft(chances: Labels) -> Labels:
    """The probabilities themselves. Source: section 4.1 ("much better" than hard labels)."""
    return chances


def hard(chances: Labels) -> Labels:
    """1 where the first answer is more probable, 0 where the second is, 0.5 for a tie."""
    return (chances > 0.5).float() + 0.5 * (chances == 0.5)


def clamped(chances: Labels, *, low: float = 0.4, high: float = 0.6) -> Labels:
    """Probabilities of no less than `low` and no more than `high`.

    Source: section 4.1 (chain-of-thought labels are overconfident; 40 to 60 % worked best).
    """
    return chances.clamp(low, high)


class Pairs(NamedTuple):
    """Requests, with two answers each."""

    requests: Sequence[CheckedRequest]
    first: Sequence[Words]
    second: Sequence[Words]


class Preferences(NamedTuple):
    """The probabilities that the first answer is better, and that the one named A is.

    The mean of `named_first` is 0.5 for a judge without position bias.
    """

    first: Labels
    named_first: Labels


Feedback = Callable[[Assistant, Pairs, torch.Generator], Preferences]
"""Called with the assistant and pairs of answers, it gives its preferences."""


@dataclass(frozen=True)
class Letters:
    """The probabilities of the better answer's letter, without reasoning; a mean of both orders.

    Each pair is compared by one of the first `principles`, drawn for it.
    """

    principles: int = len(COMPARISON_PRINCIPLES)

    def __call__(self, assistant: Assistant, pairs: Pairs, draw: torch.Generator) -> Preferences:
        principles = _drawn(self.principles, len(pairs.requests), draw)
        found = []
        for order in (pairs, Pairs(pairs.requests, pairs.second, pairs.first)):
            asked = [question(words) for words in _requests(order, principles, explained=False)]
            found.append(assistant.chances(asked, LETTERS)[:, 0])
        return Preferences((found[0] + 1 - found[1]) / 2, (found[0] + found[1]) / 2)


@dataclass(frozen=True)
class Reasoned:
    """Chain of thought: the assistant states what it finds in both answers before the letter.

    One order and one chain are drawn for each pair; the probabilities after it are near 0 or 1.
    """

    principles: int = len(COMPARISON_PRINCIPLES)

    def __call__(self, assistant: Assistant, pairs: Pairs, draw: torch.Generator) -> Preferences:
        size = len(pairs.requests)
        principles = _drawn(self.principles, size, draw)
        swapped = torch.randint(2, (size,), generator=draw, device=draw.device).bool()
        order = Pairs(
            pairs.requests,
            *zip(
                *(
                    (two, one) if turn else (one, two)
                    for one, two, turn in zip(
                        pairs.first, pairs.second, swapped.tolist(), strict=True
                    )
                ),
                strict=True,
            ),
        )
        asked = [question(words) for words in _requests(order, principles, explained=True)]
        told = [_reasons(words) for words in assistant.answers(asked, draw)]
        named = assistant.chances(asked, LETTERS, told)[:, 0]
        return Preferences(torch.where(swapped.to(named.device), 1 - named, named), named)


def _reasons(written: Words) -> Words:
    """The words before the letter, with the delimiter appended where a chain lacks it."""
    ends = [place for place, word in enumerate(written) if word == THEN]
    return written[: ends[1] + 1] if len(ends) > 1 else (*written[:MOST_WORDS], THEN)


def _drawn(principles: int, size: int, draw: torch.Generator) -> list[Principle]:
    numbers = torch.randint(principles, (size,), generator=draw, device=draw.device)
    return [COMPARISON_PRINCIPLES[number] for number in numbers.tolist()]


def _requests(pairs: Pairs, principles: Sequence[Principle], *, explained: bool) -> list[Words]:
    return [
        comparison_request(one, a[:MOST_WORDS], b[:MOST_WORDS], principle, explained=explained)
        for one, a, b, principle in zip(*pairs, principles, strict=True)
    ]
