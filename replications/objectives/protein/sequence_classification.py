"""Binary classification of sequences."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from replications.corpora.batches.proteins.labelled_sequences import SequenceBatch
from replications.decoding.inference import inference
from replications.models.protein.sequence_classifier import SequenceClassifier
from replications.objectives.optimisers import adamw
from replications.objectives.scheduled import ScheduledTraining
from replications.objectives.schedules import Schedule


class SequenceClassification(ScheduledTraining):
    """The cross-entropy of a binary label, in nats per sequence."""

    def __init__(
        self,
        vocabulary: object,
        seed: int,
        *,
        model: Callable[[], SequenceClassifier],
        schedule: Schedule,
        optimiser: Callable[..., torch.optim.Optimizer] = adamw,
        clip: float | None = 1.0,
    ) -> None:
        super().__init__(schedule, optimiser, clip)
        self.model = model()

    def training_step(self, batch: SequenceBatch, number: int) -> Float[Tensor, ""]:
        self.count(batch.sequences.numel(), batch.sequences)
        logits = self.model(batch.sequences)
        loss = functional.binary_cross_entropy_with_logits(logits, batch.labels)
        self.log("loss", loss, on_step=False, on_epoch=True, batch_size=len(logits))
        return loss

    def scores(self, batch: SequenceBatch) -> Float[Tensor, " example"]:
        """The logit of each sequence."""
        with inference(self):
            return self.model(batch.sequences.to(self.device)).cpu()
