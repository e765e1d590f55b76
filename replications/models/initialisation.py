"""Initialisation of weights. Each is called with the whole network, once it is built.

A shared weight is drawn once. Biases start at 0, and the gains of norms at 1.
"""

import torch
from torch import nn

from replications.layers.positions import Positions
from replications.models.stack import Block


def normal(model: nn.Module, *, std: float = 0.02) -> None:
    """Every matrix normal. Source: Radford et al. 2018, section 4.1 (0.02)."""
    for weight in _matrices(model):
        nn.init.normal_(weight, std=std)


def truncated_normal(model: nn.Module, *, std: float = 0.02) -> None:
    """Every matrix normal, truncated at two standard deviations.

    Source: the code beside Devlin et al. 2019 (google-research/bert, modeling.py); the paper does
    not give the initialisation.
    """
    for weight in _matrices(model):
        nn.init.trunc_normal_(weight, std=std, a=-2 * std, b=2 * std)


@torch.no_grad()
def scaled_normal(model: nn.Module, *, std: float = 0.02, positions: float = 0.01) -> None:
    """Every matrix normal; those that write into the residual stream divided by sqrt(N).

    Source: Radford et al. 2019, section 2.3: "scale the weights of residual layers at
    initialization by a factor of 1/sqrt(N) where N is the number of residual layers". The two
    standard deviations are those of the code beside the paper (openai/gpt-2, src/model.py).

    Departure: the paper does not say what counts as a residual layer, and its code does not scale.
    Here, as in Megatron-LM and transformers, a block has two, whose last matrices are scaled.
    """
    normal(model, std=std)
    for part in model.modules():
        if isinstance(part, Positions):
            part.table.mul_(positions / std)
    blocks = [part for part in model.modules() if isinstance(part, Block)]
    for block in blocks:
        for writes in (block.attention.output, block.feed_forward.outer):
            writes.weight.div_((2 * len(blocks)) ** 0.5)


def _matrices(model: nn.Module) -> list[nn.Parameter]:
    for part in model.modules():
        if isinstance(part, nn.Linear) and part.bias is not None:
            nn.init.zeros_(part.bias)
    return [weight for weight in model.parameters() if weight.dim() > 1]
