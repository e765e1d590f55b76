"""Masked language modelling and next-sentence prediction as a Lightning module."""

from collections.abc import Callable

import torch
from einops import rearrange
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional

from replications.corpora.batches.masking import IGNORE_INDEX
from replications.corpora.batches.segment_pairs import SegmentBatch
from replications.corpora.batches.text_pairs import PairBatch
from replications.objectives.scheduled import ScheduledTraining
from replications.objectives.schedules import Schedule
from replications.objectives.smoothed_cross_entropy import smoothed_cross_entropy
from replications.tokens.wordpiece import WordPiece


class MaskedLanguageModel(ScheduledTraining):
    """Predicts masked tokens and, where the model has a head for it, the next sentence.

    Source: Devlin et al. 2019, section 3.1 and appendix A.2: the sum of the two mean losses, in
    nats. `model` is called with the size of the vocabulary. Logits are computed at the masked
    positions alone. The masked-token loss is logged.
    """

    shareable = True

    def __init__(
        self,
        vocabulary: WordPiece,
        seed: int,
        *,
        model: Callable[[int], nn.Module],
        schedule: Schedule,
        optimiser: Callable[..., torch.optim.Optimizer] = torch.optim.AdamW,
        clip: float | None = 1.0,
    ) -> None:
        super().__init__(schedule, optimiser, clip)
        self.model = model(len(vocabulary))

    def training_step(self, batch: PairBatch | SegmentBatch, number: int) -> Tensor:
        inputs = (batch.ids, batch.segments, batch.masked_positions)
        self.count(batch.ids.numel(), *inputs, of=self.scores)
        losses = self.loss(batch)
        self.log_loss(losses[0], batch.targets.numel())
        return self.weighed(*losses)

    def units(self, batch: PairBatch | SegmentBatch) -> tuple[int, ...]:
        """The number of its targets and, with a next-sentence head, of its sequences."""
        judged = "next_sentence" in self.model.tasks
        return (batch.targets.numel(), len(batch.ids))[: 1 + judged]

    def loss(self, batch: PairBatch | SegmentBatch) -> tuple[Tensor, ...]:
        """The mean masked-token loss and, where there is a head for it, next-sentence loss."""
        tokens, next_sentence_logits = self.scores(
            batch.ids, batch.segments, batch.masked_positions, padded=batch.may_be_padded
        )
        loss, _ = smoothed_cross_entropy(tokens, batch.targets, ignored=IGNORE_INDEX, inplace=True)
        if next_sentence_logits is None:
            return (loss,)
        return loss, functional.cross_entropy(
            next_sentence_logits.float(), batch.next_sentence_label
        )

    def scores(
        self,
        ids: Int[Tensor, "batch time"],
        segments: Int[Tensor, "batch time"],
        masked_positions: Bool[Tensor, "batch time"] | Int[Tensor, "batch targets"],
        *,
        padded: bool = True,
    ) -> tuple[Float[Tensor, "target vocabulary"], Float[Tensor, "batch two"] | None]:
        """Logits at the masked positions, and those of next-sentence prediction.

        `masked_positions` is a mask, or the indices of as many positions in each sequence.
        """
        states = self.model.hidden(ids, segments, padded=padded)
        tasks = self.model.tasks
        next_sentence_logits = tasks["next_sentence"](states) if "next_sentence" in tasks else None
        if masked_positions.dtype == torch.bool:
            return tasks["masked"](states[masked_positions]), next_sentence_logits
        at_targets = states.take_along_dim(masked_positions[..., None], dim=1)
        return tasks["masked"](
            rearrange(at_targets, "b target d -> (b target) d")
        ), next_sentence_logits
