"""The recipes of the chapter on LLaMA at tier `gpu`: ten million parameters without embeddings."""

from functools import partial

from torch import nn

from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.documents import corpus_documents
from replications.corpora.texts.learned_tokenizers import byte_level
from replications.layers.attention import MultiHeadAttention
from replications.layers.feed_forward import FeedForward, GatedFeedForward
from replications.layers.grouped_query import GroupedQueryAttention
from replications.layers.masks import causal
from replications.layers.norms import RMSNorm
from replications.layers.output import tied
from replications.layers.positions import NoPositions
from replications.layers.rotary import Rotary
from replications.metrics.language.quantised_likelihood import quantised_likelihood
from replications.metrics.language.text_likelihood import bits_per_byte
from replications.metrics.mixed_precision import in_bfloat16
from replications.models.initialisation import scaled_normal
from replications.models.presets import GPT3
from replications.objectives.causal_language_model import CausalLanguageModel
from replications.objectives.schedules import cosine
from replications.papers.llama.recipes import ROUNDED, optimiser, watch
from replications.recipes import Recipe
from replications.training.trainers import train

_WIDTH, _LAYERS, _HEADS, _KV_HEADS = 384, 6, 6, 2
_LENGTH, _SEQUENCES, _EPOCHS = 256, 64, 8
TOKENS = 1 << 25
"""As many as the chapter on GPT-2 reads at this tier: most of what these articles have, once."""
# The learning rate that chapter found for this width, and twice it.
RATES = {"": 1.5e-3, "-high-rate": 3e-3}

_no_bias = partial(nn.Linear, bias=False)
_saved = 2 * _WIDTH * (_HEADS - _KV_HEADS) * (_WIDTH // _HEADS)
_llama = {
    "norm": RMSNorm,
    "positions": NoPositions,
    "feed_forward": partial(GatedFeedForward, linear=_no_bias),
    "d_ff": 8 * _WIDTH // 3,
    "attention": partial(GroupedQueryAttention, rotary=Rotary, linear=_no_bias),
}
RUNGS: dict[str, dict[str, object]] = {
    "gpt3": {
        "feed_forward": partial(FeedForward, activation=partial(nn.GELU, approximate="tanh")),
        "d_ff": 4 * _WIDTH,
        "attention": MultiHeadAttention,
    },
    "llama": _llama,
    "gqa": {
        **_llama,
        "attention": partial(
            GroupedQueryAttention, kv_heads=_KV_HEADS, rotary=Rotary, linear=_no_bias
        ),
        "d_ff": 8 * _WIDTH // 3 + round(_saved / (3 * _WIDTH)),
    },
}

_data = partial(
    TokenStream,
    text=partial(corpus_documents, corpus="wikipedia-en-2018", test_stride=10),
    tokenizer=partial(byte_level, merges=8_000),
    length=_LENGTH,
    sequences_per_batch=_SEQUENCES,
    tokens_per_epoch=TOKENS // _EPOCHS,
)


def candidates(rung: str) -> tuple[str, ...]:
    """The recipes of a rung, one for each learning rate."""
    return tuple(f"{rung}{suffix}" for suffix in RATES)


def _rung(name: str, suffix: str) -> Recipe:
    return Recipe(
        name=f"{name}{suffix}",
        data=_data,
        learner=partial(
            train,
            objective=partial(
                CausalLanguageModel,
                model=partial(
                    GPT3,
                    d_model=_WIDTH,
                    layers=_LAYERS,
                    heads=_HEADS,
                    max_length=_LENGTH,
                    dropout=0.0,
                    mask=causal,
                    output=tied,
                    initialise=partial(scaled_normal, std=0.028),
                    **RUNGS[name],
                ),
                optimiser=optimiser,
                schedule=partial(cosine, learning_rate=RATES[suffix], warmup=0.03, floor=0.1),
                clip=1.0,
            ),
            epochs=_EPOCHS,
            precision="bf16-mixed",
            watch=watch,
        ),
        metrics=(
            partial(in_bfloat16, metrics=(bits_per_byte,)),
            *(
                (partial(quantised_likelihood, ways=ROUNDED),)
                if (name, suffix) == ("llama", "")
                else ()
            ),
        ),
        minutes=60.0,
    )


RECIPES = tuple(_rung(name, suffix) for name in RUNGS for suffix in RATES)
