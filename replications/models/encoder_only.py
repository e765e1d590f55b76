"""A Transformer without a decoder: bidirectional attention, with heads for tasks on top."""

from collections.abc import Callable, Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from replications.layers.attention import MultiHeadAttention
from replications.layers.dropout import Dropout
from replications.layers.masks import AttentionMask
from replications.layers.watching import outputs_of, watching
from replications.models.stack import Parts, Stack


class EncoderOnly(nn.Module):
    """Stacked self-attention over the sum of token, segment and position embeddings.

    Source: Devlin et al. 2019, section 3 and figure 2. The sum is normalised before its dropout
    as in the code beside the paper, which does not say so. There is no default for a part
    (models/presets.py has those of the paper): `positions` is called with the maximum length
    and d, each of `tasks` with the embedding, `initialise` with the whole network; models/stack.py
    says how the others are called. No token attends to `padding`.
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
        attention: Callable[[int, int], MultiHeadAttention],
        feed_forward: Callable[[int, int], nn.Module],
        norm: Callable[[int], nn.Module],
        residual: Callable[[int, float, Callable[[int], nn.Module]], nn.Module],
        mask: AttentionMask,
        tasks: Mapping[str, Callable[[nn.Embedding], nn.Module]],
        initialise: Callable[[nn.Module], None],
        segments: int = 2,
        padding: int = 0,
    ) -> None:
        super().__init__()
        self.padding = padding
        self.embedding = nn.Embedding(vocabulary, d_model)
        self.segments = nn.Embedding(segments, d_model)
        self.positions = positions(max_length, d_model)
        self.norm, self.dropout = norm(d_model), Dropout(dropout)
        self.stack = Stack(
            Parts(attention, feed_forward, norm, residual, mask),
            d_model=d_model,
            layers=layers,
            heads=heads,
            d_ff=d_ff,
            dropout=dropout,
        )
        self.tasks = nn.ModuleDict({name: make(self.embedding) for name, make in tasks.items()})
        initialise(self)

    def embed(
        self, ids: Int[Tensor, "batch time"], segments: Int[Tensor, "batch time"] | None = None
    ) -> Float[Tensor, "batch time d"]:
        """Embeddings of tokens, segments (all the first unless given) and positions, normalised."""
        segments = torch.zeros_like(ids) if segments is None else segments
        tokens = self.positions(self.embedding(ids) + self.segments(segments))
        return self.dropout(self.norm(tokens))

    def forward(
        self, ids: Int[Tensor, "batch time"], segments: Int[Tensor, "batch time"] | None = None
    ) -> dict[str, Tensor]:
        """The output of each task's head on the last layer's states."""
        states = self.hidden(ids, segments)
        return {name: head(states) for name, head in self.tasks.items()}

    def hidden(
        self,
        ids: Int[Tensor, "batch time"],
        segments: Int[Tensor, "batch time"] | None = None,
        *,
        padded: bool = True,
    ) -> Float[Tensor, "batch time d"]:
        """The states of the last layer: the input of heads.

        Where no text is `padded`, attention needs no padding mask, and uses a faster kernel.
        """
        return self._read(self.embed(ids, segments), ids if padded else None)

    def states(
        self, ids: Int[Tensor, "batch time"], segments: Int[Tensor, "batch time"] | None = None
    ) -> Float[Tensor, "batch layer time d"]:
        """The embedded tokens, and their states after each layer.

        Source: Devlin et al. 2019, section 5.3 (features from several layers).
        """
        embedded = self.embed(ids, segments)
        with outputs_of(self.stack.blocks) as outputs:
            last = self._read(embedded, ids)
        return torch.stack([embedded, *(tokens for tokens, _ in outputs[:-1]), last], 1)

    def attention(
        self, ids: Int[Tensor, "batch time"], segments: Int[Tensor, "batch time"] | None = None
    ) -> Float[Tensor, "batch layer head time time"]:
        """The attention weights of each head of each layer."""
        with watching(self.stack) as weights:
            self.hidden(ids, segments)
        return torch.stack(weights, 1)

    def _read(
        self, embedded: Float[Tensor, "batch time d"], ids: Int[Tensor, "batch time"] | None
    ) -> Float[Tensor, "batch time d"]:
        state, padding_mask = self.stack.start(), None if ids is None else ids != self.padding
        return self.stack(embedded, state, padding_mask=padding_mask)[0]
