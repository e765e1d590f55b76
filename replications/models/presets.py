"""The parts of the papers' networks; vocabulary and sizes are left to the caller.

    model = GPT2(50_257, d_model=768, layers=12, heads=12, d_ff=3072, max_length=1024)

A recipe without dropout changes two parts: `dropout=0.0, attention=MultiHeadAttention`.
"""

from functools import partial

from torch import nn

from replications.layers.attention import DotProductAttention, MultiHeadAttention
from replications.layers.feed_forward import FeedForward, GatedFeedForward
from replications.layers.grouped_query import GroupedQueryAttention
from replications.layers.masks import alternating_bands, bidirectional, causal
from replications.layers.norms import RMSNorm
from replications.layers.output import tied, untied
from replications.layers.positions import LearnedPositions, NoPositions
from replications.layers.residual import PostNorm, PreNorm
from replications.layers.rotary import Rotary
from replications.models.decoder_only import DecoderOnly
from replications.models.encoder_only import EncoderOnly
from replications.models.initialisation import normal, scaled_normal, truncated_normal
from replications.models.task_heads import MaskedLanguage, NextSentence

_dropping_weights = partial(MultiHeadAttention, attention=partial(DotProductAttention, dropout=0.1))
_tanh_gelu = partial(nn.GELU, approximate="tanh")

GPT1 = partial(
    DecoderOnly,
    dropout=0.1,
    positions=LearnedPositions,
    attention=_dropping_weights,
    feed_forward=partial(FeedForward, activation=_tanh_gelu),
    norm=partial(nn.LayerNorm, eps=1e-5),
    residual=PostNorm,
    mask=causal,
    output=tied,
    initialise=normal,
)
"""Source: Radford et al. 2018, section 4.1; the GELU's form and the norm's epsilon are those of the
code beside the paper (openai/finetune-transformer-lm, train.py).

Departure: in that code one matrix embeds tokens and positions, the softmax runs over all its rows,
and dropout is applied to the matrix itself. Here, as in transformers, positions have a matrix of
their own, are never predicted, and dropout is applied to the sum of both."""

GPT2 = partial(GPT1, residual=PreNorm, initialise=scaled_normal)
"""Source: Radford et al. 2019, section 2.3. `PreNorm` adds the final norm, too.

Departure: the paper gives no dropout; GPT-1's is kept, as in the published configurations."""

GPT3 = partial(GPT2, mask=partial(alternating_bands, width=128))
"""Source: Brown et al. 2020, section 2.1.

Departure: the width of the band is not published, and 128 is our choice; nor is the dropout."""

_no_bias = partial(nn.Linear, bias=False)

LLaMA = partial(
    GPT3,
    dropout=0.0,
    positions=NoPositions,
    attention=partial(GroupedQueryAttention, rotary=Rotary, linear=_no_bias),
    feed_forward=partial(GatedFeedForward, linear=_no_bias),
    norm=RMSNorm,
    mask=causal,
    output=untied,
)
"""Source: Touvron et al. 2023 (arXiv:2302.13971), section 2.2; what the paper does not say, such as
the missing biases and the output's own matrix, is in the code beside it (meta-llama/llama).
`swiglu_width` of layers/feed_forward.py gives its `d_ff`. No part has a maximum length, and
`max_length` has no effect.

Departure: the initialisation is not published; GPT-3's is kept."""

LLaMA2 = partial(
    LLaMA,
    attention=partial(GroupedQueryAttention, kv_heads=8, rotary=Rotary, linear=_no_bias),
    norm=partial(RMSNorm, eps=1e-5),
)
"""Source: Touvron et al. 2023 (arXiv:2307.09288), section 2.2 and table 1: grouped queries, with 8
heads of keys and values, in the 34B and the 70B. The 7B and the 13B are `LLaMA` with this norm."""

BERT = partial(
    EncoderOnly,
    dropout=0.1,
    positions=LearnedPositions,
    attention=_dropping_weights,
    feed_forward=partial(FeedForward, activation=nn.GELU),
    norm=partial(nn.LayerNorm, eps=1e-12),
    residual=PostNorm,
    mask=bidirectional,
    tasks={
        "masked": partial(
            MaskedLanguage, activation=nn.GELU, norm=partial(nn.LayerNorm, eps=1e-12)
        ),
        "next_sentence": NextSentence,
    },
    initialise=truncated_normal,
)
"""Source: Devlin et al. 2019, sections 3 and A.2; the norm's epsilon is that of transformers.

Departure: the GELU is the exact one, as in transformers; the code beside the paper, as last
published, computes the tanh form (google-research/bert, modeling.py).

The unidirectional model of table 5 (LTR) is `partial(BERT, mask=causal)`."""
