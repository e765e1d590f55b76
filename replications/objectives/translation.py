"""Translation as a Lightning module: any translator, trained by teacher forcing."""

from collections.abc import Callable

import torch

from replications.corpora.batches.translation_batches import TranslationBatch
from replications.models.translator import Translator
from replications.objectives.scheduled import ScheduledTraining
from replications.objectives.schedules import Schedule
from replications.objectives.smoothed_cross_entropy import smoothed_cross_entropy
from replications.tokens.languages import Languages
from replications.tokens.special import PAD


class Translation(ScheduledTraining):
    """Predicts each token of the translation from the source and the tokens before it.

    `model` is called with the sizes of both vocabularies, `optimiser` with the parameters;
    `schedule` gives the learning rate of each update. `clip` limits the norm of the gradient over
    all parameters. The loss is the mean over the tokens of a batch, in nats, END included and
    padding left out; the logged loss has no label smoothing.
    """

    shareable = True

    def __init__(
        self,
        vocabulary: Languages,
        seed: int,
        *,
        model: Callable[[int, int], Translator],
        schedule: Schedule,
        optimiser: Callable[..., torch.optim.Optimizer] = torch.optim.Adam,
        smoothing: float = 0.0,
        clip: float | None = None,
    ) -> None:
        super().__init__(schedule, optimiser, clip)
        self.model = model(len(vocabulary.source), len(vocabulary.target))
        self.smoothing = smoothing
        # The search chosen for the trained model: see metrics/translation/chosen_search.py.
        self.search: Callable | None = None

    def training_step(self, batch: TranslationBatch, number: int) -> torch.Tensor:
        self.count(batch.source.numel() + batch.target.numel(), batch.source, batch.target[:, :-1])
        logits = self.model(batch.source, batch.target[:, :-1])
        loss, plain = smoothed_cross_entropy(
            logits.flatten(0, 1),
            batch.target[:, 1:].flatten(),
            smoothing=self.smoothing,
            ignored=PAD,
            inplace=True,
        )
        self.log_loss(plain, int(self.units(batch)[0]))
        return self.weighed(loss)

    def units(self, batch: TranslationBatch) -> tuple[int, ...]:
        """The number of its target tokens, END included."""
        return (int((batch.target[:, 1:] != PAD).sum()),)
