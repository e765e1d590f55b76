"""Distance prediction: from alignments, and from a part of the distances."""

from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor, nn

from replications.corpora.batches.proteins.alignment_batches import AlignmentBatch
from replications.corpora.batches.proteins.distance_completion import CompletionBatch
from replications.decoding.inference import inference
from replications.models.protein.contact_network import ContactNetwork
from replications.models.protein.distogram import bins_of, contact_probability, median_distance
from replications.objectives.optimisers import adamw
from replications.objectives.protein.losses import distogram_loss
from replications.objectives.scheduled import ScheduledTraining
from replications.objectives.schedules import Schedule


class ContactPrediction(ScheduledTraining):
    """Predicts the distogram of an alignment.

    The number of cycles of each batch is drawn from 1 to `cycles`, as in Jumper et al. 2021,
    supplement, algorithm 31; predictions take `cycles`. `depth` limits the sequences of each
    alignment: 1 is the ablation without an MSA.
    """

    def __init__(
        self,
        vocabulary: object,
        seed: int,
        *,
        model: Callable[[], ContactNetwork],
        schedule: Schedule,
        cycles: int = 3,
        depth: int | None = None,
        optimiser: Callable[..., torch.optim.Optimizer] = adamw,
        clip: float | None = 1.0,
    ) -> None:
        super().__init__(schedule, optimiser, clip)
        self.model, self.cycles, self.depth = model(), cycles, depth

    def training_step(self, batch: AlignmentBatch, number: int) -> Float[Tensor, ""]:
        cycles = int(torch.randint(1, self.cycles + 1, ()))
        alignment = batch.alignment[:, : self.depth]
        before = self.flops
        self.count(alignment.numel(), alignment, batch.index, 1)
        # All cycles but the last are forward alone, a third of one with gradients.
        self.flops += (cycles - 1) * (self.flops - before) / 3
        logits = self.model(alignment, batch.index, cycles)
        loss = distogram_loss(logits, bins_of(batch.low), bins_of(batch.high))
        self.log("loss", loss, on_step=False, on_epoch=True, batch_size=len(alignment))
        return loss

    def logits(
        self, alignment: UInt8[np.ndarray, "sequence residue"], cycles: int | None = None
    ) -> Float[Tensor, "residue residue bin"]:
        """The distogram of one alignment after `cycles`, by default the objective's."""
        ids = torch.from_numpy(alignment[: self.depth].astype(np.int64))[None].to(self.device)
        index = torch.arange(ids.shape[-1], device=self.device)[None]
        with inference(self):
            return self.model(ids, index, cycles or self.cycles)[0]

    def contact_scores(
        self, alignment: UInt8[np.ndarray, "sequence residue"]
    ) -> Float[np.ndarray, "residue residue"]:
        """The probability that each pair is nearer than 8 Å."""
        return contact_probability(self.logits(alignment)).cpu().numpy()

    def distances(
        self, alignment: UInt8[np.ndarray, "sequence residue"], cycles: int | None = None
    ) -> Float[Tensor, "residue residue"]:
        """The median distance of each pair, in angstrom."""
        return median_distance(self.logits(alignment, cycles)).cpu()


class DistanceCompletionObjective(ScheduledTraining):
    """Predicts the distances of a chain that are not observed from those that are."""

    def __init__(
        self,
        vocabulary: object,
        seed: int,
        *,
        model: Callable[[], nn.Module],
        schedule: Schedule,
        optimiser: Callable[..., torch.optim.Optimizer] = adamw,
        clip: float | None = 1.0,
    ) -> None:
        super().__init__(schedule, optimiser, clip)
        self.model = model()

    def training_step(self, batch: CompletionBatch, number: int) -> Float[Tensor, ""]:
        # The number of observed pairs is no shape of a product.
        shapes = (batch.residues, batch.shown, torch.zeros_like(batch.observed))
        self.count(batch.residues.numel(), *shapes)
        logits = self.model(batch.residues, batch.shown, batch.observed)
        bins = bins_of(batch.distances)
        # All bins: an observed pair adds nothing to the loss.
        low = bins.masked_fill(batch.observed, 0)
        high = bins.masked_fill(batch.observed, logits.shape[-1] - 1)
        loss = distogram_loss(logits, low, high)
        self.log("loss", loss, on_step=False, on_epoch=True, batch_size=len(bins))
        return loss

    def logits(self, batch: CompletionBatch) -> Float[Tensor, "batch residue residue bin"]:
        """The distogram of each chain of the batch."""
        parts = (batch.residues, batch.shown, batch.observed)
        with inference(self):
            return self.model(*(part.to(self.device) for part in parts)).cpu()
