"""What a baseline leaves behind: a vector a word, and no way to go on training."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class FixedVectors:
    """Vectors by the ids of our vocabulary."""

    vectors: Float[Tensor, "word d"]
