"""The Transformer: an encoder and a decoder made of attention, without recurrence."""

import math
from collections.abc import Callable
from functools import partial

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from replications.layers.attention import (
    Attention,
    DotProductAttention,
    KeysValues,
    MultiHeadAttention,
)
from replications.layers.dropout import Dropout
from replications.layers.feed_forward import FeedForward
from replications.layers.positions import Sinusoidal
from replications.layers.residual import PostNorm

Mask = Bool[Tensor, "#batch #target source"]


class EncoderLayer(nn.Module):
    """Self-attention, then the feed-forward network, each in a residual block.

    Source: Vaswani et al. 2017, section 3.1 and figure 1 (left).
    """

    def __init__(
        self,
        attention: MultiHeadAttention,
        feed_forward: nn.Module,
        residual: Callable[[], nn.Module],
    ) -> None:
        super().__init__()
        self.attention, self.feed_forward = attention, feed_forward
        self.around_attention, self.around_feed_forward = residual(), residual()

    def forward(
        self, tokens: Float[Tensor, "batch source d"], allowed: Mask | None
    ) -> Float[Tensor, "batch source d"]:
        tokens = self.around_attention(tokens, lambda x: self.attention(x, x, allowed)[0])
        return self.around_feed_forward(tokens, self.feed_forward)


class DecoderLayer(nn.Module):
    """Self-attention to what is written so far, attention to the source, feed-forward network.

    Source: Vaswani et al. 2017, section 3.1 and figure 1 (right).
    """

    def __init__(
        self,
        self_attention: MultiHeadAttention,
        source_attention: MultiHeadAttention,
        feed_forward: nn.Module,
        residual: Callable[[], nn.Module],
    ) -> None:
        super().__init__()
        self.self_attention, self.source_attention = self_attention, source_attention
        self.feed_forward = feed_forward
        self.around_self, self.around_source, self.around_feed_forward = (
            residual(),
            residual(),
            residual(),
        )

    def forward(
        self,
        tokens: Float[Tensor, "batch target d"],
        before: KeysValues | None,
        source: KeysValues,
        causal: Bool[Tensor, "#batch #target earlier"] | None,
        allowed: Mask | None,
        seen: list[Tensor] | None = None,
    ) -> tuple[Float[Tensor, "batch target d"], KeysValues]:
        """The tokens one layer up, and the keys and values of all tokens so far.

        `before` holds those of tokens from earlier calls. With a list `seen`, the weights of the
        attention to the source are appended to it.
        """
        kept = before

        def to_self(x: Tensor) -> Tensor:
            nonlocal kept
            attended, kept, _ = self.self_attention.attend_onward(x, before, causal)
            return attended

        def to_source(x: Tensor) -> Tensor:
            attended = self.source_attention.attend(
                x, *source, allowed, with_weights=seen is not None
            )
            if seen is not None:
                seen.append(attended[1])
            return attended[0]

        tokens = self.around_self(tokens, to_self)
        tokens = self.around_source(tokens, to_source)
        return self.around_feed_forward(tokens, self.feed_forward), kept


