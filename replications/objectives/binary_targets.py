"""Binary classification targets: the common form of negative sampling and hierarchical softmax."""

from typing import NamedTuple, Protocol, runtime_checkable

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn


class BinaryTargets(NamedTuple):
    """Counts of binary labels: `totals[i, r]` for position i and output row r, of which
    `positives[i, r]` are 1."""

    rows: Int64[Tensor, "block row"]
    positives: Float[Tensor, "block position row"]
    totals: Float[Tensor, "block position row"]


@runtime_checkable
class OutputLayer(Protocol):
    """Turns target words into binary classifications by the rows of its `weight`."""

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
    """The binary cross-entropy of all labels, summed, in nats.

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
    """The gradient of -`binary_loss` with respect to `hidden` and `output_rows`, in closed form.

    It is (positives - totals · σ(u · v)) times the other vector. Autograd gives the same (a test
    compares the two), but stores and re-reads each intermediate, which takes longer.
    """
    error = hidden @ output_rows.transpose(1, 2)
    error = error.sigmoid_().mul_(binary_targets.totals).neg_().add_(binary_targets.positives)
    return torch.bmm(error, output_rows), torch.bmm(error.transpose(1, 2), hidden)
