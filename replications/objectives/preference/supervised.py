"""Supervised fine-tuning on demonstrations as a Lightning module."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from replications.corpora.batches.conversations.prompted import DemonstrationBatch
from replications.models.transfer import Transfer, all_layers
from replications.objectives.scheduled import ScheduledTraining
from replications.objectives.schedules import Schedule
from replications.objectives.smoothed_cross_entropy import smoothed_cross_entropy

_PROMPT = -1


class SupervisedFineTuning(ScheduledTraining):
    """Predicts each token of the answers, and none of the prompts.

    Source: Ouyang et al. 2022, section 3.5. `model` is called with the size of the vocabulary;
    `transfer` copies the weights of the trained network that the run starts from. The loss is the
    mean over the answers' tokens, <end> included, in nats.
    """

    shareable = True

    def __init__(
        self,
        vocabulary: object,
        seed: int,
        start: Any = None,
        *,
        model: Callable[[int], nn.Module],
        schedule: Schedule,
        transfer: Transfer = all_layers,
        optimiser: Callable[..., torch.optim.Optimizer] = torch.optim.AdamW,
        clip: float | None = 1.0,
    ) -> None:
        super().__init__(schedule, optimiser, clip)
        self.model = model(len(vocabulary))
        if start is not None:
            transfer(self.model, start.model)

    def training_step(self, batch: DemonstrationBatch, number: int) -> Tensor:
        read = batch.ids[:, :-1]
        self.count(read.numel(), read)
        loss = self.loss(batch)
        self.log_loss(loss, self.units(batch)[0])
        return self.weighed(loss)

    def units(self, batch: DemonstrationBatch) -> tuple[int, ...]:
        """The number of its answers' tokens."""
        return (int(batch.answers[:, 1:].sum()),)

    def loss(self, batch: DemonstrationBatch) -> Tensor:
        """The mean cross-entropy over the tokens of the answers."""
        labels = batch.ids[:, 1:].masked_fill(~batch.answers[:, 1:], _PROMPT)
        logits = self.model(batch.ids[:, :-1])
        return smoothed_cross_entropy(logits.flatten(0, 1), labels.flatten(), ignored=_PROMPT)[0]
