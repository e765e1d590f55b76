"""Counts the floating-point operations of training, for objectives that use autograd."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import lightning
import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from replications.layers.recurrent_kernels import by_equations

# More shapes than this are not counted one by one: where each batch has its own, as in translation,
# a count takes longer than an update on a GPU. The sum over an epoch is then 0.3 % off.
_MOST_SHAPES = 100


class CountsOperations(lightning.LightningModule):
    """A module whose `model` is trained, and whose `flops` the training clock reads and resets.

    Where batches are read in shares, `weights` are those of the share's means, and `parts` is how
    many shares a process reads of each batch: see training/shares.py. An objective that returns
    `weighed` means over examples sets `shareable`; others read each batch whole.

    `aside` are the seconds of wall-clock and of CPU time that the counting took; the training clock
    leaves them out.
    """

    shareable = False

    def __init__(self) -> None:
        super().__init__()
        self.weights: tuple[float, ...] | None = None
        self.parts = 1
        self.flops = 0.0
        self.aside = (0.0, 0.0)
        self.flops_by_shape: dict[tuple, float] = {}
        self.units_counted = 0

    def units(self, batch: Any) -> tuple[int, ...]:
        """The number of terms of each mean that a batch's loss adds up: by default its examples."""
        return (min(len(each) for each in batch if isinstance(each, Tensor)),)

    def weighed(self, *means: Tensor) -> Tensor:
        """The sum of the means; for a share of a batch, its contribution to the batch's sum."""
        if self.weights is not None:
            means = tuple(w * mean for w, mean in zip(self.weights, means, strict=True))
        return sum(means[1:], start=means[0])

    def log_loss(self, loss: Tensor, units: int) -> None:
        """Log the mean loss of an epoch, over all processes; a share without weight is left out."""
        size = 0 if self.weights is not None and not self.weights[0] else units
        self.log(
            "loss", loss.detach(), on_step=False, on_epoch=True, batch_size=size, sync_dist=True
        )

    def count(self, units: int, *inputs: Any, of: Callable[..., Any] | None = None) -> None:
        """Adds a batch's operations, forward and backward, padding included.

        Matrix products are counted, once for each shape of the inputs; the number of True entries
        of a mask belongs to its shape. They are those of `model` or, where a loss needs more, of
        the function `of`. The backward pass takes twice as many as the forward pass where all
        weights are trained; where some are frozen, those of the others' gradients.

        `units` are the batch's tokens. Beyond a hundred shapes a batch of a new one is taken to
        need as many operations per token as those counted.
        """
        shape = tuple(_shape(each) for each in inputs)
        if shape not in self.flops_by_shape:
            if len(self.flops_by_shape) >= _MOST_SHAPES:
                counted = sum(self.flops_by_shape.values())
                self.flops += counted / self.units_counted * units
                return
            wall, processor = time.perf_counter(), time.process_time()
            self.flops_by_shape[shape] = self.operations_of(of or self.model, inputs)
            taken = time.perf_counter() - wall, time.process_time() - processor
            self.aside = self.aside[0] + taken[0], self.aside[1] + taken[1]
            self.units_counted += units
        self.flops += self.flops_by_shape[shape]

    def operations_of(self, function: Callable[..., Any], inputs: tuple[Any, ...]) -> float:
        weights = [weight for weight in self.model.parameters() if weight.requires_grad]
        all_trained = len(weights) == len(list(self.model.parameters()))
        counter = FlopCounterMode(display=False)
        training = self.model.training
        self.model.eval()  # dropout would draw, and a resumed run draw differently
        # A fused kernel over many steps would count as no operations.
        with torch.set_grad_enabled(not all_trained), by_equations(), counter:
            outputs = [each for each in _tensors(function(*inputs)) if each.requires_grad]
            if outputs:
                ones = [torch.ones_like(each) for each in outputs]
                torch.autograd.grad(outputs, weights, ones, allow_unused=True)
        self.model.train(training)
        return float(counter.get_total_flops() * (3 if all_trained else 1))

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        checkpoint["flops_by_shape"] = self.flops_by_shape
        checkpoint["units_counted"] = self.units_counted

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        self.flops_by_shape = checkpoint.get("flops_by_shape", {})
        self.units_counted = checkpoint.get("units_counted", 0)


def _shape(value: Any) -> Any:
    if not isinstance(value, Tensor):
        return value
    marked = int(value.sum()) if value.dtype == torch.bool else -1
    return (*value.shape, marked)


def _tensors(outputs: Any) -> Iterator[Tensor]:
    if isinstance(outputs, Tensor):
        yield outputs
    elif isinstance(outputs, list | tuple):
        for each in outputs:
            yield from _tensors(each)
