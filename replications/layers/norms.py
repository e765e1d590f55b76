"""Normalisation layers beside torch.nn.LayerNorm."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class RMSNorm(nn.Module):
    """x over its root mean square, times a gain: LayerNorm without the mean and the bias.

    Source: Zhang and Sennrich 2019 (arXiv:1910.07467), equation 4; Touvron et al. 2023
    (arXiv:2302.13971), section 2.2. The square is taken in float32, as in the code beside the
    latter (meta-llama/llama, model.py), with its `eps` of 1e-6; Llama 2 has 1e-5.
    """

    def __init__(self, d_model: int, *, eps: float = 1e-6) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(d_model))

    def forward(self, inputs: Float[Tensor, "*batch d"]) -> Float[Tensor, "*batch d"]:
        x = inputs.float()
        x = x * torch.rsqrt(x.square().mean(-1, keepdim=True) + self.eps)
        return x.type_as(inputs) * self.weight

    def extra_repr(self) -> str:
        return f"{len(self.weight)}, eps={self.eps:g}"
