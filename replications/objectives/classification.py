"""Fine-tuning for text classification or regression as a Lightning module."""

from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from replications.corpora.batches.labelled_batches import LabelledBatch, LabelledBatches
from replications.decoding.inference import inference
from replications.models.text_classifier import TextClassifier
from replications.models.transfer import Transfer, all_layers
from replications.objectives.scheduled import ScheduledTraining
from replications.objectives.schedules import Schedule
from replications.objectives.smoothed_cross_entropy import smoothed_cross_entropy

_NOT_PREDICTED = -1


class Classification(ScheduledTraining):
    """Predicts the class of each example or, with a single output, its real-valued label.

    Source: Radford et al. 2018, equations 3 to 5. `network` is called with the size of the
    vocabulary; where the run starts from a trained model, `transfer` copies its weights.
    `classifier` is called with the network and `outputs`. The loss is the cross-entropy in nats,
    with a single output the mean squared error. To it is added `auxiliary` times the mean
    next-token cross-entropy, in nats, which needs a network with an output layer of its own.
    """

    shareable = True

    def __init__(
        self,
        vocabulary: object,
        seed: int,
        start: Any = None,
        *,
        network: Callable[[int], nn.Module],
        outputs: int,
        schedule: Schedule,
        classifier: Callable[..., TextClassifier] = TextClassifier,
        transfer: Transfer = all_layers,
        auxiliary: float = 0.0,
        optimiser: Callable[..., torch.optim.Optimizer] = torch.optim.AdamW,
        clip: float | None = 1.0,
    ) -> None:
        super().__init__(schedule, optimiser, clip)
        body = network(len(vocabulary))
        if start is not None:
            transfer(body, start.model)
        self.model = classifier(body, outputs)
        self.auxiliary = auxiliary

    def training_step(self, batch: LabelledBatch, number: int) -> Tensor:
        examples = len(batch.labels)
        inputs = (batch.ids, batch.segments, batch.positions, examples)
        self.count(batch.ids.numel(), *inputs, of=self.read)
        outputs, logits = self.read(*inputs)
        loss = label_loss(outputs, batch.labels)
        self.log_loss(loss, examples)
        if logits is None:
            return self.weighed(loss)
        return self.weighed(loss, self.auxiliary * _language_loss(logits, batch))

    def units(self, batch: LabelledBatch) -> tuple[int, ...]:
        """The number of its examples and, with the auxiliary loss, of its predicted tokens."""
        tokens = int((batch.lengths - 1).sum())
        return (len(batch.labels), tokens)[: 1 + bool(self.auxiliary)]

    def predict(self, data: LabelledBatches, part: str) -> list[float]:
        """The most probable class of each example of a part or, with a single output, its value."""
        labels: list[float] = []
        with inference(self.model):
            for batch in data.batches_of(part):
                inputs = (batch.ids, batch.segments, batch.positions)
                here = (each.to(self.device) for each in inputs)
                outputs = self.model(*here, len(batch.labels)).outputs
                chosen = outputs[:, 0] if outputs.shape[1] == 1 else outputs.argmax(-1)
                labels += chosen.float().tolist()
        return labels

    def read(
        self, *inputs: Any
    ) -> tuple[
        Float[Tensor, "example output"], Float[Tensor, "sequence before_last vocabulary"] | None
    ]:
        """The outputs and, where the auxiliary loss needs them, the next-token logits."""
        outputs, states = self.model(*inputs)
        return outputs, self.model.body.output(states[:, :-1]) if self.auxiliary else None


def _language_loss(
    logits: Float[Tensor, "sequence before_last vocabulary"], batch: LabelledBatch
) -> Float[Tensor, ""]:
    """The mean next-token cross-entropy, special tokens included and padding left out."""
    time = torch.arange(1, batch.ids.shape[1], device=batch.ids.device)
    labels = batch.ids[:, 1:].masked_fill(time >= batch.lengths[:, None], _NOT_PREDICTED)
    return smoothed_cross_entropy(
        logits.flatten(0, 1), labels.flatten(), ignored=_NOT_PREDICTED, inplace=True
    )[0]


def label_loss(
    outputs: Float[Tensor, "example output"], labels: Float[Tensor, " example"]
) -> Float[Tensor, ""]:
    """Mean cross-entropy of classes, in nats; with a single output the mean squared error."""
    if outputs.shape[1] == 1:
        return functional.mse_loss(outputs[:, 0].float(), labels)
    return functional.cross_entropy(outputs.float(), labels.long())
