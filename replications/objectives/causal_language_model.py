"""Causal language modelling as a Lightning module."""

from collections.abc import Callable

import torch

from replications.corpora.batches.token_stream import StreamTokenizer, TextBatch
from replications.models.language_model import LanguageModel
from replications.objectives.scheduled import ScheduledTraining
from replications.objectives.schedules import Schedule
from replications.objectives.smoothed_cross_entropy import smoothed_cross_entropy

# No id is negative: the mean is over all labels.
_NOTHING = -1


class CausalLanguageModel(ScheduledTraining):
    """Predicts each token of a sequence from those before it.

    Source: Radford et al. 2018, equation 1. `model` is called with the size of the vocabulary. The
    loss is the mean over tokens, in nats.
    """

    shareable = True

    def __init__(
        self,
        vocabulary: StreamTokenizer,
        seed: int,
        *,
        model: Callable[[int], LanguageModel],
        schedule: Schedule,
        optimiser: Callable[..., torch.optim.Optimizer] = torch.optim.AdamW,
        clip: float | None = 1.0,
    ) -> None:
        super().__init__(schedule, optimiser, clip)
        self.model = model(len(vocabulary))

    def training_step(self, batch: TextBatch, number: int) -> torch.Tensor:
        read = batch.ids[:, :-1]
        self.count(read.numel(), read)
        loss = self.loss(batch)
        self.log_loss(loss, read.numel())
        return self.weighed(loss)

    def loss(self, batch: TextBatch) -> torch.Tensor:
        """The mean cross-entropy over all tokens but the first of each sequence."""
        read, predicted = batch.ids[:, :-1], batch.ids[:, 1:]
        return smoothed_cross_entropy(
            self.model(read).flatten(0, 1), predicted.flatten(), ignored=_NOTHING, inplace=True
        )[0]
