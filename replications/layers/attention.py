"""Attention behind one interface: values averaged by how well a query matches their keys.

`mask` is True where a query may attend. A query that may attend nowhere gets zeros. The weights
pass through a HookPoint, where layers/watching.py records them.
"""

import enum
import math
from collections.abc import Callable
from typing import Protocol, runtime_checkable

import torch
from einops import rearrange
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional

from replications.layers.dropout import Dropout
from replications.layers.key_value_cache import KeysValues, KeyValueCache, after_past
from replications.layers.watching import HookPoint


class Causal(enum.Enum):
    """The causal mask without its matrix: fused kernels skip the masked positions."""

    CAUSAL = enum.auto()


CAUSAL = Causal.CAUSAL
"""Each target attends to the sources up to itself; the last target is the last source."""


@runtime_checkable
class Attention(Protocol):
    """Attention: a weighted mean of the values for each query."""

    def __call__(
        self,
        query: Float[Tensor, "*batch target q"],
        keys: Float[Tensor, "*batch source k"],
        values: Float[Tensor, "*batch source v"],
        mask: Bool[Tensor, "*#batch #target source"] | Causal | None,
    ) -> Float[Tensor, "*batch target v"]: ...


@runtime_checkable
class SelfAttention(Protocol):
    """A layer's self-attention: over its tokens and the earlier ones in `past_kv`."""

    def forward_cached(
        self,
        tokens: Float[Tensor, "batch target d"],
        past_kv: KeysValues | KeyValueCache | None,
        mask: Bool[Tensor, "#batch #target source"] | Causal | None,
    ) -> tuple[Float[Tensor, "batch target d"], KeysValues | KeyValueCache]: ...


def causal_mask(
    targets: int, sources: int, device: torch.device | None = None
) -> Bool[Tensor, "{targets} {sources}"]:
    """CAUSAL as a matrix. Source: Vaswani et al. 2017, section 3.2.3."""
    ones = torch.ones(targets, sources, dtype=torch.bool, device=device)
    return ones.tril(sources - targets)


def attention_weights(
    scores: Float[Tensor, "*batch target source"],
    mask: Bool[Tensor, "*#batch #target source"] | Causal | None,
) -> Float[Tensor, "*batch target source"]:
    """The softmax of the scores over the positions that the mask allows.

    It is taken in the precision of the scores: under autocast to bfloat16, CPUs stay in bfloat16
    and CUDA switches to float32.
    """
    if mask is None:
        return scores.softmax(-1)
    targets, sources = scores.shape[-2:]
    visible = causal_mask(targets, sources, scores.device) if mask is CAUSAL else mask
    if mask is CAUSAL:
        all_see = targets <= sources
    else:
        # On a GPU the test would block it.
        all_see = visible.device.type == "cpu" and bool(visible.any(-1).all())
    if all_see:
        # Adding takes one pass over the scores and none over their gradient; filling takes four.
        bias = torch.zeros_like(visible, dtype=scores.dtype).masked_fill(~visible, -math.inf)
        return (scores + bias).softmax(-1)
    # A query that may attend nowhere has a softmax of 0/0.
    return scores.masked_fill(~visible, -math.inf).softmax(-1).masked_fill(~visible, 0.0)


def fused_attention(
    query: Float[Tensor, "*batch target k"],
    keys: Float[Tensor, "*batch source k"],
    values: Float[Tensor, "*batch source v"],
    mask: Bool[Tensor, "*#batch #target source"] | Causal | None,
    *,
    dropout: float = 0.0,
) -> Float[Tensor, "*batch target v"]:
    """Dot-product attention in torch's fused kernels, which never write the scores to memory.

    Source: Dao et al. 2022 (FlashAttention). The flash kernel takes no mask matrix: it is used
    without a mask, and for CAUSAL with as many targets as sources.
    """
    causal = mask is CAUSAL
    if causal and query.shape[-2] != keys.shape[-2]:
        # torch aligns its own causal mask at the first target, and CAUSAL is aligned at the last.
        mask, causal = causal_mask(query.shape[-2], keys.shape[-2], query.device), False
    return functional.scaled_dot_product_attention(
        query,
        keys,
        values,
        attn_mask=None if causal else mask,
        dropout_p=dropout,
        is_causal=causal,
    )


class AdditiveAttention(nn.Module):
    """Scores v . tanh(W q + k), where k = U h is computed once for all queries by `keys`.

    Source: Bahdanau et al. 2014, section 3.1 and appendix A.1.2 (the alignment model a), with its
    initial values (appendix B.1): W and U normal with a standard deviation of 0.001, v zero.
    """

    def __init__(self, query: int, memory: int, size: int) -> None:
        super().__init__()
        self.query = nn.Linear(query, size, bias=False)
        self.keys = nn.Linear(memory, size, bias=False)
        self.score = nn.Parameter(torch.zeros(size))
        self.weights_hook = HookPoint()
        nn.init.normal_(self.query.weight, std=0.001)
        nn.init.normal_(self.keys.weight, std=0.001)

    def forward(
        self,
        query: Float[Tensor, "*batch target q"],
        keys: Float[Tensor, "*batch source k"],
        values: Float[Tensor, "*batch source v"],
        mask: Bool[Tensor, "*#batch #target source"] | Causal | None,
    ) -> Float[Tensor, "*batch target v"]:
        hidden = torch.tanh(self.query(query)[..., :, None, :] + keys[..., None, :, :])
        return self.weights_hook(attention_weights(hidden @ self.score, mask)) @ values


