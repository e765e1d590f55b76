"""A stack of self-attention and feed-forward networks: the body of GPT and of BERT alike.

They differ in the attention mask, and in where the stack is normalised.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from replications.layers.attention import CAUSAL, Causal, SelfAttention
from replications.layers.key_value_cache import KeysValues, KeyValueCache
from replications.layers.masks import AttentionMask, is_causal


class Parts(NamedTuple):
    """What the layers of a stack are made of.

    - `attention` is called with d and the heads, `feed_forward` with d and d_ff;
    - `norm` is called with d, `residual` with d, the dropout and the norm;
    - `mask` says which positions may attend to which (layers/masks.py).
    """

    attention: Callable[[int, int], SelfAttention]
    feed_forward: Callable[[int, int], nn.Module]
    norm: Callable[[int], nn.Module]
    residual: Callable[[int, float, Callable[[int], nn.Module]], nn.Module]
    mask: AttentionMask


class Block(nn.Module):
    """Self-attention, then the feed-forward network, each in a residual block.

    Source: Radford et al. 2018, equation 2; Devlin et al. 2019, section 3.
    """

    def __init__(
        self,
        attention: SelfAttention,
        feed_forward: nn.Module,
        residual: Callable[[], nn.Module],
    ) -> None:
        super().__init__()
        self.attention, self.feed_forward = attention, feed_forward
        self.attention_residual, self.feed_forward_residual = residual(), residual()

    def forward(
        self,
        tokens: Float[Tensor, "batch time d"],
        past_kv: KeysValues | KeyValueCache | None,
        mask: Bool[Tensor, "#batch #time source"] | Causal | None,
    ) -> tuple[Float[Tensor, "batch time d"], KeysValues | KeyValueCache]:
        """The tokens after this block, and the keys and values of all so far."""
        present_kv = past_kv

        def attend(x: Tensor) -> Tensor:
            nonlocal present_kv
            attended, present_kv = self.attention.forward_cached(x, past_kv, mask)
            return attended

        tokens = self.attention_residual(tokens, attend)
        return self.feed_forward_residual(tokens, self.feed_forward), present_kv


class Stack(nn.Module):
    """Stacked blocks, and the final norm if the residual has one."""

    def __init__(
        self, parts: Parts, *, d_model: int, layers: int, heads: int, d_ff: int, dropout: float
    ) -> None:
        super().__init__()
        around = partial(parts.residual, d_model, dropout, parts.norm)
        self.blocks = nn.ModuleList(
            Block(parts.attention(d_model, heads), parts.feed_forward(d_model, d_ff), around)
            for _ in range(layers)
        )
        self.final_norm = parts.residual.final_norm(d_model, parts.norm)
        self.mask = parts.mask

    def start(self, capacity: int | None = None) -> tuple[KeyValueCache | None, ...]:
        """No keys and no values yet. With a `capacity`, memory is allocated for so many tokens."""
        if capacity is None:
            return (None,) * len(self.blocks)
        return tuple(KeyValueCache(capacity) for _ in self.blocks)

    def forward(
        self,
        tokens: Float[Tensor, "batch time d"],
        state: tuple[KeysValues | KeyValueCache | None, ...],
        *,
        padding_mask: Bool[Tensor, "batch source"] | None = None,
    ) -> tuple[Float[Tensor, "batch time d"], tuple[KeysValues | KeyValueCache, ...]]:
        """The tokens after the last layer, and the keys and values of all tokens so far.

        `state` holds those of earlier calls. No token attends to where `padding_mask` is False.
        """
        start = length_of(state)
        source = torch.arange(start + tokens.shape[1], device=tokens.device)
        present_kv = []
        for number, (block, past_kv) in enumerate(zip(self.blocks, state, strict=True)):
            mask = self._allowed(number, source[start:], source, padding_mask)
            tokens, keys_values = block(tokens, past_kv, mask)
            present_kv.append(keys_values)
        return self.final_norm(tokens), tuple(present_kv)

    def _allowed(
        self,
        layer: int,
        target: Int[Tensor, " target"],
        source: Int[Tensor, " source"],
        padding_mask: Bool[Tensor, "batch source"] | None,
    ) -> Bool[Tensor, "#batch #target source"] | Causal | None:
        if len(target) == 1 and padding_mask is None and is_causal(self.mask, layer):
            # A single token is the last one, and attends to all: it needs no mask.
            return None
        # Attention has a faster kernel for CAUSAL than for the same mask as a matrix.
        if padding_mask is None and is_causal(self.mask, layer):
            return CAUSAL
        return _both(self.mask(layer, target, source), padding_mask)


def length_of(state: tuple[KeysValues | KeyValueCache | None, ...]) -> int:
    """How many tokens have been read."""
    return 0 if state[0] is None else state[0].length


def _both(
    mask: Bool[Tensor, "target source"] | None, padding_mask: Bool[Tensor, "batch source"] | None
) -> Bool[Tensor, "#batch #target source"] | None:
    if mask is None:
        return None if padding_mask is None else padding_mask[:, None]
    return mask[None] if padding_mask is None else mask[None] & padding_mask[:, None]
