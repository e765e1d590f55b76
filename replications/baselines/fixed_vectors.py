"""The word vectors of a baseline, which cannot be trained further."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class FixedVectors:
    """Vectors by the ids of our vocabulary."""

    vectors: Float[Tensor, "word d"]
