"""The position-wise network between two attentions."""

from jaxtyping import Float
from torch import Tensor, nn


class FeedForward(nn.Module):
    """max(0, x W1 + b1) W2 + b2. Source: Vaswani et al. 2017, equation 2."""

    def __init__(self, d: int, inner: int) -> None:
        super().__init__()
        self.inner, self.outer = nn.Linear(d, inner), nn.Linear(inner, d)
        for layer in (self.inner, self.outer):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, inputs: Float[Tensor, "batch time d"]) -> Float[Tensor, "batch time d"]:
        return self.outer(self.inner(inputs).relu())
