"""Transfer of a trained network's weights to a new one."""

from collections.abc import Callable

import torch
from torch import nn

Transfer = Callable[[nn.Module, nn.Module], None]
"""Called with the new network and the trained one; it copies weights into the new one."""


def all_layers(new: nn.Module, trained: nn.Module) -> None:
    """All weights. Raises RuntimeError, naming them, where the networks are built differently."""
    new.load_state_dict(trained.state_dict())


@torch.no_grad()
def lowest_layers(new: nn.Module, trained: nn.Module, *, count: int) -> None:
    """The embeddings, and the lowest `count` layers; those above stay as they are.

    Source: Radford et al. 2018, section 5 and figure 2 (left): at 0 the embeddings alone.
    Raises ValueError where there are not so many layers.
    """
    layers = len(trained.stack.blocks)
    if not 0 <= count <= layers:
        raise ValueError(f"{count} layers of {layers} cannot be taken; give 0 to {layers}")
    new.embedding.load_state_dict(trained.embedding.state_dict())
    new.positions.load_state_dict(trained.positions.state_dict())
    for here, there in list(zip(new.stack.blocks, trained.stack.blocks, strict=True))[:count]:
        here.load_state_dict(there.state_dict())
    if count == layers:
        new.stack.final_norm.load_state_dict(trained.stack.final_norm.state_dict())


@torch.no_grad()
def into_fewer_layers(new: nn.Module, trained: nn.Module) -> None:
    """The embeddings and as many of the lowest layers as the new network has.

    Raises ValueError where it has more than the trained one.
    """
    layers = len(new.stack.blocks)
    if layers > len(trained.stack.blocks):
        raise ValueError(f"{layers} layers cannot be filled by {len(trained.stack.blocks)}")
    new.embedding.load_state_dict(trained.embedding.state_dict())
    new.positions.load_state_dict(trained.positions.state_dict())
    for here, there in zip(new.stack.blocks, trained.stack.blocks, strict=False):
        here.load_state_dict(there.state_dict())
