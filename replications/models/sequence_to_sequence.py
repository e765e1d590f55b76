"""Sequence to sequence: one LSTM encodes a sentence in a vector, another decodes from it."""

from collections.abc import Callable

from jaxtyping import Float, Int
from torch import Tensor, nn

from replications.layers.dropout import Dropout
from replications.layers.recurrent import LayerState, LSTMLayer, RecurrentLayer
from replications.layers.recurrent_stack import RecurrentStack


def uniform(model: nn.Module, bound: float = 0.08) -> None:
    """Draw all weights and biases uniformly within ±bound: Sutskever et al. 2014, section 3.4."""
    for weight in model.parameters():
        nn.init.uniform_(weight, -bound, bound)


def remembering(model: nn.Module, std: float = 0.08, forget_bias: float = 1.0) -> None:
    """Normal weights; recurrent matrices orthogonal; biases 0 but for the forget gates'.

    For short trainings: with biases within ±0.08 a forget gate starts half open, and halves the
    cell state and its gradient at each step. One that starts open preserves them (Gers et al. 2000;
    Jozefowicz et al. 2015). An orthogonal matrix preserves the norm of what it is multiplied with
    (Saxe et al. 2014).
    """
    for weight in model.parameters():
        nn.init.zeros_(weight) if weight.dim() == 1 else nn.init.normal_(weight, std=std)
    for part in model.modules():
        if isinstance(part, RecurrentLayer):
            for matrix in part.recurrent_matrices():
                nn.init.orthogonal_(matrix)
        if isinstance(part, LSTMLayer):
            nn.init.constant_(part.input.bias.detach()[part.hidden : 2 * part.hidden], forget_bias)


class SequenceToSequence(nn.Module):
    """A deep LSTM encodes the source; a second one starts from the last state of each layer.

    Source: Sutskever et al. 2014, sections 2 and 3.4: two separate LSTMs, embeddings of their own
    on each side, a softmax over the target's vocabulary that shares no weights with them. There,
    4 layers of 1000 cells, embeddings of 1000 dimensions, vocabularies of 160,000 and 80,000 words.
    The order of the source is left to the data.

    Departure: `dropout` between layers, on the embeddings and before the softmax, as in Zaremba et
    al. 2014. The paper has none: 0 by default.
    """

    def __init__(
        self,
        source_vocabulary: int,
        target_vocabulary: int,
        *,
        embedding: int,
        hidden: int,
        layers: int,
        dropout: float = 0.0,
        padding: int = 0,
        initialise: Callable[[nn.Module], None] = uniform,
    ) -> None:
        super().__init__()
        sizes = [embedding] + [hidden] * (layers - 1)
        self.padding = padding
        self.source_embedding = nn.Embedding(source_vocabulary, embedding)
        self.target_embedding = nn.Embedding(target_vocabulary, embedding)
        self.encoder = RecurrentStack([LSTMLayer(size, hidden) for size in sizes], dropout)
        self.decoder = RecurrentStack([LSTMLayer(size, hidden) for size in sizes], dropout)
        self.output = nn.Linear(hidden, target_vocabulary)
        self.dropout = Dropout(dropout)
        initialise(self)

    def encode(self, source: Int[Tensor, "batch source"]) -> tuple[Float[Tensor, "batch h"], ...]:
        """h and c of the first layer after the last token, then those of the second, and so on."""
        inputs = self.dropout(self.source_embedding(source))
        _, states = self.encoder(inputs, source != self.padding)
        return tuple(part for state in states for part in state)

    def start(self, final_state: tuple[Float[Tensor, "batch h"], ...]) -> tuple[LayerState, ...]:
        return tuple(zip(final_state[::2], final_state[1::2], strict=True))

    def step(
        self,
        token: Int[Tensor, " batch"],
        final_state: tuple[Float[Tensor, "batch h"], ...],
        state: tuple[LayerState, ...],
    ) -> tuple[Float[Tensor, "batch vocabulary"], tuple[LayerState, ...]]:
        hidden, state = self.decoder.step(self.dropout(self.target_embedding(token)), state)
        return self.output(self.dropout(hidden)), state

    def forward(
        self, source: Int[Tensor, "batch source"], target: Int[Tensor, "batch target"]
    ) -> Float[Tensor, "batch target vocabulary"]:
        inputs = self.dropout(self.target_embedding(target))
        # Padding comes after END, and no prediction up to END depends on it.
        hidden, _ = self.decoder(inputs, None, self.start(self.encode(source)))
        return self.output(self.dropout(hidden))
