"""The position-wise network between two attentions."""

from collections.abc import Callable

from jaxtyping import Float
from torch import Tensor, nn


class FeedForward(nn.Module):
    """activation(x W1 + b1) W2 + b2, with max(0, .) for an activation unless another is given.

    Source: Vaswani et al. 2017, equation 2. The GPTs and BERT take a GELU (Hendrycks and Gimpel
    2016): `partial(nn.GELU, approximate="tanh")`, or the exact `nn.GELU`.
    """

    def __init__(
        self, d_model: int, d_ff: int, *, activation: Callable[[], nn.Module] = nn.ReLU
    ) -> None:
        super().__init__()
        self.activation = activation()
        self.inner, self.outer = nn.Linear(d_model, d_ff), nn.Linear(d_ff, d_model)
        for layer in (self.inner, self.outer):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, inputs: Float[Tensor, "batch time d"]) -> Float[Tensor, "batch time d"]:
        return self.outer(self.activation(self.inner(inputs)))
