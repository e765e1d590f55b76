"""A language model without attention: recurrent layers read the tokens one by one."""

from collections.abc import Callable

from jaxtyping import Float, Int
from torch import Tensor, nn

from replications.layers.dropout import Dropout
from replications.layers.output import tied
from replications.layers.recurrent import LayerState, LSTMLayer, RecurrentLayer
from replications.layers.recurrent_stack import RecurrentStack


class RecurrentLanguageModel(nn.Module):
    """Recurrent layers over embedded tokens; their output is projected to d dimensions.

    Source: Radford et al. 2018, section 5 and table 5, which put one layer of 2,048 LSTM units in
    place of the Transformer, and give no details. `layer` is called with the sizes of its input
    and of its state, `output` with the embedding, `initialise` with the whole network.

    Departure: the projection to d, so that the output can share the embedding's matrix.
    """

    def __init__(
        self,
        vocabulary: int,
        *,
        d_model: int,
        hidden: int,
        initialise: Callable[[nn.Module], None],
        layers: int = 1,
        dropout: float = 0.1,
        layer: Callable[[int, int], RecurrentLayer] = LSTMLayer,
        output: Callable[[nn.Embedding], nn.Module] = tied,
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, d_model)
        sizes = [d_model] + [hidden] * (layers - 1)
        self.stack = RecurrentStack([layer(size, hidden) for size in sizes], dropout)
        self.projection = nn.Linear(hidden, d_model)
        self.dropout = Dropout(dropout)
        self.output = output(self.embedding)
        initialise(self)

    def forward(self, ids: Int[Tensor, "batch time"]) -> Float[Tensor, "batch time vocabulary"]:
        """The logits of the token after each of `ids`."""
        return self.output(self.hidden(ids))

    def hidden(self, ids: Int[Tensor, "batch time"]) -> Float[Tensor, "batch time d"]:
        """The outputs of the highest layer, projected to d dimensions."""
        outputs, _ = self.stack(self.dropout(self.embedding(ids)))
        return self.projection(self.dropout(outputs))

    def start(self, batch: int) -> tuple[LayerState, ...]:
        """The state before the first token."""
        return tuple(layer.zero_state(batch) for layer in self.stack.layers)

    def step(
        self, ids: Int[Tensor, "batch new"], state: tuple[LayerState, ...]
    ) -> tuple[Float[Tensor, "batch vocabulary"], tuple[LayerState, ...]]:
        """Read one token or more: the logits after the last of them."""
        outputs, state = self.stack(self.dropout(self.embedding(ids)), None, state)
        return self.output(self.projection(self.dropout(outputs[:, -1]))), state
