"""A trained LLaMA laid out for decoding: the same numbers in fewer and larger products.

A step of decoding multiplies matrices by a single vector a text. In a small network most of the
time goes into starting operations, not into doing them, so what can be one operation is one.
"""

import math
from typing import NamedTuple

import torch
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


class _Layer(NamedTuple):
    """A block's matrices, those that read the same vector above each other."""

    attention_gain: Float[Tensor, " d"]
    query_key_value: Float[Tensor, "both d"]
    output: Float[Tensor, "heads d"]
    feed_forward_gain: Float[Tensor, " d"]
    gate_inner: Float[Tensor, "twice d"]
    outer: Float[Tensor, "inner d"]


class FusedDecoder(nn.Module):
    """Steps of one token for networks of LLaMA's parts; prompts are read by the network itself.

    It gives the logits of the network. The weights are copies, made when it is built: a training
    that goes on does not reach them. Raises ReplicationError for a network of other parts.
    """

    def __init__(self, model: DecoderOnly) -> None:
        super().__init__()
        _refuse_other_parts(model)
        self.model = model
        first = model.stack.blocks[0].attention
        self.heads, self.kv_heads = first.heads, first.kv_heads
        self.d_head, self.base = first.rotary.d_head, first.rotary.base
        self.eps = model.stack.final_norm.eps
        with torch.no_grad():
            self._layers = tuple(_laid_out(block, self.d_head) for block in model.stack.blocks)
        self._turns: tuple[Tensor, Tensor] | None = None

    def start(self, batch: int, capacity: int) -> tuple[KeyValueCache, ...]:
        """Room for the keys and values of so many tokens."""
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
        x = self.model.embedding(ids[:, 0])
        cos, sin = self._turns_at(position, x.device)
        batch, queries = len(x), self.heads * self.d_head
        groups = (batch * self.kv_heads, self.heads // self.kv_heads, self.d_head)
        for layer, cache in zip(self._layers, state, strict=True):
            read = functional.rms_norm(x, x.shape[1:], layer.attention_gain, self.eps)
            # Queries, keys and values as rows of two halves; values are turned by nothing.
            made = functional.linear(read, layer.query_key_value).view(batch, -1, 2, len(cos[0, 0]))
            turned = torch.addcmul(made * cos, made.flip(2), sin).view(batch, -1)
            room = cache.one_more(batch)
            new = turned[:, queries:].view(batch, 2, self.kv_heads, self.d_head)
            room[:, :, :, position] = new.transpose(0, 1)
            keys, values = room[:, :, :, : position + 1].flatten(1, 2)
            query = turned[:, :queries].reshape(groups)
            weights = torch.bmm(query, keys.transpose(1, 2)).softmax(-1)
            context = torch.bmm(weights, values).view(batch, queries)
            x = torch.addmm(x, context, layer.output)
            read = functional.rms_norm(x, x.shape[1:], layer.feed_forward_gain, self.eps)
            gate, inner = functional.linear(read, layer.gate_inner).chunk(2, 1)
            x = torch.addmm(x, functional.silu(gate).mul_(inner), layer.outer)
        return self.model.output(self.model.stack.final_norm(x)), state

    def _turns_at(self, position: int, device: torch.device) -> tuple[Tensor, Tensor]:
        """Cosines and signed sines for each head of queries, keys and values."""
        if self._turns is None or len(self._turns[0]) <= position:
            length = max(64, 1 << position.bit_length())
            angles = rotary_angles(
                torch.arange(length, device=device).float(), self.d_head, base=self.base
            )
            rows = self.heads + 2 * self.kv_heads
            cos = torch.ones(length, rows, 2, self.d_head // 2, device=device)
            sin = torch.zeros_like(cos)
            turned = slice(0, self.heads + self.kv_heads)
            cos[:, turned] = angles.cos()[:, None, None]
            signs = torch.tensor([-1.0, 1.0], device=device)[:, None]
            sin[:, turned] = angles.sin()[:, None, None] * signs
            self._turns = cos, sin
        cos, sin = self._turns
        return cos[position], sin[position]


def _laid_out(block: Block, d_head: int) -> _Layer:
    attention, feed_forward = block.attention, block.feed_forward
    # The scores' scale is in the queries already.
    query = attention.query.weight / math.sqrt(d_head)
    return _Layer(
        block.attention_residual.norm.weight.detach().clone(),
        torch.cat((query, attention.key_value.weight)),
        attention.output.weight.T.contiguous(),
        block.feed_forward_residual.norm.weight.detach().clone(),
        torch.cat((feed_forward.gate.weight, feed_forward.inner.weight)),
        feed_forward.outer.weight.T.contiguous(),
    )


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
        and all(type(part) is nn.Linear and part.bias is None for part in linears)
        and isinstance(model.positions, NoPositions)
        and model.stack.mask is causal
    )
    if not fits:
        raise ReplicationError(
            "The fused decoder is for networks of LLaMA's parts: rotary positions that pair "
            "halves, gated feed-forward networks with a SiLU, RMSNorm before each, no biases, all "
            "earlier tokens seen, no rounded weights. Decode this one with the network itself."
        )
