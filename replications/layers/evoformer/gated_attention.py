"""Self-attention whose heads are gated, with a bias on the scores."""

import math

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn


class GatedSelfAttention(nn.Module):
    """sigmoid(gate) · attention, where a bias may be added to the scores.

    Source: Jumper et al. 2021, supplement, algorithms 7, 8, 13 and 14 all have it. The output
    starts at zero, so that a residual block starts as the identity; the gate starts at sigmoid(1).
    Queries, keys, values and gates are one matrix product, as they read the same input.

    `gated` False leaves the gate out.
    """

    def __init__(self, d_model: int, heads: int, d_head: int, *, gated: bool = True) -> None:
        super().__init__()
        self.heads, self.gated = heads, gated
        width = heads * d_head
        self.projections = nn.Linear(d_model, 3 * width, bias=False)
        self.gate = nn.Linear(d_model, width) if gated else None
        self.output = nn.Linear(width, d_model)
        for part in self.projections.weight.chunk(3):
            nn.init.xavier_uniform_(part.detach())
        if self.gate is not None:
            nn.init.zeros_(self.gate.weight)
            nn.init.ones_(self.gate.bias)
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)

    def forward(
        self,
        inputs: Float[Tensor, "*batch position d"],
        bias: Float[Tensor, "*#batch head position position"] | None,
    ) -> Float[Tensor, "*batch position d"]:
        # Channels before positions: heads are narrow, and a matrix product is fast along its longer
        # side.
        rows = self.projections.weight @ inputs.flatten(0, -2).T
        query, key, value = rearrange(
            rows.unflatten(1, inputs.shape[:-1]),
            "(three h c) ... n -> three ... h c n",
            three=3,
            h=self.heads,
        ).contiguous()
        scores = key.transpose(-1, -2) @ (query / math.sqrt(query.shape[-2]))
        if bias is not None:
            scores += rearrange(bias, "... query key -> ... key query").contiguous()
        mixed = value @ scores.softmax(-2)
        mixed = rearrange(mixed, "... h c n -> ... n (h c)")
        if self.gate is not None:
            mixed = mixed * torch.sigmoid(self.gate(inputs))
        return self.output(mixed)