class Transformer(nn.Module):
    """Encoder and decoder over embedded tokens.

    Source: Vaswani et al. 2017, section 3; the defaults are the base model's (table 3). One matrix
    embeds both languages and, transposed, gives the logits (section 3.4), so both need the same
    vocabulary; with `shared=False` there are three matrices. `positions` is called with the
    longest sequence and d, `residual` with d and the dropout, `attention` makes what weighs.

    Departure: embeddings start normal with a deviation of d ** -0.5, which section 3.4's scaling
    by sqrt(d) brings to 1; the paper does not say how they start.
    """

    def __init__(
        self,
        source_vocabulary: int,
        target_vocabulary: int,
        *,
        d: int = 512,
        layers: int = 6,
        heads: int = 8,
        key: int | None = None,
        inner: int = 2048,
        dropout: float = 0.1,
        positions: Callable[[int, int], nn.Module] = Sinusoidal,
        residual: Callable[[int, float], nn.Module] = PostNorm,
        attention: Callable[[], Attention] | None = None,
        shared: bool = True,
        longest: int = 512,
        padding: int = 0,
    ) -> None:
        super().__init__()
        if shared and source_vocabulary != target_vocabulary:
            raise ValueError(
                f"vocabularies of {source_vocabulary} and {target_vocabulary} tokens cannot share "
                "an embedding; learn one for both languages, or pass shared=False"
            )
        self.d, self.padding = d, padding
        self.embedding = _embedding(source_vocabulary, d)
        self.target_embedding = self.embedding if shared else _embedding(target_vocabulary, d)
        self.output = nn.Linear(d, target_vocabulary, bias=False)
        if shared:
            self.output.weight = self.embedding.weight
        else:
            nn.init.normal_(self.output.weight, std=d**-0.5)
        self.positions = positions(longest, d)
        self.dropout = Dropout(dropout)
        attend = partial(_multi_head, d, heads, key, attention)
        around = partial(residual, d, dropout)
        self.encoder = nn.ModuleList(
            EncoderLayer(attend(), FeedForward(d, inner), around) for _ in range(layers)
        )
        self.decoder = nn.ModuleList(
            DecoderLayer(attend(), attend(), FeedForward(d, inner), around) for _ in range(layers)
        )
        self.encoder_closing, self.decoder_closing = residual.closing(d), residual.closing(d)

    def embed(
        self, embedding: nn.Embedding, ids: Int[Tensor, "batch time"], start: int = 0
    ) -> Float[Tensor, "batch time d"]:
        """Embeddings times sqrt(d), with positions. Source: Vaswani et al. 2017, section 3.4."""
        return self.dropout(self.positions(embedding(ids) * math.sqrt(self.d), start))

    def encode(self, source: Int[Tensor, "batch source"]) -> tuple:
        """The mask of the source, and each decoder layer's keys and values of it."""
        allowed = (source != self.padding)[:, None]
        tokens = self.embed(self.embedding, source)
        for layer in self.encoder:
            tokens = layer(tokens, allowed)
        tokens = self.encoder_closing(tokens)
        return allowed, *(
            KeysValues(*layer.source_attention.keys_and_values(tokens)) for layer in self.decoder
        )

    def forward(
        self, source: Int[Tensor, "batch source"], target: Int[Tensor, "batch target"]
    ) -> Float[Tensor, "batch target vocabulary"]:
        """The logits of the token after each of `target`'s."""
        return self._decode(self.encode(source), target)

    def attention(
        self, source: Int[Tensor, "batch source"], target: Int[Tensor, "batch target"]
    ) -> Float[Tensor, "batch layer head target source"]:
        """Where each head of each layer looks in the source when it predicts the next token."""
        seen: list[Tensor] = []
        self._decode(self.encode(source), target, seen)
        return torch.stack(seen, 1)

    def _decode(
        self, memory: tuple, target: Int[Tensor, "batch target"], seen: list[Tensor] | None = None
    ) -> Float[Tensor, "batch target vocabulary"]:
        allowed, *sources = memory
        length = target.shape[1]
        causal = torch.ones(1, length, length, dtype=torch.bool, device=target.device).tril()
        tokens = self.embed(self.target_embedding, target)
        for layer, source in zip(self.decoder, sources, strict=True):
            tokens, _ = layer(tokens, None, source, causal, allowed, seen)
        return self.output(self.decoder_closing(tokens))

    def start(self, memory: tuple) -> tuple:
        """No keys and no values yet."""
        return tuple(KeysValues(*(part[:, :, :0] for part in source)) for source in memory[1:])

    def step(
        self, token: Int[Tensor, " batch"], memory: tuple, state: tuple
    ) -> tuple[Float[Tensor, "batch vocabulary"], tuple]:
        """One token on: its keys and values join the state, so that none is computed twice."""
        allowed, *sources = memory
        tokens = self.embed(self.target_embedding, token[:, None], start=state[0].keys.shape[2])
        kept = []
        for layer, before, source in zip(self.decoder, state, sources, strict=True):
            tokens, keys_values = layer(tokens, before, source, None, allowed)
            kept.append(keys_values)
        return self.output(self.decoder_closing(tokens))[:, 0], tuple(kept)


def _embedding(vocabulary: int, d: int) -> nn.Embedding:
    embedding = nn.Embedding(vocabulary, d)
    nn.init.normal_(embedding.weight, std=d**-0.5)
    return embedding


def _multi_head(
    d: int, heads: int, key: int | None, attention: Callable[[], Attention] | None
) -> MultiHeadAttention:
    return MultiHeadAttention(d, heads, key=key, attention=attention or DotProductAttention)
