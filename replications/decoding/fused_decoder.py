"""A trained LLaMA laid out for decoding: the same logits by fewer and larger products.

A step of decoding multiplies matrices by a single vector for each text. In a small network most of
the time goes into launching operations, so as many as possible are fused.
"""

import math
from typing import NamedTuple

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from replications.errors import ReplicationError
from replications.layers.feed_forward import GatedFeedForward
from replications.layers.grouped_query import GroupedQueryAttention
from replications.layers.key_value_cache import KeyValueCache
from replications.layers.masks import causal
from replications.layers.norms import RMSNorm
from replications.layers.positions import NoPositions
from replications.layers.residual import PreNorm
from replications.layers.rotary import Rotary, halves, rotary_angles
from replications.models.decoder_only import DecoderOnly
from replications.models.stack import Block

# The batch size for which oneDNN chooses a layout, and the least one that gains from it.
_ROWS, _LEAST_ROWS = 16, 3


class _Layer(NamedTuple):
    """A block's matrices, concatenated where they share an input, with gains multiplied in."""

    query_key_value: Float[Tensor, "both d"]
    output: Float[Tensor, "heads d"]
    gate_inner: Float[Tensor, "twice d"]
    outer: Float[Tensor, "inner d"]


class FusedDecoder(nn.Module):
    """Steps of one token for networks of LLaMA's parts; prompts are read by the network itself.

    The logits are those of the network. The weights are copies, made when it is built: later
    training does not change them. Raises ReplicationError for a network of other parts.

    A norm's gain is multiplied into the matrix that follows it, and so is the root of d, so that
    one division remains of the norm. The rows of a key-value head are grouped: its queries, its
    key, its value. A single text is decoded by one thread: handing work of a few microseconds to a
    second one takes longer than doing it.
    """

    def __init__(self, model: DecoderOnly) -> None:
        super().__init__()
        _refuse_other_parts(model)
        self.model = model
        first = model.stack.blocks[0].attention
        self.kv_heads, self.group = first.kv_heads, first.heads // first.kv_heads
        self.d_head, self.base = first.rotary.d_head, first.rotary.base
        with torch.no_grad():
            self._layers = tuple(_laid_out(block, self) for block in model.stack.blocks)
            self._embedding = model.embedding.weight.clone()
            self._logits = _Product(model.output.weight * _gain(model.stack.final_norm))
        eps = math.sqrt(model.embedding.embedding_dim * model.stack.final_norm.eps)
        self._root_eps = self._embedding.new_full((1, 1), eps)
        self._turns: tuple[tuple[Tensor, Tensor], ...] = ()

    def start(self, batch: int, capacity: int) -> tuple[KeyValueCache, ...]:
        """An empty cache for so many tokens."""
        return self.model.start(batch, capacity)

    def step(
        self, ids: Int[Tensor, "batch new"], state: tuple[KeyValueCache, ...]
    ) -> tuple[Float[Tensor, "batch vocabulary"], tuple[KeyValueCache, ...]]:
        """The logits after the last of the tokens; their keys and values are written into `state`.

        Raises ReplicationError where the cache is full.
        """
        position = state[0].length
        if ids.shape[1] > 1 or not position:
            return self.model.step(ids, state)
        threads = torch.get_num_threads()
        try:
            if len(ids) == 1:
                torch.set_num_threads(1)
            return self._decode(ids[:, 0], position, state), state
        finally:
            torch.set_num_threads(threads)

    def _decode(
        self, ids: Int[Tensor, " batch"], position: int, state: tuple[KeyValueCache, ...]
    ) -> Float[Tensor, "batch vocabulary"]:
        x = torch.embedding(self._embedding, ids)
        cos, sin = self._turns_at(position, x.device)
        batch, queries = len(x), self.group
        rows = (batch * self.kv_heads, queries + 2, 2, self.d_head // 2)
        heads = (batch * self.kv_heads, queries + 2, self.d_head)
        for layer, cache in zip(self._layers, state, strict=True):
            # Queries, keys and values as rows of two halves; values are not rotated.
            made = functional.linear(self._normed(x), layer.query_key_value).view(rows)
            turned = torch.addcmul(made * cos, made.flip(2), sin).view(heads)
            room = cache.one_more(batch)
            room.by_position.select(2, position).copy_(turned.narrow(1, queries, 2))
            keys = room.across.narrow(2, 0, position + 1)
            weights = torch.bmm(turned.narrow(1, 0, queries), keys).softmax(-1)
            mixed = torch.bmm(weights, room.values.narrow(1, 0, position + 1))
            x = torch.addmm(x, mixed.view(batch, -1), layer.output)
            gate, inner = functional.linear(self._normed(x), layer.gate_inner).chunk(2, 1)
            x = torch.addmm(x, functional.silu(gate).mul_(inner), layer.outer)
        return self._logits(self._normed(x))

    def _normed(self, x: Float[Tensor, "batch d"]) -> Float[Tensor, "batch d"]:
        """RMSNorm without gain and root of d: x / sqrt(|x|^2 + d eps), in three operations."""
        norm = torch.linalg.vector_norm(x, dim=1, keepdim=True)
        return x / torch.hypot(norm, self._root_eps)

    def _turns_at(self, position: int, device: torch.device) -> tuple[Tensor, Tensor]:
        """Cosines and signed sines for the rows of a head of keys: queries, key and value."""
        if len(self._turns) <= position:
            length = max(64, 1 << position.bit_length())
            angles = rotary_angles(
                torch.arange(length, device=device).float(), self.d_head, base=self.base
            )
            cos = torch.ones(length, self.group + 2, 2, self.d_head // 2, device=device)
            sin = torch.zeros_like(cos)
            turned = slice(0, self.group + 1)
            cos[:, turned] = angles.cos()[:, None, None]
            signs = torch.tensor([-1.0, 1.0], device=device)[:, None]
            sin[:, turned] = angles.sin()[:, None, None] * signs
            self._turns = tuple(zip(cos, sin, strict=True))
        return self._turns[position]


class _Product:
    """Products with one large matrix, such as that of the logits.

    On a CPU a copy is held in the layout in which oneDNN reads it, which for several rows takes
    less than half of the time; for one or two, a plain product is faster.
    """

    def __init__(self, weight: Float[Tensor, "out d"]) -> None:
        self.weight = weight.contiguous()
        self._packed = None
        if weight.device.type == "cpu" and hasattr(torch.ops.mkldnn, "_reorder_linear_weight"):
            self._packed = torch.ops.mkldnn._reorder_linear_weight(self.weight, _ROWS)

    def __call__(self, x: Float[Tensor, "batch d"]) -> Float[Tensor, "batch out"]:
        if self._packed is None or len(x) < _LEAST_ROWS:
            return functional.linear(x, self.weight)
        return torch.ops.mkldnn._linear_pointwise(x, self._packed, None, "none", [], "")


def _laid_out(block: Block, decoder: FusedDecoder) -> _Layer:
    attention, feed_forward = block.attention, block.feed_forward
    sizes = {"kv": decoder.kv_heads, "k": decoder.d_head}
    # The scale of the scores is multiplied into the queries.
    query = rearrange(
        attention.query.weight / math.sqrt(decoder.d_head),
        "(kv group k) d -> kv group k d",
        **sizes,
    )
    key_value = rearrange(attention.key_value.weight, "(two kv k) d -> kv two k d", **sizes)
    rows = rearrange(torch.cat((query, key_value), 1), "kv row k d -> (kv row k) d")
    gate_inner = torch.cat((feed_forward.gate.weight, feed_forward.inner.weight))
    return _Layer(
        rows * _gain(block.attention_residual.norm),
        attention.output.weight.T.contiguous(),
        gate_inner * _gain(block.feed_forward_residual.norm),
        feed_forward.outer.weight.T.contiguous(),
    )


def _gain(norm: RMSNorm) -> Float[Tensor, " d"]:
    return norm.weight * math.sqrt(len(norm.weight))


def _refuse_other_parts(model: DecoderOnly) -> None:
    blocks = list(model.stack.blocks)
    attentions = [block.attention for block in blocks]
    residuals = [
        part for block in blocks for part in (block.attention_residual, block.feed_forward_residual)
    ]
    feed_forwards = [block.feed_forward for block in blocks]
    linears = [
        part
        for block in blocks
        for name, part in block.named_modules()
        if name.rpartition(".")[2] in ("query", "key_value", "output", "gate", "inner", "outer")
    ]
    fits = (
        all(isinstance(part, GroupedQueryAttention) for part in attentions)
        and all(isinstance(part.rotary, Rotary) for part in attentions)
        and all(part.rotary.pairing is halves for part in attentions)
        and all(isinstance(part, GatedFeedForward) for part in feed_forwards)
        and all(isinstance(part.activation, nn.SiLU) for part in feed_forwards)
        and all(isinstance(part, PreNorm) for part in residuals)
        and all(isinstance(part.norm, RMSNorm) for part in residuals)
        and all(part.norm.eps == model.stack.final_norm.eps for part in residuals)
        and all(type(part) is nn.Linear and part.bias is None for part in linears)
        and type(model.output) is nn.Linear
        and model.output.bias is None
        and isinstance(model.positions, NoPositions)
        and model.stack.mask is causal
    )
    if not fits:
        raise ReplicationError(
            "The fused decoder is for networks of LLaMA's parts: rotary positions that pair "
            "halves, gated feed-forward networks with a SiLU, RMSNorm before each, no biases, a "
            "full causal mask, no quantised weights. Decode this one with the network itself."
        )
