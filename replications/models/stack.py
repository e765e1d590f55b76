"""A stack of self-attention and feed-forward networks: the body of GPT and of BERT alike.

What tells them apart is the pattern of attention, and where the stack is normalised.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from replications.layers.attention import CAUSAL, Causal, KeysValues, MultiHeadAttention
from replications.layers.masks import Pattern, is_causal


class Parts(NamedTuple):
    """What the layers of a stack are made of.

    - `attention` is called with d and the heads, `feed_forward` with d and its inner width;
    - `norm` is called with d, `residual` with d, the dropout and the norm;
    - `pattern` says who may look at whom (layers/masks.py).
    """

    attention: Callable[[int, int], MultiHeadAttention]
    feed_forward: Callable[[int, int], nn.Module]
    norm: Callable[[int], nn.Module]
    residual: Callable[[int, float, Callable[[int], nn.Module]], nn.Module]
    pattern: Pattern


class AfterLayer(NamedTuple):
    """What could be seen of one layer."""

    tokens: Float[Tensor, "batch time d"]
    weights: Float[Tensor, "batch head time source"]


class Block(nn.Module):
    """Self-attention, then the feed-forward network, each in a residual block.

    Source: Radford et al. 2018, equation 2; Devlin et al. 2019, section 3.
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
        self,
        tokens: Float[Tensor, "batch time d"],
        before: KeysValues | None,
        allowed: Bool[Tensor, "#batch #time source"] | Causal | None,
        *,
        with_weights: bool = False,
    ) -> tuple[
        Float[Tensor, "batch time d"], KeysValues, Float[Tensor, "batch head time source"] | None
    ]:
        """The tokens one layer up, the keys and values of all so far, and the weights."""
        kept, weights = before, None

        def attend(x: Tensor) -> Tensor:
            nonlocal kept, weights
            attended, kept, weights = self.attention.attend_onward(
                x, before, allowed, with_weights=with_weights
            )
            return attended

        tokens = self.around_attention(tokens, attend)
        return self.around_feed_forward(tokens, self.feed_forward), kept, weights


class Stack(nn.Module):
    """Blocks on top of each other, and the norm that closes them if the residual asks for one."""

    def __init__(
        self, parts: Parts, *, d: int, layers: int, heads: int, inner: int, dropout: float
    ) -> None:
        super().__init__()
        around = partial(parts.residual, d, dropout, parts.norm)
        self.blocks = nn.ModuleList(
            Block(parts.attention(d, heads), parts.feed_forward(d, inner), around)
            for _ in range(layers)
        )
        self.closing = parts.residual.closing(d, parts.norm)
        self.pattern = parts.pattern

    def start(self) -> tuple[None, ...]:
        """Nothing has been read yet."""
        return (None,) * len(self.blocks)

    def forward(
        self,
        tokens: Float[Tensor, "batch time d"],
        state: tuple[KeysValues | None, ...],
        *,
        readable: Bool[Tensor, "batch source"] | None = None,
        seen: list[AfterLayer] | None = None,
    ) -> tuple[Float[Tensor, "batch time d"], tuple[KeysValues, ...]]:
        """The tokens after the last layer, and the keys and values of all tokens so far.

        `state` holds those of earlier calls. What is not `readable` nobody looks at. With a list
        `seen`, what each layer gives is appended to it.
        """
        start = length_of(state)
        source = torch.arange(start + tokens.shape[1], device=tokens.device)
        kept = []
        for number, (block, before) in enumerate(zip(self.blocks, state, strict=True)):
            allowed = self._allowed(number, source[start:], source, readable)
            tokens, keys_values, weights = block(
                tokens, before, allowed, with_weights=seen is not None
            )
            kept.append(keys_values)
            if seen is not None:
                seen.append(AfterLayer(tokens, weights))
        return self.closing(tokens), tuple(kept)

    def _allowed(
        self,
        layer: int,
        target: Int[Tensor, " target"],
        source: Int[Tensor, " source"],
        readable: Bool[Tensor, "batch source"] | None,
    ) -> Bool[Tensor, "#batch #target source"] | Causal | None:
        # A kernel of the card needs no matrix for the causal mask, and is faster without one.
        if source.is_cuda and readable is None and is_causal(self.pattern, layer):
            return CAUSAL
        return _both(self.pattern(layer, target, source), readable)


def length_of(state: tuple[KeysValues | None, ...]) -> int:
    """How many tokens have been read."""
    return 0 if state[0] is None else state[0].keys.shape[2]


def _both(
    pattern: Bool[Tensor, "target source"] | None, readable: Bool[Tensor, "batch source"] | None
) -> Bool[Tensor, "#batch #target source"] | None:
    if pattern is None:
        return None if readable is None else readable[:, None]
    return pattern[None] if readable is None else pattern[None] & readable[:, None]
