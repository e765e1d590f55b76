"""Supervised fine-tuning on instructions as a Lightning module."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from replications.corpora.batches.instruction_batches import AnswerBatch
from replications.corpora.batches.masking import IGNORE_INDEX
from replications.corpora.batches.token_stream import StreamTokenizer
from replications.errors import ReplicationError
from replications.models.language_model import LanguageModel
from replications.objectives.scheduled import ScheduledTraining
from replications.objectives.schedules import Schedule
from replications.objectives.smoothed_cross_entropy import smoothed_cross_entropy


class InstructionTuning(ScheduledTraining):
    """Predicts each token of an answer from the instruction and the answer's tokens before it.

    Source: Touvron et al. 2023 (arXiv:2307.09288), section 3.1. `model` is called with the size of
    the vocabulary, and takes all weights of the trained model that the run starts from; without one
    a ReplicationError is raised. The loss is the mean over the answers' tokens, in nats.
    """

    shareable = True

    def __init__(
        self,
        vocabulary: StreamTokenizer,
        seed: int,
        start: Any = None,
        *,
        model: Callable[[int], LanguageModel],
        schedule: Schedule,
        optimiser: Callable[..., torch.optim.Optimizer] = torch.optim.AdamW,
        clip: float | None = 1.0,
    ) -> None:
        super().__init__(schedule, optimiser, clip)
        if start is None:
            raise ReplicationError(
                "Instruction tuning begins with a trained model: give the recipe a `start`."
            )
        self.model = model(len(vocabulary))
        self.model.load_state_dict(start.model.state_dict())

    def training_step(self, batch: AnswerBatch, number: int) -> Tensor:
        read = batch.ids[:, :-1]
        self.count(read.numel(), read)
        loss = self.loss(batch)
        self.log_loss(loss, self.units(batch)[0])
        return self.weighed(loss)

    def units(self, batch: AnswerBatch) -> tuple[int, ...]:
        """The number of its answers' tokens."""
        return (int((batch.labels[:, 1:] != IGNORE_INDEX).sum()),)

    def loss(self, batch: AnswerBatch) -> Tensor:
        """The mean cross-entropy over the labels."""
        logits = self.model(batch.ids[:, :-1]).flatten(0, 1)
        labels = batch.labels[:, 1:].flatten()
        return smoothed_cross_entropy(logits, labels, ignored=IGNORE_INDEX)[0]
