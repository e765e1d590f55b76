"""Translation as a Lightning module: any translator, trained by teacher forcing."""

from collections.abc import Callable
from typing import Any

import lightning
import torch
from torch.utils.flop_counter import FlopCounterMode

from replications.corpora.translation_batches import TranslationBatch
from replications.models.translator import Translator
from replications.objectives.schedules import Schedule
from replications.objectives.smoothed_cross_entropy import smoothed_cross_entropy
from replications.tokens.languages import Languages
from replications.tokens.special import PAD


class Translation(lightning.LightningModule):
    """Predicts each token of the translation from the source and the tokens before it.

    `model` is called with the sizes of both vocabularies, `optimiser` with the parameters;
    `schedule` gives the learning rate of each update. `clip` limits the norm of the gradient over
    all parameters. The loss is the mean over the tokens of a batch, in nats, END included and
    padding left out; what is logged is free of smoothing.
    """

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
        super().__init__()
        self.model = model(len(vocabulary.source), len(vocabulary.target))
        self.schedule, self.optimiser = schedule, optimiser
        self.smoothing, self.clip = smoothing, clip
        # How the trained model is best searched: see replications.metrics.chosen_search.
        self.search: Callable | None = None
        self.flops = 0.0
        self.flops_a_token: float | None = None

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return self.optimiser(self.parameters(), lr=0.0)

    def on_train_batch_start(self, batch: TranslationBatch, number: int) -> None:
        steps, epochs = self.trainer.num_training_batches, self.trainer.max_epochs
        done = (self.current_epoch + number / steps) / epochs
        rate = self.schedule(self.global_step, done)
        for group in self.trainer.optimizers[0].param_groups:
            group["lr"] = rate

    def training_step(self, batch: TranslationBatch, number: int) -> torch.Tensor:
        self._count(batch)
        logits = self.model(batch.source, batch.target[:, :-1])
        loss, plain = smoothed_cross_entropy(
            logits.flatten(0, 1),
            batch.target[:, 1:].flatten(),
            smoothing=self.smoothing,
            ignored=PAD,
        )
        tokens = int((batch.target[:, 1:] != PAD).sum())
        self.log("loss", plain, on_step=False, on_epoch=True, batch_size=tokens)
        return loss

    def on_before_optimizer_step(self, optimizer: torch.optim.Optimizer) -> None:
        if self.clip is not None:
            torch.nn.utils.clip_grad_norm_(self.parameters(), self.clip)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        checkpoint["flops_a_token"] = self.flops_a_token

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        self.flops_a_token = checkpoint["flops_a_token"]

    def _count(self, batch: TranslationBatch) -> None:
        """Adds the batch's operations: forward, and twice as many backward, padding included.

        Products are counted once, in the first batch, and taken as proportional to the tokens.
        """
        tokens = batch.source.numel() + batch.target.numel()
        if self.flops_a_token is None:
            counter = FlopCounterMode(display=False)
            training = self.model.training
            self.model.eval()  # dropout would draw, and a run that goes on draw differently
            with torch.no_grad(), counter:
                self.model(batch.source, batch.target[:, :-1])
            self.model.train(training)
            self.flops_a_token = counter.get_total_flops() / tokens
        self.flops += 3 * self.flops_a_token * tokens
