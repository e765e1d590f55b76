"""Masked language modelling as a Lightning module, with next-sentence prediction beside it."""

from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from replications.corpora.batches.masking import NOT_ASKED
from replications.corpora.batches.text_pairs import PairBatch
from replications.objectives.scheduled import ScheduledTraining
from replications.objectives.schedules import Schedule
from replications.objectives.smoothed_cross_entropy import smoothed_cross_entropy
from replications.tokens.wordpiece import WordPieces


class MaskedLanguageModel(ScheduledTraining):
    """Predicts hidden pieces and, where the model has a head for it, whether a text follows.

    Source: Devlin et al. 2019, section 3.1 and appendix A.2: the sum of the two mean losses, in
    nats. `model` is called with the size of the vocabulary. Scores are made at the places alone
    that are asked about. What is logged is the loss of the pieces.
    """

    def __init__(
        self,
        vocabulary: WordPieces,
        seed: int,
        *,
        model: Callable[[int], nn.Module],
        schedule: Schedule,
        optimiser: Callable[..., torch.optim.Optimizer] = torch.optim.AdamW,
        clip: float | None = 1.0,
    ) -> None:
        super().__init__(schedule, optimiser, clip)
        self.model = model(len(vocabulary))

    def training_step(self, batch: PairBatch, number: int) -> Tensor:
        inputs = (batch.ids, batch.segments, batch.wanted != NOT_ASKED)
        self.count(batch.ids.numel(), *inputs, of=self.scores)
        pieces, follows = self.scores(*inputs)
        wanted = batch.wanted[batch.wanted != NOT_ASKED]
        loss, _ = smoothed_cross_entropy(pieces, wanted, ignored=NOT_ASKED)
        self.log("loss", loss.detach(), on_step=False, on_epoch=True, batch_size=len(wanted))
        if follows is not None:
            loss = loss + functional.cross_entropy(follows.float(), batch.follows)
        return loss

    def scores(
        self,
        ids: Int[Tensor, "batch time"],
        segments: Int[Tensor, "batch time"],
        asked: Any,
    ) -> tuple[Float[Tensor, "asked vocabulary"], Float[Tensor, "batch two"] | None]:
        """Logits at the places that are asked about, and of whether the second text follows."""
        states = self.model.hidden(ids, segments)
        tasks = self.model.tasks
        follows = tasks["next_sentence"](states) if "next_sentence" in tasks else None
        return tasks["masked"](states[asked]), follows
