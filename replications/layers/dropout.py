"""Dropout that draws one random byte per element."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Dropout(nn.Module):
    """Sets a share of the elements to zero in training and scales the others to keep the mean.

    Source: Srivastava et al. 2014.
    Departure: the share is rounded to a multiple of 1/256, and the scale follows the rounded one.
    One byte decides on each element, eight come from one draw: on a CPU, torch.nn.Dropout's draw
    for each element takes as long as a matrix product.

    Raises ValueError for a share outside [0, 1), and for one that is rounded to 1.
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        if not 0 <= p < 1 or round(p * 256) == 256:
            raise ValueError(f"a share of {p} cannot be dropped; give one from 0 to 255/256")
        self.dropped = round(p * 256)

    @property
    def p(self) -> float:
        """The share that is dropped, after rounding."""
        return self.dropped / 256

    def forward(self, inputs: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        if not self.training or self.dropped == 0:
            return inputs
        draws = torch.empty(-(-inputs.numel() // 8), dtype=torch.int64, device=inputs.device)
        # Without limits, random_ fills 63 of 64 bits: the top bit is always 0.
        bytes_ = draws.random_(-(2**63), None).view(torch.uint8)[: inputs.numel()]
        kept = (bytes_ >= self.dropped).view(inputs.shape)
        return inputs * kept * (256 / (256 - self.dropped))

    def extra_repr(self) -> str:
        return f"p={self.p:g}"
