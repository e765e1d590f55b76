"""Seeing what a network computes inside, without a word of it in any layer's signature."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from jaxtyping import Float
from torch import Tensor, nn


class HookPoint(nn.Module):
    """Hands a tensor on as it is: a place in a layer that `watching` can look at.

    It has no weights, so that a network's saved state does not know of it.
    """

    @property
    def watched(self) -> bool:
        """Whether somebody looks: a kernel that never makes the tensor will not do then."""
        return bool(self._forward_hooks)

    def forward(self, value: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        return value


def is_watched(part: nn.Module) -> bool:
    """Whether somebody looks into the part."""
    return any(isinstance(module, HookPoint) and module.watched for module in part.modules())


@contextmanager
def outputs_of(modules: Iterable[nn.Module]) -> Iterator[list[Any]]:
    """Collects what each use of the modules gives, in the order of use."""
    outputs: list[Any] = []

    def keep(module: nn.Module, inputs: tuple, output: Any) -> None:
        outputs.append(output)

    with ExitStack() as hooks:
        for module in modules:
            hooks.callback(module.register_forward_hook(keep).remove)
        yield outputs


@contextmanager
def watching(*parts: nn.Module) -> Iterator[list[Tensor]]:
    """Collects the attention weights of all attentions in these parts, in the order of use.

        with watching(model) as weights:
            model(ids)

    Each is [*batch, target, source], [batch, head, target, source] for multi-head attention, and
    each of its rows sums to 1, but for dropout in training. The network computes what it computes
    without being watched.
    """
    points = (
        module for part in parts for module in part.modules() if isinstance(module, HookPoint)
    )
    with outputs_of(points) as weights:
        yield weights
