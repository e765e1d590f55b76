"""Invariant point attention and the update of a frame."""

import math

import torch
from einops import einsum, rearrange
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from replications.layers.geometry.frames import Frames, rotation_from_quaternion


class InvariantPointAttention(nn.Module):
    """Attention between residues by scalars, pairs, and distances of points in space.

    Source: Jumper et al. 2021, supplement, algorithm 22. Query and key points are made in each
    residue's local frame and compared in global coordinates: distances are invariant to a rigid
    motion of all frames. The attended points are mapped back to the residue's local frame.

    Units: points are in nanometres.
    """

    def __init__(
        self,
        d_single: int,
        d_pair: int,
        *,
        heads: int = 12,
        d_head: int = 16,
        query_points: int = 4,
        value_points: int = 8,
    ) -> None:
        super().__init__()
        self.heads, self.d_head = heads, d_head
        self.query_points, self.value_points = query_points, value_points
        self.projections = nn.Linear(d_single, 3 * heads * d_head, bias=False)
        self.points = nn.Linear(d_single, heads * (2 * query_points + value_points) * 3, bias=False)
        self.bias = nn.Linear(d_pair, heads, bias=False)
        # softplus(γ) starts at 1.
        self.point_weight = nn.Parameter(torch.full((heads,), math.log(math.e - 1)))
        self.output = nn.Linear(heads * (d_head + value_points * 4 + d_pair), d_single)
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)

    def forward(
        self,
        single: Float[Tensor, "batch residue d_single"],
        pair: Float[Tensor, "batch residue residue d_pair"],
        frames: Frames,
    ) -> Float[Tensor, "batch residue d_single"]:
        query, key, value = rearrange(
            self.projections(single), "b n (three h c) -> three b h n c", three=3, h=self.heads
        )
        made = rearrange(self.points(single), "b n (p x) -> b n p x", x=3)
        placed = rearrange(frames.apply(made), "b n (h p) x -> b h n p x", h=self.heads)
        sizes = (self.query_points, self.query_points, self.value_points)
        query_points, key_points, value_points = placed.split(sizes, dim=3)
        between = rearrange(query_points, "b h i p x -> b h i 1 (p x)") - rearrange(
            key_points, "b h j p x -> b h 1 j (p x)"
        )
        point_scale = math.sqrt(2 / (9 * self.query_points)) / 2
        weight = rearrange(functional.softplus(self.point_weight), "h -> h 1 1")
        scores = (
            query @ key.transpose(-1, -2) / math.sqrt(self.d_head)
            + rearrange(self.bias(pair), "b i j h -> b h i j")
            - point_scale * weight * between.square().sum(-1)
        )
        weights = (math.sqrt(1 / 3) * scores).softmax(-1)
        scalars = rearrange(weights @ value, "b h n c -> b n (h c)")
        flat = rearrange(value_points, "b h n p x -> b h n (p x)")
        seen = rearrange(weights @ flat, "b h n (p x) -> b n (h p) x", x=3)
        local = frames.invert_apply(seen)
        # The square root's gradient is not finite at zero.
        norms = torch.sqrt(local.square().sum(-1) + 1e-8)
        pairs = einsum(weights, pair, "b h i j, b i j c -> b i h c")
        return self.output(
            torch.cat([scalars, local.flatten(-2), norms, pairs.flatten(-2)], dim=-1)
        )


class BackboneUpdate(nn.Module):
    """A rotation and a translation of each residue, in its local frame.

    Source: supplement, algorithm 23. It starts at no update.
    """

    def __init__(self, d_single: int) -> None:
        super().__init__()
        self.update = nn.Linear(d_single, 6)
        nn.init.zeros_(self.update.weight)
        nn.init.zeros_(self.update.bias)

    def forward(self, single: Float[Tensor, "batch residue d_single"]) -> Frames:
        turn, step = self.update(single).chunk(2, -1)
        return Frames(rotation_from_quaternion(turn), step)
