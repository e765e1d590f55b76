"""Position-wise feed-forward networks of a Transformer layer."""

from collections.abc import Callable

from jaxtyping import Float
from torch import Tensor, nn


class FeedForward(nn.Module):
    """activation(x W1 + b1) W2 + b2, where the activation is a ReLU unless another is given.

    Source: Vaswani et al. 2017, equation 2. The GPTs and BERT use a GELU (Hendrycks and Gimpel
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


class GatedFeedForward(nn.Module):
    """(activation(x W) * (x V)) W2: one projection gates the other.

    Source: Shazeer 2020 (arXiv:2002.05202), equation 6, where the activation is a SiLU and the
    whole is named SwiGLU. `linear` makes the three projections; LLaMA's have no biases. In the
    code, W is `gate`, V is `inner` and W2 is `outer`.
    """

    def __init__(
        self,
        d_model: int,
        d_ff: int,
        *,
        activation: Callable[[], nn.Module] = nn.SiLU,
        linear: Callable[[int, int], nn.Module] = nn.Linear,
    ) -> None:
        super().__init__()
        self.activation = activation()
        self.gate, self.inner = linear(d_model, d_ff), linear(d_model, d_ff)
        self.outer = linear(d_ff, d_model)

    def forward(self, inputs: Float[Tensor, "batch time d"]) -> Float[Tensor, "batch time d"]:
        return self.outer(self.activation(self.gate(inputs)) * self.inner(inputs))


def swiglu_width(d_model: int, *, multiple_of: int = 256, multiplier: float = 1.0) -> int:
    """Two thirds of 4 d, so that three matrices have the parameters of two, rounded up.

    Source: Touvron et al. 2023 (arXiv:2302.13971), section 2.2, for 2/3 4d; the code beside it
    (meta-llama/llama, model.py) for rounding up to a multiple of 256. Llama 2's 70B widens it by a
    `multiplier` of 1.3 and rounds to 4,096, to spend what grouped queries save.
    """
    width = int(multiplier * int(2 * 4 * d_model / 3))
    return -(-width // multiple_of) * multiple_of
