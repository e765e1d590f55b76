"""A Transformer without an encoder: each token is predicted from those before it."""

from collections.abc import Callable

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from replications.layers.attention import SelfAttention
from replications.layers.dropout import Dropout
from replications.layers.key_value_cache import KeysValues, KeyValueCache
from replications.layers.masks import AttentionMask
from replications.layers.watching import outputs_of, watching
from replications.models.stack import Parts, Stack, length_of

State = tuple[KeysValues | KeyValueCache | None, ...]


class DecoderOnly(nn.Module):
    """A language model of stacked self-attention over embedded tokens.

    Source: Radford et al. 2018, section 3.1 and equation 2. There is no default for a part: models
    differ in nothing else (models/presets.py has those of the papers). `positions` is called
    with the maximum length and d, `output` with the embedding, `initialise` with the whole network;
    models/stack.py says how the others are called. With `mask` no token may attend to a later one.
    """

    def __init__(
        self,
        vocabulary: int,
        *,
        d_model: int,
        layers: int,
        heads: int,
        d_ff: int,
        max_length: int,
        dropout: float,
        positions: Callable[[int, int], nn.Module],
        attention: Callable[[int, int], SelfAttention],
        feed_forward: Callable[[int, int], nn.Module],
        norm: Callable[[int], nn.Module],
        residual: Callable[[int, float, Callable[[int], nn.Module]], nn.Module],
        mask: AttentionMask,
        output: Callable[[nn.Embedding], nn.Module],
        initialise: Callable[[nn.Module], None],
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, d_model)
        self.positions = positions(max_length, d_model)
        self.dropout = Dropout(dropout)
        self.stack = Stack(
            Parts(attention, feed_forward, norm, residual, mask),
            d_model=d_model,
            layers=layers,
            heads=heads,
            d_ff=d_ff,
            dropout=dropout,
        )
        self.output = output(self.embedding)
        initialise(self)

    def embed(
        self, ids: Int[Tensor, "batch time"], start: int = 0
    ) -> Float[Tensor, "batch time d"]:
        """Embeddings of tokens and positions; the first is at position `start`."""
        return self.dropout(self.positions(self.embedding(ids), start))

    def forward(self, ids: Int[Tensor, "batch time"]) -> Float[Tensor, "batch time vocabulary"]:
        """The logits of the token after each of `ids`."""
        return self.output(self.hidden(ids))

    def hidden(self, ids: Int[Tensor, "batch time"]) -> Float[Tensor, "batch time d"]:
        """The states of the last layer, normalised: the input of output layer and classifiers."""
        return self.stack(self.embed(ids), self.stack.start())[0]

    def states(self, ids: Int[Tensor, "batch time"]) -> Float[Tensor, "batch layer time d"]:
        """The embedded tokens, and their states after each layer, the last of them normalised."""
        embedded = self.embed(ids)
        with outputs_of(self.stack.blocks) as outputs:
            last, _ = self.stack(embedded, self.stack.start())
        return torch.stack([embedded, *(tokens for tokens, _ in outputs[:-1]), last], 1)

    def attention(
        self, ids: Int[Tensor, "batch time"]
    ) -> Float[Tensor, "batch layer head time time"]:
        """The attention weights of each head when the token after each of `ids` is predicted."""
        with watching(self.stack) as weights:
            self.hidden(ids)
        return torch.stack(weights, 1)

    def start(self, batch: int, capacity: int | None = None) -> State:
        """No keys and no values yet. With a `capacity`, memory is allocated for so many tokens.

        Then a step writes into the state that it is given, and earlier states are lost.
        """
        return self.stack.start(capacity)

    def step(
        self, ids: Int[Tensor, "batch new"], state: State
    ) -> tuple[Float[Tensor, "batch vocabulary"], State]:
        """Read one token or more: their keys and values join the state and are not recomputed.

        The logits are those after the last of the tokens.
        """
        hidden, state = self.stack(self.embed(ids, start=length_of(state)), state)
        return self.output(hidden[:, -1]), state
