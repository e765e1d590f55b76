"""GloVe's log-bilinear model of co-occurrence counts."""

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn


class LogBilinear(nn.Module):
    """Predicts log X_ij by w_i · w~_j + b_i + b~_j.

    Source: Pennington et al. 2014, equation 7; initialisation as in glove.c, uniform within
    ±0.5 / (d + 1), biases included.
    """

    def __init__(self, words: int, dimension: int, generator: torch.Generator) -> None:
        super().__init__()

        def start(*shape: int) -> nn.Parameter:
            drawn = torch.rand(*shape, generator=generator) - 0.5
            return nn.Parameter(drawn / (dimension + 1))

        self.word = nn.Embedding(words, dimension, _weight=start(words, dimension).data)
        self.context = nn.Embedding(words, dimension, _weight=start(words, dimension).data)
        self.word_bias = start(words)
        self.context_bias = start(words)

    def forward(
        self, words: Int64[Tensor, " cell"], contexts: Int64[Tensor, " cell"]
    ) -> Float[Tensor, " cell"]:
        products = (self.word(words) * self.context(contexts)).sum(1)
        return products + self.word_bias[words] + self.context_bias[contexts]
