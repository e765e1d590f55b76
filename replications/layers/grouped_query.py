"""Grouped-query attention: several query heads share one head of keys and values."""

from collections.abc import Callable

from einops import rearrange
from jaxtyping import Bool, Float
from torch import Tensor, nn

from replications.layers.attention import (
    Attention,
    Causal,
    DotProductAttention,
    KeysValues,
    after_past,
)
from replications.layers.key_value_cache import KeyValueCache
from replications.layers.watching import is_watched


class GroupedQueryAttention(nn.Module):
    """Self-attention with `kv_heads` key-value heads, each shared by heads / kv_heads query heads.

    Source: Ainslie et al. 2023 (arXiv:2305.13245), section 2.2; Touvron et al. 2023
    (arXiv:2307.09288), section 2.1. With as many `kv_heads` as heads, the default, it is
    multi-head attention; with one it is multi-query attention (Shazeer 2019, arXiv:1911.02150).

    `rotary` is called with the dimensions of a head and rotates queries and keys by their positions
    (layers/rotary.py); without it there is no positional encoding. `linear` makes the projections;
    LLaMA's have no biases. `attention` makes the attention function. Raises ValueError where the
    heads do not divide evenly.
    """

    def __init__(
        self,
        d_model: int,
        heads: int,
        *,
        kv_heads: int | None = None,
        d_head: int | None = None,
        rotary: Callable[[int], nn.Module] | None = None,
        linear: Callable[[int, int], nn.Module] = nn.Linear,
        attention: Callable[[], Attention] = DotProductAttention,
    ) -> None:
        super().__init__()
        kv_heads = heads if kv_heads is None else kv_heads
        if d_head is None and d_model % heads:
            raise ValueError(
                f"{d_model} dimensions cannot be split into {heads} heads; give `d_head`"
            )
        if kv_heads < 1 or heads % kv_heads:
            raise ValueError(
                f"{heads} heads of queries cannot share {kv_heads} of keys and values evenly; give "
                "a `kv_heads` that divides them"
            )
        d_head = d_head or d_model // heads
        self.heads, self.kv_heads = heads, kv_heads
        self.query = linear(d_model, heads * d_head)
        self.key_value = linear(d_model, 2 * kv_heads * d_head)
        self.output = linear(heads * d_head, d_model)
        self.rotary = None if rotary is None else rotary(d_head)
        self.attention = attention()

    def forward_cached(
        self,
        tokens: Float[Tensor, "batch target d"],
        past_kv: KeysValues | KeyValueCache | None,
        mask: Bool[Tensor, "#batch #target source"] | Causal | None,
    ) -> tuple[Float[Tensor, "batch target d"], KeysValues | KeyValueCache]:
        """Tokens attend to themselves and to those before them, whose keys are in `past_kv`.

        The keys are stored rotated by their positions. Returns the outputs, and the keys and values
        of all tokens so far.
        """
        start = 0 if past_kv is None else past_kv.length
        query = rearrange(self.query(tokens), "b t (h k) -> b h t k", h=self.heads)
        keys, values = rearrange(
            self.key_value(tokens), "b t (two g k) -> two b g t k", two=2, g=self.kv_heads
        )
        if self.rotary is not None:
            query, keys = self.rotary(query, start), self.rotary(keys, start)
        present_kv = after_past(past_kv, KeysValues(keys, values))
        context = self._attend(query, present_kv.keys, present_kv.values, mask)
        context = rearrange(context, "b h t k -> b t (h k)")
        return self.output(context), present_kv

    def _attend(
        self,
        query: Float[Tensor, "batch head target k"],
        keys: Float[Tensor, "batch kv_head source k"],
        values: Float[Tensor, "batch kv_head source k"],
        mask: Bool[Tensor, "#batch #target source"] | Causal | None,
    ) -> Float[Tensor, "batch head target k"]:
        mask = mask[:, None] if isinstance(mask, Tensor) else mask
        shared = self.heads // self.kv_heads
        if shared == 1:
            return self.attention(query, keys, values, mask)
        if mask is None and not is_watched(self.attention):
            # The queries of a group are joined along time, to attend to the keys that they share:
            # nothing is copied, which is what makes decoding cheaper.
            grouped = rearrange(query, "b (g r) t k -> b g (r t) k", r=shared)
            context = self.attention(grouped, keys, values, None)
            return rearrange(context, "b g (r t) k -> b (g r) t k", r=shared)
        # Neighbouring query heads share: each key head is repeated in place, not the list of heads.
        keys, values = (part.repeat_interleave(shared, 1) for part in (keys, values))
        return self.attention(query, keys, values, mask)
