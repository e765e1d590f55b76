"""How many floating-point operations a training takes, for objectives that torch differentiates."""

from collections.abc import Callable
from typing import Any

import lightning
import torch
from torch.utils.flop_counter import FlopCounterMode


class CountsOperations(lightning.LightningModule):
    """A module whose `model` is trained, and whose `flops` the training clock reads and resets."""

    def __init__(self) -> None:
        super().__init__()
        self.flops = 0.0
        self.flops_a_unit: float | None = None

    def count(self, units: int, *inputs: Any, of: Callable[..., Any] | None = None) -> None:
        """Adds a batch's operations: forward, and twice as many backward, padding included.

        Products are counted once, in the first batch, and taken as proportional to the units. They
        are those of `model` or, where a loss takes more than that, of the function `of`.
        """
        if self.flops_a_unit is None:
            counter = FlopCounterMode(display=False)
            training = self.model.training
            self.model.eval()  # dropout would draw, and a run that goes on draw differently
            with torch.no_grad(), counter:
                (of or self.model)(*inputs)
            self.model.train(training)
            self.flops_a_unit = counter.get_total_flops() / units
        self.flops += 3 * self.flops_a_unit * units

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        checkpoint["flops_a_unit"] = self.flops_a_unit

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        self.flops_a_unit = checkpoint["flops_a_unit"]