class DotProductAttention(nn.Module):
    """Scores q . k / sqrt(d_k), with dropout of the attention weights in training.

    Source: Vaswani et al. 2017, equation 1. The paper has no dropout of weights: 0 by default.
    """

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.dropout = Dropout(dropout)
        self.weights_hook = HookPoint()

    def forward(
        self,
        query: Float[Tensor, "*batch target k"],
        keys: Float[Tensor, "*batch source k"],
        values: Float[Tensor, "*batch source v"],
        mask: Bool[Tensor, "*#batch #target source"] | Causal | None,
    ) -> Float[Tensor, "*batch target v"]:
        if query.is_cuda and not self.weights_hook.watched:
            # On CPUs torch's fused kernel is slower than the products, in bfloat16 tenfold.
            dropout = self.dropout.p if self.training else 0.0
            return fused_attention(query, keys, values, mask, dropout=dropout)
        scores = query @ keys.transpose(-1, -2) / math.sqrt(query.shape[-1])
        weights = self.dropout(attention_weights(scores, mask))
        return self.weights_hook(weights) @ values


class MultiHeadAttention(nn.Module):
    """Attention heads in parallel, each with its own projection of queries, keys and values.

    Source: Vaswani et al. 2017, section 3.2.2. Keys and values have `d_head` dimensions in a
    head, d / heads unless given, and queries and keys `d_key` of their own where that is given
    (table 3, rows B); `attention` makes the attention function.
    Departure: like the authors' tensor2tensor and torch.nn, the projections of a self-attention
    are one matrix product; each of the three is initialised as a matrix of its own (Glorot).
    """

    def __init__(
        self,
        d_model: int,
        heads: int,
        *,
        d_head: int | None = None,
        d_key: int | None = None,
        attention: Callable[[], Attention] = DotProductAttention,
    ) -> None:
        super().__init__()
        if d_head is None and d_model % heads:
            raise ValueError(
                f"{d_model} dimensions cannot be split into {heads} heads; give `d_head`"
            )
        self.heads = heads
        values = heads * (d_head or d_model // heads)
        keys = heads * d_key if d_key else values
        self.widths = (keys, values)
        self.query = nn.Linear(d_model, keys)
        self.key_value = nn.Linear(d_model, keys + values)
        self.output = nn.Linear(values, d_model)
        self.attention = attention()
        both = self.key_value.weight.split(self.widths)
        for part in (self.query.weight, *both, self.output.weight):
            nn.init.xavier_uniform_(part.detach())
        for layer in (self.query, self.key_value, self.output):
            nn.init.zeros_(layer.bias)

    def keys_and_values(
        self, memory: Float[Tensor, "batch source d"]
    ) -> tuple[Float[Tensor, "batch head source k"], Float[Tensor, "batch head source v"]]:
        """Keys and values of a memory, computed once where many queries attend to it."""
        keys, values = (
            rearrange(part, "b s (h k) -> b h s k", h=self.heads)
            for part in self.key_value(memory).split(self.widths, -1)
        )
        return keys, values

    def attend(
        self,
        query: Float[Tensor, "batch target d"],
        keys: Float[Tensor, "batch head source k"],
        values: Float[Tensor, "batch head source v"],
        mask: Bool[Tensor, "#batch #target source"] | Causal | None,
    ) -> Float[Tensor, "batch target d"]:
        """Attend to keys and values that are already computed."""
        query = rearrange(self.query(query), "b t (h k) -> b h t k", h=self.heads)
        mask = mask[:, None] if isinstance(mask, Tensor) else mask
        context = self.attention(query, keys, values, mask)
        return self.output(rearrange(context, "b h t k -> b t (h k)"))

    def forward_cached(
        self,
        tokens: Float[Tensor, "batch target d"],
        past_kv: KeysValues | KeyValueCache | None,
        mask: Bool[Tensor, "#batch #target source"] | Causal | None,
    ) -> tuple[Float[Tensor, "batch target d"], KeysValues | KeyValueCache]:
        """Tokens attend to themselves and to earlier ones, whose keys and values are `past_kv`.

        Returns the outputs, and the keys and values of all tokens so far.
        """
        present_kv = after_past(past_kv, KeysValues(*self.keys_and_values(tokens)))
        return self.attend(tokens, present_kv.keys, present_kv.values, mask), present_kv

    def forward(
        self,
        query: Float[Tensor, "batch target d"],
        memory: Float[Tensor, "batch source d"],
        mask: Bool[Tensor, "#batch #target source"] | Causal | None,
    ) -> Float[Tensor, "batch target d"]:
        keys, values = self.keys_and_values(memory)
        return self.attend(query, keys, values, mask)
