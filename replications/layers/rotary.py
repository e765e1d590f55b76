"""Rotary position embedding: pairs of dimensions of queries and keys are rotated by the position.

The product of a rotated query and a rotated key depends on their positions only by their distance.
Which two dimensions make a pair is a convention, and weights are trained for one: those of the
paper and of Meta's files pair neighbours, those of transformers pair the two halves.
`halves_from_neighbours` converts weights of the one kind into the other.
"""

from collections.abc import Callable

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn

Pairing = Callable[
    [Float[Tensor, "*batch time k"], Float[Tensor, "time half"], Float[Tensor, "time half"]],
    Float[Tensor, "*batch time k"],
]
"""Called with vectors and the cosine and sine of each pair's angle: the vectors, rotated."""


def neighbours(
    vectors: Float[Tensor, "*batch time k"],
    cos: Float[Tensor, "time half"],
    sin: Float[Tensor, "time half"],
) -> Float[Tensor, "*batch time k"]:
    """Pairs dimensions 2i and 2i + 1. Source: Su et al. 2021 (arXiv:2104.09864), equation 34."""
    first, second = vectors[..., 0::2], vectors[..., 1::2]
    return torch.stack((first * cos - second * sin, second * cos + first * sin), -1).flatten(-2)


def halves(
    vectors: Float[Tensor, "*batch time k"],
    cos: Float[Tensor, "time half"],
    sin: Float[Tensor, "time half"],
) -> Float[Tensor, "*batch time k"]:
    """Pairs dimensions i and i + k/2. Source: transformers, `apply_rotary_pos_emb`."""
    first, second = vectors.chunk(2, -1)
    return torch.cat((first * cos - second * sin, second * cos + first * sin), -1)


def rotary_angles(
    positions: Float[Tensor, " time"], d_head: int, *, base: float = 10_000.0
) -> Float[Tensor, "time half"]:
    """Position times base^(-2i / d_head) for the pair i. Units: radians.

    Source: Su et al. 2021, section 3.2.2 and equation 15: the frequencies of sinusoids.
    """
    frequency = base ** (-torch.arange(0, d_head, 2, device=positions.device).double() / d_head)
    return (positions.double()[:, None] * frequency).float()


class Rotary(nn.Module):
    """Rotates the vectors of a head by their positions; it has no parameters.

    Source: Su et al. 2021 (arXiv:2104.09864), section 3.2; Touvron et al. 2023
    (arXiv:2302.13971), section 2.2. `pairing` is that of the published weights (see the module).
    Raises ValueError for an odd number of dimensions.
    """

    def __init__(self, d_head: int, *, base: float = 10_000.0, pairing: Pairing = halves) -> None:
        super().__init__()
        if d_head % 2:
            raise ValueError(f"{d_head} dimensions a head cannot be paired; give an even number")
        self.d_head, self.base, self.pairing = d_head, base, pairing
        # No buffer: it is made for the device and length needed, also after a start on `meta`.
        self._turns: tuple[Tensor, Tensor] | None = None

    def forward(
        self, vectors: Float[Tensor, "*batch time k"], start: int = 0
    ) -> Float[Tensor, "*batch time k"]:
        """The rotated vectors, of which the first is at position `start`."""
        end = start + vectors.shape[-2]
        cos, sin = self._turns_until(end, vectors.device)
        return self.pairing(vectors, cos[start:end], sin[start:end]).type_as(vectors)

    def _turns_until(self, end: int, device: torch.device) -> tuple[Tensor, Tensor]:
        known = self._turns
        if known is None or len(known[0]) < end or known[0].device != device:
            # Longer than needed, so that decoding does not make new ones for each token.
            length = max(64, 1 << (end - 1).bit_length())
            # Tensors made in inference mode could not be used in training afterwards.
            with torch.inference_mode(False), torch.no_grad():
                positions = torch.arange(length, device=device).float()
                angles = rotary_angles(positions, self.d_head, base=self.base)
                known = self._turns = angles.cos(), angles.sin()
        return known

    def extra_repr(self) -> str:
        return f"d_head={self.d_head}, base={self.base:g}, pairing={self.pairing.__name__}"


def halves_from_neighbours(
    weight: Float[Tensor, "width *d"], heads: int
) -> Float[Tensor, "width *d"]:
    """Reorder the rows of a query or key projection from `neighbours` to `halves`.

    That is from the order of Meta's files to that of transformers' files.
    """
    return rearrange(weight, "(h half two) ... -> (h two half) ...", h=heads, two=2)
