"""GloVe as a Lightning module: weighted least squares on log counts, with AdaGrad."""

import lightning
import torch
from jaxtyping import Float
from torch import Tensor

from replications.corpora.batches.cooccurrence_blocks import CountBlock, shuffled_positions
from replications.models.glove import LogBilinear
from replications.tokens.words import Vocabulary


def count_weight(
    count: Float[Tensor, " entry"], x_max: float, exponent: float
) -> Float[Tensor, " entry"]:
    """The weight of an entry in the loss: (x / x_max) ** exponent, at most 1.

    Source: Pennington et al. 2014, equation 9; x_max = 100 and exponent 3/4 there.
    """
    return (count / x_max).clamp(max=1) ** exponent


class CooccurrenceRegression(lightning.LightningModule):
    """Fits the log-bilinear model to the log counts, a block of rows and columns at a time.

    Source: Pennington et al. 2014, equation 8; half of it is minimised, as in glove.c. The kept
    vectors are w + w~ (section 4.2).
    Departure: AdaGrad takes a step for each block, with the gradient summed over its entries,
    where glove.c takes one for each entry; `learning_rate` is the better of two in a pilot.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        seed: int,
        *,
        dimension: int = 100,
        x_max: float = 10.0,
        exponent: float = 0.75,
        learning_rate: float = 0.1,
        initial_accumulator: float = 1.0,
    ) -> None:
        super().__init__()
        self.automatic_optimization = False
        self.x_max, self.exponent, self.learning_rate = x_max, exponent, learning_rate
        generator = torch.Generator().manual_seed(seed)
        self.model = LogBilinear(len(vocabulary), dimension, generator)
        self.register_buffer(
            "permutation", shuffled_positions(len(vocabulary), seed), persistent=False
        )
        # Accumulated squared gradients, one for each parameter.
        for name, parameter in self.model.named_parameters():
            squares = torch.full_like(parameter.data, initial_accumulator)
            self.register_buffer(_squares_of(name), squares)
        self.flops = 0.0

    @property
    def vectors(self) -> Float[Tensor, "word d"]:
        """w + w~ by word id, on the CPU like the two below."""
        both = self.model.word.weight.detach() + self.model.context.weight.detach()
        return both[self.permutation].cpu()

    @property
    def word_vectors(self) -> Float[Tensor, "word d"]:
        return self.model.word.weight.detach()[self.permutation].cpu()

    @property
    def context_vectors(self) -> Float[Tensor, "word d"]:
        return self.model.context.weight.detach()[self.permutation].cpu()

    def configure_optimizers(self) -> None:
        """None: AdaGrad is applied in place to the rows of each block by `fit_block`."""

    def training_step(self, blocks: list[CountBlock], number: int) -> None:
        with torch.no_grad():
            losses = [self.fit_block(block) for block in blocks]
        entries = sum(len(block.entry) for block in blocks)
        self.log("loss", torch.stack(losses).sum() / entries, on_epoch=True, batch_size=entries)

    def fit_block(self, block: CountBlock) -> Float[Tensor, ""]:
        """One AdaGrad step on one block; returns its loss before it, summed over its entries."""
        model = self.model
        word, context = model.word.weight[block.rows], model.context.weight[block.columns]
        biases = model.word_bias[block.rows][:, None] + model.context_bias[block.columns][None, :]
        predicted = torch.addmm(biases, word, context.T)
        entry = block.entry.long()
        residual = predicted.view(-1).index_select(0, entry) - block.count.log()
        weighted = count_weight(block.count, self.x_max, self.exponent) * residual
        error = predicted.zero_()
        error.view(-1).index_copy_(0, entry, weighted)
        gradients = {
            "word.weight": (block.rows, error @ context),
            "context.weight": (block.columns, error.T @ word),
            "word_bias": (block.rows, error.sum(1)),
            "context_bias": (block.columns, error.sum(0)),
        }
        for name, (rows, gradient) in gradients.items():
            squares = self.get_buffer(_squares_of(name))[rows]
            squares.addcmul_(gradient, gradient)
            parameter = model.get_parameter(name)[rows]
            parameter.addcdiv_(gradient, squares.sqrt(), value=-self.learning_rate)
        self.flops += 6.0 * word.shape[0] * context.shape[0] * word.shape[1]
        return weighted.dot(residual) / 2


def _squares_of(parameter: str) -> str:
    return "squares_" + parameter.replace(".", "_")
