"""Positional encodings that are added to the embeddings of the tokens."""

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn


def sinusoids(max_length: int, d_model: int) -> Float[Tensor, "position d"]:
    """Sines in the even columns, cosines in the odd ones, of wavelengths from 2 pi to 20,000 pi.

    Source: Vaswani et al. 2017, section 3.5: sin(pos / 10000^(2i / d)) and the cosine beside it.
    """
    position = torch.arange(max_length, dtype=torch.float64)[:, None]
    frequency = torch.exp(
        torch.arange(0, d_model, 2, dtype=torch.float64) * (-math.log(10_000.0) / d_model)
    )
    angles = position * frequency
    return torch.stack((angles.sin(), angles.cos()), -1).flatten(1)[:, :d_model].float()


class Positions(nn.Module):
    """Adds to each token the vector of its position; `start` is the position of the first one.

    Raises ValueError for a position at or past `max_length`.
    """

    table: Tensor

    def forward(
        self, tokens: Float[Tensor, "batch time d"], start: int = 0
    ) -> Float[Tensor, "batch time d"]:
        end = start + tokens.shape[1]
        if end > len(self.table):
            raise ValueError(
                f"{end} positions, but only {len(self.table)} have a vector; shorten the text, or "
                "build the model with a greater `max_length`"
            )
        return tokens + self.table[start:end]


class Sinusoidal(Positions):
    """Fixed sinusoidal positional encoding (`sinusoids`)."""

    def __init__(self, max_length: int, d_model: int) -> None:
        super().__init__()
        self.register_buffer("table", sinusoids(max_length, d_model), persistent=False)


class LearnedPositions(Positions):
    """A learned vector for each position, drawn like the embeddings with a standard deviation of 1.

    Source: Vaswani et al. 2017, table 3, row E, after Gehring et al. 2017.
    """

    def __init__(self, max_length: int, d_model: int) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.randn(max_length, d_model))


class NoPositions(nn.Module):
    """Adds nothing: the control, and for attention with rotary positions."""

    def __init__(self, max_length: int, d_model: int) -> None:
        super().__init__()

    def forward(
        self, tokens: Float[Tensor, "batch time d"], start: int = 0
    ) -> Float[Tensor, "batch time d"]:
        return tokens
