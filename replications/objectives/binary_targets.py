"""Yes-or-no decisions: the form that negative sampling and hierarchical softmax have in common."""

from typing import NamedTuple, Protocol, runtime_checkable

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn


class BinaryTargets(NamedTuple):
    """Position i answers "yes" to output row r `positives[i, r]` times, of `totals[i, r]` times in
    all."""

    rows: Int64[Tensor, "block row"]
    positives: Float[Tensor, "block position row"]
    totals: Float[Tensor, "block position row"]


@runtime_checkable
class OutputLayer(Protocol):
    """Turns "predict these words" into decisions against the rows of its `weight`."""

    weight: nn.Parameter

    def binary_targets(
        self,
        targets: Int64[Tensor, "block target"],
        weights: Float[Tensor, "block position target"],
        generator: torch.Generator | None = None,
    ) -> BinaryTargets: ...


def binary_loss(
    hidden: Float[Tensor, "block position d"],
    output_rows: Float[Tensor, "block row d"],
    binary_targets: BinaryTargets,
) -> Float[Tensor, ""]:
    """The negative log-likelihood of all decisions, in nats, summed.

    The label 1 has the probability σ(u · v). Source: Mikolov et al. 2013b, equations 3 and 4.
    """
    scores = hidden @ output_rows.transpose(1, 2)
    positives = nn.functional.logsigmoid(scores) * binary_targets.positives
    no = nn.functional.logsigmoid(-scores) * (binary_targets.totals - binary_targets.positives)
    return -(positives + no).sum()


def binary_gradient(
    hidden: Float[Tensor, "block position d"],
    output_rows: Float[Tensor, "block row d"],
    binary_targets: BinaryTargets,
) -> tuple[Float[Tensor, "block position d"], Float[Tensor, "block row d"]]:
    """The gradient of minus `binary_loss`, for `hidden` and `output_rows`, in closed form.

    It is (positives - totals · σ(u · v)) times the other vector. Autograd gives the same (a test
    holds the two together), but keeps and re-reads each intermediate, which takes longer.
    """
    error = hidden @ output_rows.transpose(1, 2)
    error = error.sigmoid_().mul_(binary_targets.totals).neg_().add_(binary_targets.positives)
    return torch.bmm(error, output_rows), torch.bmm(error.transpose(1, 2), hidden)
