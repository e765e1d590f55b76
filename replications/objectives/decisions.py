"""Yes-or-no decisions: the form that negative sampling and hierarchical softmax have in common."""

from typing import NamedTuple, Protocol, runtime_checkable

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn


class Decisions(NamedTuple):
    """Position i answers "yes" to output row r `yes[i, r]` times, of `asked[i, r]` times in all."""

    rows: Int64[Tensor, "block row"]
    yes: Float[Tensor, "block position row"]
    asked: Float[Tensor, "block position row"]


@runtime_checkable
class OutputLayer(Protocol):
    """Turns "predict these words" into decisions against the rows of its `weight`."""

    weight: nn.Parameter

    def decisions(
        self,
        targets: Int64[Tensor, "block target"],
        weights: Float[Tensor, "block position target"],
        generator: torch.Generator | None = None,
    ) -> Decisions: ...


def decision_loss(
    hidden: Float[Tensor, "block position d"],
    output_rows: Float[Tensor, "block row d"],
    decisions: Decisions,
) -> Float[Tensor, ""]:
    """The negative log-likelihood of all decisions, in nats, summed.

    A "yes" has the probability σ(u · v). Source: Mikolov et al. 2013b, equations 3 and 4.
    """
    scores = hidden @ output_rows.transpose(1, 2)
    yes = nn.functional.logsigmoid(scores) * decisions.yes
    no = nn.functional.logsigmoid(-scores) * (decisions.asked - decisions.yes)
    return -(yes + no).sum()


def decision_gradient(
    hidden: Float[Tensor, "block position d"],
    output_rows: Float[Tensor, "block row d"],
    decisions: Decisions,
) -> tuple[Float[Tensor, "block position d"], Float[Tensor, "block row d"]]:
    """The gradient of minus `decision_loss`, for `hidden` and `output_rows`, in closed form.

    It is (yes - asked · σ(u · v)) times the other vector. Autograd gives the same (a test holds
    the two together), but keeps and re-reads each intermediate, which takes longer.
    """
    error = hidden @ output_rows.transpose(1, 2)
    error = error.sigmoid_().mul_(decisions.asked).neg_().add_(decisions.yes)
    return torch.bmm(error, output_rows), torch.bmm(error.transpose(1, 2), hidden)
