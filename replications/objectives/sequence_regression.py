"""Numbers learnt from sequences, as a Lightning module: mean squared error at the last step."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

import lightning
import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from replications.layers.recurrent import RecurrentLayer
from replications.models.sequence_regression import SequenceRegression


@runtime_checkable
class LabelledSequences(Protocol):
    """A batch of sequences, padded on the right where `inside` is False, and a number for each."""

    inputs: Float[Tensor, "batch time d"]
    inside: Bool[Tensor, "batch time"]
    target: Float[Tensor, " batch"]


class SequenceRegressionObjective(lightning.LightningModule):
    """Fits the number that belongs to each sequence, with Adam.

    `layer` is called with the numbers of a step, `features`, and gives the recurrent layer. `clip`
    limits the norm of the gradient over all parameters. The loss is the mean squared error.

    Departure from Hochreiter and Schmidhuber 1997: batches, Adam and the whole gradient through
    time, where the paper learns online, sequence by sequence, and truncates the gradient. Numbers
    of sequences until success cannot be compared.
    """

    def __init__(
        self,
        vocabulary: object,
        seed: int,
        *,
        layer: Callable[[int], RecurrentLayer],
        learning_rate: float,
        clip: float,
        features: int = 2,
    ) -> None:
        super().__init__()
        self.model = SequenceRegression(layer(features))
        self.learning_rate, self.clip = learning_rate, clip
        self.flops = 0.0
        self.flops_a_step: float | None = None

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.Adam(self.parameters(), lr=self.learning_rate)

    def training_step(self, batch: LabelledSequences, number: int) -> Float[Tensor, ""]:
        self._count(batch)
        loss = functional.mse_loss(self.model(batch.inputs, batch.inside), batch.target)
        self.log("loss", loss, on_step=False, on_epoch=True, batch_size=len(batch.target))
        return loss

    def on_before_optimizer_step(self, optimizer: torch.optim.Optimizer) -> None:
        torch.nn.utils.clip_grad_norm_(self.parameters(), self.clip)

    def _count(self, batch: LabelledSequences) -> None:
        """Adds the batch's operations: forward, and twice as many backward, padding included.

        Products are counted once, in the first batch, and taken as proportional to the steps.
        """
        steps = batch.inside.numel()
        if self.flops_a_step is None:
            counter = FlopCounterMode(display=False)
            with torch.no_grad(), counter:
                self.model(batch.inputs, batch.inside)
            self.flops_a_step = counter.get_total_flops() / steps
        self.flops += 3 * self.flops_a_step * steps
