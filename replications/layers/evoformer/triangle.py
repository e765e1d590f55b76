"""Updates of a pair of residues from the two other sides of each triangle that it is a side of."""

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn

from replications.layers.evoformer.gated_attention import GatedSelfAttention
from replications.layers.evoformer.gated_products import gated_linear, gated_triangle_sum

Pair = Float[Tensor, "batch start end d"]


class TriangleMultiplication(nn.Module):
    """z_ij gets Σ_k a_ik ⊙ b_jk (outgoing edges) or Σ_k a_ki ⊙ b_kj (incoming edges).

    Source: Jumper et al. 2021, supplement, algorithms 11 and 12. a and b are gated projections of
    z; the sum is normalised, projected and gated. `incoming` is the second.
    """

    def __init__(self, d_pair: int, *, d_hidden: int | None = None, incoming: bool = False) -> None:
        super().__init__()
        width = d_hidden or d_pair
        self.incoming = incoming
        self.norm, self.sum_norm = nn.LayerNorm(d_pair), nn.LayerNorm(width)
        self.edges = nn.Linear(d_pair, 2 * width)
        self.edge_gates = nn.Linear(d_pair, 2 * width)
        self.gate, self.output = nn.Linear(d_pair, d_pair), nn.Linear(width, d_pair)
        for gate in (self.edge_gates, self.gate):
            nn.init.zeros_(gate.weight)
            nn.init.ones_(gate.bias)
        for zero in (self.edges.bias, self.output.weight, self.output.bias):
            nn.init.zeros_(zero)

    def forward(self, pair: Float[Tensor, "batch start end d"]) -> Pair:
        normed = self.norm(pair)
        summed = gated_triangle_sum(normed, self.edges, self.edge_gates, incoming=self.incoming)
        return gated_linear(self.sum_norm(summed), self.output, normed, self.gate)


class TriangleAttention(nn.Module):
    """Edge ij attends over the edges ik from its starting node, with a bias from the third side jk.

    Source: Jumper et al. 2021, supplement, algorithm 13, and 14 for `ending`: there ij attends over
    kj with a bias from ki, which is algorithm 13 on the transposed pairs.

    `bias` False leaves out the third side and `gated` False the gates: axial attention, the paper's
    ablation. In evaluation, `tile` starting nodes are taken at a time: the scores, which grow with
    the cube of the length, are then never in memory all at once.
    """

    def __init__(
        self,
        d_pair: int,
        *,
        heads: int,
        d_head: int,
        ending: bool = False,
        bias: bool = True,
        gated: bool = True,
        tile: int = 32,
    ) -> None:
        super().__init__()
        self.ending, self.tile = ending, tile
        self.norm = nn.LayerNorm(d_pair)
        self.attention = GatedSelfAttention(d_pair, heads, d_head, gated=gated)
        self.bias = nn.Linear(d_pair, heads, bias=False) if bias else None

    def forward(self, pair: Float[Tensor, "batch start end d"]) -> Pair:
        normed = self.norm(pair.transpose(1, 2) if self.ending else pair)
        bias = None
        if self.bias is not None:
            bias = rearrange(self.bias(normed), "n j k h -> n 1 h j k")
        if torch.is_grad_enabled() or normed.shape[1] <= self.tile:
            update = self.attention(normed, bias)
        else:
            tiles = normed.split(self.tile, dim=1)
            update = torch.cat([self.attention(part, bias) for part in tiles], dim=1)
        return update.transpose(1, 2) if self.ending else update


def outgoing(d_pair: int, *, d_hidden: int | None = None) -> TriangleMultiplication:
    """Algorithm 11."""
    return TriangleMultiplication(d_pair, d_hidden=d_hidden)


def incoming(d_pair: int, *, d_hidden: int | None = None) -> TriangleMultiplication:
    """Algorithm 12."""
    return TriangleMultiplication(d_pair, d_hidden=d_hidden, incoming=True)


def starting(d_pair: int, *, heads: int = 4, d_head: int = 32) -> TriangleAttention:
    """Algorithm 13."""
    return TriangleAttention(d_pair, heads=heads, d_head=d_head)


def ending(d_pair: int, *, heads: int = 4, d_head: int = 32) -> TriangleAttention:
    """Algorithm 14."""
    return TriangleAttention(d_pair, heads=heads, d_head=d_head, ending=True)


def axial_starting(d_pair: int, *, heads: int = 4, d_head: int = 32) -> TriangleAttention:
    """Algorithm 13 without the third side and without gates."""
    return TriangleAttention(d_pair, heads=heads, d_head=d_head, bias=False, gated=False)


def axial_ending(d_pair: int, *, heads: int = 4, d_head: int = 32) -> TriangleAttention:
    """Algorithm 14 without the third side and without gates."""
    return TriangleAttention(
        d_pair, heads=heads, d_head=d_head, ending=True, bias=False, gated=False
    )
