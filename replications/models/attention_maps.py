"""All the attention of a Transformer on one pair of sentences, layer by layer and head by head."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from replications.layers.attention import MultiHeadAttention
from replications.models.transformer import Transformer


class AttentionMaps(NamedTuple):
    """Weights of the three kinds of attention; each row is a query, and sums to 1.

    A target row is at the token that is read when the next one is predicted.
    """

    encoder: Float[Tensor, "layer head source source"]
    decoder_self: Float[Tensor, "layer head target target"]
    cross: Float[Tensor, "layer head target source"]


@torch.no_grad()
def record_attention(
    model: Transformer, source: Int[Tensor, " source"], target: Int[Tensor, " target"]
) -> AttentionMaps:
    """The weights with which a model reads a source, and a target by teacher forcing.

    Source: Vaswani et al. 2017, figures 3 to 5. The model computes what it computes without being
    watched, as in evaluation: without dropout.
    """
    training = model.training
    model.eval()
    try:
        with (
            _watched(layer.attention for layer in model.encoder) as encoder,
            _watched(layer.self_attention for layer in model.decoder) as decoder,
            _watched(layer.cross_attention for layer in model.decoder) as cross,
        ):
            model(source[None], target[None])
    finally:
        model.train(training)
    return AttentionMaps(*(torch.cat(seen) for seen in (encoder, decoder, cross)))


@contextmanager
def _watched(parts: Iterable[MultiHeadAttention]) -> Iterator[list[Tensor]]:
    """Collects the weights of each use of the parts, in the order of use."""
    seen: list[Tensor] = []
    with ExitStack() as stack:
        for part in parts:
            stack.enter_context(_watch(part, seen))
        yield seen


@contextmanager
def _watch(part: MultiHeadAttention, seen: list[Tensor]) -> Iterator[None]:
    # A hook would not do: it sees what `attend` was asked for, and nobody asks for the weights.
    attend = part.attend

    def watched(*where: Tensor | None, with_weights: bool = False) -> tuple[Tensor, Tensor | None]:
        attended, weights = attend(*where, with_weights=True)
        seen.append(weights)
        return attended, weights if with_weights else None

    part.attend = watched
    try:
        yield
    finally:
        del part.attend
