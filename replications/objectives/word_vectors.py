"""Word2Vec as a Lightning module: a window predictor and an output layer, trained in place."""

from collections.abc import Callable

import lightning
import torch
from jaxtyping import Float
from torch import Tensor, nn

from replications.corpora.batches.word_blocks import WordBatch
from replications.models.window_predictors import Prediction, Update, WindowPredictor
from replications.objectives.binary_targets import (
    BinaryTargets,
    OutputLayer,
    binary_gradient,
    binary_loss,
)
from replications.tokens.words import Vocabulary


class WordVectorObjective(lightning.LightningModule):
    """Word vectors, trained to predict the words in each other's context window.

    Source: Mikolov et al. 2013a (architectures, learning rate), 2013b (output layers);
    initialisation, decay and floor as in word2vec.c.

    A Lightning batch is a list of word batches, each followed by an update, since the trainer's
    overhead per step takes as long as one update. The loss is logged for the first of each list.

    The learning rate falls linearly from `learning_rate` to 1e-4 of it. A batch sums the gradients
    of all its pairs. Where a row would sum more than `update_cap`, the sum is scaled to that many:
    frequent words would otherwise overshoot their optimum, which the pair-by-pair updates of
    word2vec.c cannot do.

    Departure: negative samples are drawn with the seed that the epoch's batches are drawn with
    (corpora/batches/word_blocks.py), from a generator of their own. The two use their draws for
    different things, so that no negative sample depends on the words around it in the text;
    different seeds would give other vectors than those that are recorded.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        seed: int,
        *,
        predictor: Callable[[], WindowPredictor],
        output: Callable[[Vocabulary, int], OutputLayer],
        dimension: int = 100,
        learning_rate: float = 0.025,
        update_cap: float = 400.0,
    ) -> None:
        super().__init__()
        self.automatic_optimization = False
        self.seed, self.learning_rate, self.update_cap = seed, learning_rate, update_cap
        generator = torch.Generator().manual_seed(seed)
        start = torch.rand(len(vocabulary), dimension, generator=generator)
        self.input = nn.Embedding.from_pretrained((start - 0.5) / dimension, freeze=False)
        self.predictor = predictor()
        self.output = output(vocabulary, dimension)
        self.flops = 0.0

    @property
    def vectors(self) -> Float[Tensor, "word d"]:
        """The input embeddings, which are the word vectors that are kept, on the CPU."""
        return self.input.weight.detach().cpu()

    def configure_optimizers(self) -> None:
        """None: the rows that a batch touches are updated in place by `apply_gradients`."""

    def on_train_epoch_start(self) -> None:
        noise = self.seed * 100_003 + self.current_epoch
        self.generator = torch.Generator(self.device).manual_seed(noise)

    def learning_rate_at(self, done: float) -> float:
        """The learning rate when the fraction `done` of the training is over."""
        return self.learning_rate * max(1e-4, 1 - done)

    def training_step(self, batches: list[WordBatch], number: int) -> None:
        steps, epochs = self.trainer.num_training_batches, self.trainer.max_epochs
        with torch.no_grad():
            for index, batch in enumerate(batches):
                done = (self.current_epoch + (number + index / len(batches)) / steps) / epochs
                prediction, binary_targets = self.decide(batch)
                if index == 0:
                    self.log("loss", self.mean_loss(prediction, binary_targets), on_epoch=True)
                self.apply_gradients(batch, prediction, binary_targets, self.learning_rate_at(done))
                blocks, positions, rows = binary_targets.totals.shape
                self.flops += 6.0 * blocks * positions * rows * prediction.hidden.shape[2]

    def decide(
        self, batch: WordBatch, generator: torch.Generator | None = None
    ) -> tuple[Prediction, BinaryTargets]:
        """The batch's hidden vectors with their target words, and the binary targets of these.

        Negative samples are drawn from `generator`; without one, from that of the epoch.
        """
        prediction = self.predictor.predict(self.input.weight, *batch)
        binary_targets = self.output.binary_targets(
            prediction.targets,
            prediction.weights,
            self.generator if generator is None else generator,
        )
        return prediction, binary_targets

    def mean_loss(self, prediction: Prediction, binary_targets: BinaryTargets) -> Float[Tensor, ""]:
        """The mean loss, in nats per target word."""
        output_rows = self.output.weight[binary_targets.rows]
        loss = binary_loss(prediction.hidden, output_rows, binary_targets)
        return loss / prediction.weights.sum().clamp(min=1)

    def apply_gradients(
        self,
        batch: WordBatch,
        prediction: Prediction,
        binary_targets: BinaryTargets,
        learning_rate: float,
    ) -> None:
        output_rows = self.output.weight[binary_targets.rows]
        for_hidden, for_rows = binary_gradient(prediction.hidden, output_rows, binary_targets)
        spread = self.predictor.spread(for_hidden, binary_targets.totals.sum(2), *batch)
        add_rows_(self.input.weight, spread, learning_rate, self.update_cap)
        update = Update(binary_targets.rows, for_rows, binary_targets.totals.sum(1))
        add_rows_(self.output.weight, update, learning_rate, self.update_cap)


def add_rows_(
    weight: Float[Tensor, "word d"], update: Update, learning_rate: float, update_cap: float
) -> None:
    """Add `learning_rate` times the gradient to the rows, in place; a row given twice gets both.

    A row with more than `update_cap` pairs in the batch is scaled down to that many.
    """
    rows = update.rows.flatten()
    total = torch.zeros(len(weight), device=weight.device)
    total.index_add_(0, rows, update.pairs.flatten())
    scale = learning_rate * (update_cap / total.clamp_(min=update_cap))[rows]
    weight.index_add_(0, rows, update.gradient.flatten(0, 1) * scale[:, None])
