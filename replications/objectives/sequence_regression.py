"""Sequence regression as a Lightning module: mean squared error at the last step."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from replications.corpora.batches.long_lag import LongLagBatch
from replications.layers.recurrent import RecurrentLayer
from replications.models.sequence_regression import SequenceRegression
from replications.objectives.operations import CountsOperations


class SequenceRegressionObjective(CountsOperations):
    """Predicts the real-valued targets of each sequence; trained with Adam.

    `layer` is called with `features`, the dimensions of a step's input, and gives the recurrent
    layer; `outputs` is the number of targets. Both are by default those of the adding problem.
    `clip` limits the norm of the gradient over all parameters. The loss is the mean squared error.

    Departure from Hochreiter and Schmidhuber 1997: batches, Adam and full backpropagation through
    time, where the paper learns online, sequence by sequence, and truncates the gradient. Numbers
    of training sequences until success cannot be compared.
    """

    shareable = True

    def __init__(
        self,
        vocabulary: object,
        seed: int,
        *,
        layer: Callable[[int], RecurrentLayer],
        learning_rate: float,
        clip: float,
        features: int = 2,
        outputs: int = 1,
    ) -> None:
        super().__init__()
        self.model = SequenceRegression(layer(features), outputs)
        self.learning_rate, self.clip = learning_rate, clip

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.Adam(self.parameters(), lr=self.learning_rate)

    def training_step(self, batch: LongLagBatch, number: int) -> Float[Tensor, ""]:
        self.count(batch.inputs.shape[:2].numel(), batch.inputs, batch.lengths)
        loss = functional.mse_loss(self.model(batch.inputs, batch.lengths), batch.targets)
        self.log_loss(loss, len(batch.targets))
        return self.weighed(loss)

    def on_before_optimizer_step(self, optimizer: torch.optim.Optimizer) -> None:
        torch.nn.utils.clip_grad_norm_(self.parameters(), self.clip)
