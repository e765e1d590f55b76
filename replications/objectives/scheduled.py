"""Base class of objectives with a torch optimiser: learning-rate schedule, gradient clipping."""

from collections.abc import Callable
from typing import Any

import torch

from replications.objectives.operations import CountsOperations
from replications.objectives.schedules import Schedule


class ScheduledTraining(CountsOperations):
    """A module whose learning rate is set by `schedule` before each update.

    `optimiser` is called with the parameters. `clip` limits the norm of the gradient over all of
    them.
    """

    def __init__(
        self,
        schedule: Schedule,
        optimiser: Callable[..., torch.optim.Optimizer],
        clip: float | None,
    ) -> None:
        super().__init__()
        self.schedule, self.optimiser, self.clip = schedule, optimiser, clip

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return self.optimiser(self.parameters(), lr=0.0)

    def on_train_batch_start(self, batch: Any, number: int) -> None:
        steps, epochs = self.trainer.num_training_batches, self.trainer.max_epochs
        # All shares of a batch make one update.
        number -= number % self.parts
        done = (self.current_epoch + number / steps) / epochs
        learning_rate = self.schedule(self.global_step, done)
        for group in self.trainer.optimizers[0].param_groups:
            group["lr"] = learning_rate

    def on_before_optimizer_step(self, optimizer: torch.optim.Optimizer) -> None:
        if self.clip is not None:
            torch.nn.utils.clip_grad_norm_(self.parameters(), self.clip)
