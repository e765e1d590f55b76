"""Attention weights of a Transformer on one pair of sentences, by layer and head."""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from replications.decoding.inference import inference
from replications.layers.watching import watching
from replications.models.transformer import Transformer


class AttentionMaps(NamedTuple):
    """Weights of the three kinds of attention; each row is a query, and sums to 1.

    A target row belongs to the input token from which the next one is predicted.
    """

    encoder: Float[Tensor, "layer head source source"]
    decoder_self: Float[Tensor, "layer head target target"]
    cross: Float[Tensor, "layer head target source"]


def record_attention(
    model: Transformer, source: Int[Tensor, " source"], target: Int[Tensor, " target"]
) -> AttentionMaps:
    """The attention weights of a model on a source, and on a target by teacher forcing.

    Source: Vaswani et al. 2017, figures 3 to 5. The model runs as in evaluation: without dropout.
    """
    with (
        inference(model),
        watching(model.encoder) as encoder,
        watching(*(layer.self_attention for layer in model.decoder)) as decoder,
        watching(*(layer.cross_attention for layer in model.decoder)) as cross,
    ):
        model(source[None], target[None])
    return AttentionMaps(*(torch.cat(seen) for seen in (encoder, decoder, cross)))
