"""Hooks that record what a network computes inside, without a change of any layer's signature."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from jaxtyping import Float
from torch import Tensor, nn


class HookPoint(nn.Module):
    """An identity layer, at which `watching` records the tensor that passes.

    It has no parameters, so it does not appear in a state dict.
    """

    @property
    def watched(self) -> bool:
        """Whether a hook is attached: a kernel that never makes the tensor cannot be used then."""
        return bool(self._forward_hooks)

    def forward(self, value: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        return value


def is_watched(part: nn.Module) -> bool:
    """Whether any HookPoint of the part is watched."""
    return any(isinstance(module, HookPoint) and module.watched for module in part.modules())


@contextmanager
def outputs_of(modules: Iterable[nn.Module]) -> Iterator[list[Any]]:
    """Collects the output of each call of the modules, in the order of calls."""
    outputs: list[Any] = []

    def keep(module: nn.Module, inputs: tuple, output: Any) -> None:
        outputs.append(output)

    with ExitStack() as hooks:
        for module in modules:
            hooks.callback(module.register_forward_hook(keep).remove)
        yield outputs


@contextmanager
def watching(*parts: nn.Module) -> Iterator[list[Tensor]]:
    """Collects the attention weights of all attention layers in these parts, in the order of calls.

        with watching(model) as weights:
            model(ids)

    Each is [*batch, target, source], [batch, head, target, source] for multi-head attention, and
    each of its rows sums to 1, but for dropout in training. Watching changes no
    results.
    """
    points = (
        module for part in parts for module in part.modules() if isinstance(module, HookPoint)
    )
    with outputs_of(points) as weights:
        yield weights
