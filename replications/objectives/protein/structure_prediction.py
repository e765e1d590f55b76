"""Structure prediction: trained on frames or on the distances between them."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from replications.corpora.batches.proteins.distance_completion import CompletionBatch
from replications.decoding.inference import inference
from replications.layers.geometry.frames import Frames, frames_from_points
from replications.models.protein.completion_network import StructureNetwork
from replications.models.protein.structure_module import Structure
from replications.objectives.optimisers import adamw
from replications.objectives.protein.local_distance import local_distance_difference
from replications.objectives.protein.losses import (
    confidence_loss,
    frame_aligned_point_error,
    point_distances,
)
from replications.objectives.scheduled import ScheduledTraining
from replications.objectives.schedules import Schedule

CONFIDENCE_WEIGHT = 0.01
"""Supplement, section 1.9 (equation 7)."""

FrameLoss = Callable[[Frames, Frames], Float[Tensor, ""]]


class StructurePrediction(ScheduledTraining):
    """Predicts frames; the loss is the mean of `loss` over the layers plus the confidence loss.

    Source: Jumper et al. 2021, supplement, equation 7 and algorithm 20: the loss is taken on each
    layer's frames, and once more on the last. Departure: without side chains the final loss is that
    of the backbone, and `clamp_share` of the batches is clamped (the paper's 0.9).
    """

    def __init__(
        self,
        vocabulary: object,
        seed: int,
        *,
        model: Callable[[], StructureNetwork],
        schedule: Schedule,
        loss: FrameLoss = frame_aligned_point_error,
        clamp_share: float = 0.9,
        optimiser: Callable[..., torch.optim.Optimizer] = adamw,
        clip: float | None = 1.0,
    ) -> None:
        super().__init__(schedule, optimiser, clip)
        self.model, self.frame_loss, self.clamp_share = model(), loss, clamp_share

    def training_step(self, batch: CompletionBatch, number: int) -> Float[Tensor, ""]:
        shapes = (batch.residues, batch.shown, torch.zeros_like(batch.observed))
        self.count(batch.residues.numel(), *shapes)
        structure = self.model(batch.residues, batch.shown, batch.observed)
        true = frames_from_points(batch.backbone)
        clamp = 10.0 if float(torch.rand(())) < self.clamp_share else None
        losses = [self.frame_loss(frames, true, clamp=clamp) for frames in structure.layers]
        found = point_distances(structure.frames.translation.detach())
        reached = local_distance_difference(found, batch.distances)
        loss = (
            0.5 * torch.stack(losses).mean()
            + 0.5 * losses[-1]
            + CONFIDENCE_WEIGHT * confidence_loss(structure.confidence, reached)
        )
        self.log("loss", loss, on_step=False, on_epoch=True, batch_size=len(batch.residues))
        return loss

    def predict(self, batch: CompletionBatch) -> Structure:
        """Frames and confidence of each chain of the batch."""
        parts = (batch.residues, batch.shown, batch.observed)
        with inference(self):
            return self.model(*(part.to(self.device) for part in parts))
