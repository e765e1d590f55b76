"""Residual connections around a sublayer, with the norm after or before it."""

from collections.abc import Callable

from jaxtyping import Float
from torch import Tensor, nn

from replications.layers.dropout import Dropout

Sublayer = Callable[[Float[Tensor, "batch time d"]], Float[Tensor, "batch time d"]]


class PostNorm(nn.Module):
    """norm(x + Dropout(sublayer(x))); `norm` is called with d.

    Source: Vaswani et al. 2017, sections 3.1 and 5.4.
    """

    def __init__(
        self, d_model: int, dropout: float, norm: Callable[[int], nn.Module] = nn.LayerNorm
    ) -> None:
        super().__init__()
        self.norm, self.dropout = norm(d_model), Dropout(dropout)

    def forward(
        self, inputs: Float[Tensor, "batch time d"], sublayer: Sublayer
    ) -> Float[Tensor, "batch time d"]:
        return self.norm(inputs + self.dropout(sublayer(inputs)))

    @staticmethod
    def final_norm(d_model: int, norm: Callable[[int], nn.Module] = nn.LayerNorm) -> nn.Module:
        """The norm after the last block of a stack: none, its output is normalised already."""
        return nn.Identity()


class PreNorm(nn.Module):
    """x + Dropout(sublayer(norm(x))): the residual stream is not normalised.

    `norm` is called with d. Source: Xiong et al. 2020, "On Layer Normalization in the
    Transformer Architecture", section 3.1, "Pre-LN"; the authors' tensor2tensor switched to
    it after the paper.
    """

    def __init__(
        self, d_model: int, dropout: float, norm: Callable[[int], nn.Module] = nn.LayerNorm
    ) -> None:
        super().__init__()
        self.norm, self.dropout = norm(d_model), Dropout(dropout)

    def forward(
        self, inputs: Float[Tensor, "batch time d"], sublayer: Sublayer
    ) -> Float[Tensor, "batch time d"]:
        return inputs + self.dropout(sublayer(self.norm(inputs)))

    @staticmethod
    def final_norm(d_model: int, norm: Callable[[int], nn.Module] = nn.LayerNorm) -> nn.Module:
        """The norm after the last block of a stack, whose output is not normalised yet."""
        return norm(d_model)
