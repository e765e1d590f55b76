"""The Transformer: an encoder and a decoder made of attention, without recurrence."""

import math
from collections.abc import Callable
from functools import partial

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from replications.layers.attention import (
    CAUSAL,
    Attention,
    Causal,
    DotProductAttention,
    KeysValues,
    MultiHeadAttention,
)
from replications.layers.dropout import Dropout
from replications.layers.feed_forward import FeedForward
from replications.layers.positions import Sinusoidal
from replications.layers.residual import PostNorm
from replications.layers.watching import watching

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
        self.attention_residual, self.feed_forward_residual = residual(), residual()

    def forward(
        self, tokens: Float[Tensor, "batch source d"], mask: Mask | None
    ) -> Float[Tensor, "batch source d"]:
        tokens = self.attention_residual(tokens, lambda x: self.attention(x, x, mask))
        return self.feed_forward_residual(tokens, self.feed_forward)


class DecoderLayer(nn.Module):
    """Causal self-attention, cross-attention to the source, then the feed-forward network.

    Source: Vaswani et al. 2017, section 3.1 and figure 1 (right).
    """

    def __init__(
        self,
        self_attention: MultiHeadAttention,
        cross_attention: MultiHeadAttention,
        feed_forward: nn.Module,
        residual: Callable[[], nn.Module],
    ) -> None:
        super().__init__()
        self.self_attention, self.cross_attention = self_attention, cross_attention
        self.feed_forward = feed_forward
        self.self_attention_residual, self.cross_attention_residual, self.feed_forward_residual = (
            residual(),
            residual(),
            residual(),
        )

    def forward(
        self,
        tokens: Float[Tensor, "batch target d"],
        past_kv: KeysValues | None,
        source: KeysValues,
        causal: Bool[Tensor, "#batch #target earlier"] | Causal | None,
        mask: Mask | None,
    ) -> tuple[Float[Tensor, "batch target d"], KeysValues]:
        """The tokens after this layer, and the keys and values of all tokens so far.

        `past_kv` holds those of tokens from earlier calls.
        """
        present_kv = past_kv

        def to_self(x: Tensor) -> Tensor:
            nonlocal present_kv
            attended, present_kv = self.self_attention.forward_cached(x, past_kv, causal)
            return attended

        def to_source(x: Tensor) -> Tensor:
            return self.cross_attention.attend(x, *source, mask)

        tokens = self.self_attention_residual(tokens, to_self)
        tokens = self.cross_attention_residual(tokens, to_source)
        return self.feed_forward_residual(tokens, self.feed_forward), present_kv


