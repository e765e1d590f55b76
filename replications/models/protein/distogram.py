"""Distances as distributions over bins."""

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

EDGES = (4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20)
"""Angstrom. Departure: the paper has 64 bins from 2 to 22 Å; ours are 16, with an edge at 8 Å."""

BINS = len(EDGES) + 1
CONTACT_BINS = EDGES.index(8) + 1
"""The bins below 8 Å."""

# The distance that represents each bin; the first and the last have one edge.
_CENTRES = (3.8, *((a + b) / 2 for a, b in zip(EDGES, EDGES[1:], strict=False)), 22.0)


class DistogramHead(nn.Module):
    """Logits of the distance of each pair, the same for ij and ji.

    Source: Jumper et al. 2021, supplement, section 1.9.8: a projection of z, symmetrised. It starts
    at zero. Departure: the LayerNorm before the projection.
    """

    def __init__(self, d_pair: int) -> None:
        super().__init__()
        self.norm, self.logits = nn.LayerNorm(d_pair), nn.Linear(d_pair, BINS)
        nn.init.zeros_(self.logits.weight)
        nn.init.zeros_(self.logits.bias)

    def forward(
        self, pair: Float[Tensor, "batch residue residue d"]
    ) -> Float[Tensor, "batch residue residue bin"]:
        logits = self.logits(self.norm(pair))
        return (logits + logits.transpose(1, 2)) / 2


def bins_of(distances: Float[Tensor, "*shape"]) -> Int64[Tensor, "*shape"]:
    """The bin of each distance in angstrom; of NaN the last."""
    return torch.bucketize(distances, distances.new_tensor(EDGES), right=True)


def contact_probability(logits: Float[Tensor, "*pair bin"]) -> Float[Tensor, "*pair"]:
    """The probability of the bins below 8 Å."""
    return logits.softmax(-1)[..., :CONTACT_BINS].sum(-1)


def expected_distance(logits: Float[Tensor, "*pair bin"]) -> Float[Tensor, "*pair"]:
    """The mean of the distribution, in angstrom."""
    return logits.softmax(-1) @ logits.new_tensor(_CENTRES)


def median_distance(logits: Float[Tensor, "*pair bin"]) -> Float[Tensor, "*pair"]:
    """The median of the distribution, linear within a bin, in angstrom.

    lDDT counts how many distances are close, and a median is closer to more of them than a mean.
    """
    edges = logits.new_tensor((3.0, *EDGES, 24.0))
    cumulative = logits.softmax(-1).cumsum(-1)
    number = (cumulative < 0.5).sum(-1, keepdim=True).clamp(max=BINS - 1)
    above = cumulative.gather(-1, number)[..., 0]
    before = cumulative.gather(-1, (number - 1).clamp(min=0))[..., 0] * (number[..., 0] > 0)
    share = (0.5 - before) / (above - before).clamp(min=1e-6)
    low, high = edges[number[..., 0]], edges[number[..., 0] + 1]
    return low + share.clamp(0, 1) * (high - low)