class Transformer(nn.Module):
    """Encoder and decoder over embedded tokens.

    Source: Vaswani et al. 2017, section 3; the defaults are the base model's (table 3). One matrix
    embeds both languages and, transposed, gives the logits (section 3.4), so both need the same
    vocabulary; with `shared=False` there are three matrices. `positions` is called with the
    maximum length and d, `residual` with d and the dropout, `attention` makes the attention
    function.

    Departure: embeddings start normal with a standard deviation of d ** -0.5, which section 3.4's
    scaling by sqrt(d) brings to 1; the paper does not give their initialisation.
    """

    def __init__(
        self,
        source_vocabulary: int,
        target_vocabulary: int,
        *,
        d_model: int = 512,
        layers: int = 6,
        heads: int = 8,
        d_head: int | None = None,
        d_key: int | None = None,
        d_ff: int = 2048,
        dropout: float = 0.1,
        positions: Callable[[int, int], nn.Module] = Sinusoidal,
        residual: Callable[[int, float], nn.Module] = PostNorm,
        attention: Callable[[], Attention] | None = None,
        shared: bool = True,
        max_length: int = 512,
        padding: int = 0,
    ) -> None:
        super().__init__()
        if shared and source_vocabulary != target_vocabulary:
            raise ValueError(
                f"vocabularies of {source_vocabulary} and {target_vocabulary} tokens cannot share "
                "an embedding; learn one for both languages, or pass shared=False"
            )
        self.d_model, self.padding = d_model, padding
        self.embedding = _embedding(source_vocabulary, d_model)
        self.target_embedding = self.embedding if shared else _embedding(target_vocabulary, d_model)
        self.output = nn.Linear(d_model, target_vocabulary, bias=False)
        if shared:
            self.output.weight = self.embedding.weight
        else:
            nn.init.normal_(self.output.weight, std=d_model**-0.5)
        self.positions = positions(max_length, d_model)
        self.dropout = Dropout(dropout)
        attend = partial(
            MultiHeadAttention,
            d_model,
            heads,
            d_head=d_head,
            d_key=d_key,
            attention=attention or DotProductAttention,
        )
        around = partial(residual, d_model, dropout)
        self.encoder = nn.ModuleList(
            EncoderLayer(attend(), FeedForward(d_model, d_ff), around) for _ in range(layers)
        )
        self.decoder = nn.ModuleList(
            DecoderLayer(attend(), attend(), FeedForward(d_model, d_ff), around)
            for _ in range(layers)
        )
        self.encoder_final_norm, self.decoder_final_norm = (
            residual.final_norm(d_model),
            residual.final_norm(d_model),
        )

    def embed(
        self, embedding: nn.Embedding, ids: Int[Tensor, "batch time"], start: int = 0
    ) -> Float[Tensor, "batch time d"]:
        """Embeddings times sqrt(d), with positions. Source: Vaswani et al. 2017, section 3.4."""
        return self.dropout(self.positions(embedding(ids) * math.sqrt(self.d_model), start))

    def encode(self, source: Int[Tensor, "batch source"]) -> tuple:
        """The mask of the source, and each decoder layer's keys and values of it."""
        mask = (source != self.padding)[:, None]
        tokens = self.embed(self.embedding, source)
        for layer in self.encoder:
            tokens = layer(tokens, mask)
        tokens = self.encoder_final_norm(tokens)
        return mask, *(
            KeysValues(*layer.cross_attention.keys_and_values(tokens)) for layer in self.decoder
        )

    def forward(
        self, source: Int[Tensor, "batch source"], target: Int[Tensor, "batch target"]
    ) -> Float[Tensor, "batch target vocabulary"]:
        """The logits of the token after each of `target`'s."""
        return self._decode(self.encode(source), target)

    def attention(
        self, source: Int[Tensor, "batch source"], target: Int[Tensor, "batch target"]
    ) -> Float[Tensor, "batch layer head target source"]:
        """The cross-attention weights of each head when the next token is predicted."""
        with watching(*(layer.cross_attention for layer in self.decoder)) as weights:
            self(source, target)
        return torch.stack(weights, 1)

    def _decode(
        self, memory: tuple, target: Int[Tensor, "batch target"]
    ) -> Float[Tensor, "batch target vocabulary"]:
        mask, *sources = memory
        tokens = self.embed(self.target_embedding, target)
        for layer, source in zip(self.decoder, sources, strict=True):
            tokens, _ = layer(tokens, None, source, CAUSAL, mask)
        return self.output(self.decoder_final_norm(tokens))

    def start(self, memory: tuple) -> tuple:
        """No keys and no values yet."""
        return tuple(KeysValues(*(part[:, :, :0] for part in source)) for source in memory[1:])

    def step(
        self, token: Int[Tensor, " batch"], memory: tuple, state: tuple
    ) -> tuple[Float[Tensor, "batch vocabulary"], tuple]:
        """Read one token: its keys and values join the state and are not recomputed."""
        mask, *sources = memory
        tokens = self.embed(self.target_embedding, token[:, None], start=state[0].keys.shape[2])
        present_kv = []
        for layer, past_kv, source in zip(self.decoder, state, sources, strict=True):
            tokens, keys_values = layer(tokens, past_kv, source, None, mask)
            present_kv.append(keys_values)
        return self.output(self.decoder_final_norm(tokens))[:, 0], tuple(present_kv)


def _embedding(vocabulary: int, d_model: int) -> nn.Embedding:
    embedding = nn.Embedding(vocabulary, d_model)
    nn.init.normal_(embedding.weight, std=d_model**-0.5)
    return embedding
