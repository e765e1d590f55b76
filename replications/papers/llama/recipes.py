"""The recipes of the chapter on LLaMA at tier `laptop`, and which corpora each tier reads."""

from functools import partial

from torch import nn

from replications.corpora.batches.instruction_batches import InstructionBatches
from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.documents import corpus_documents
from replications.corpora.texts.instructed.instruction_answers import corpus_instructions
from replications.corpora.texts.learned_tokenizers import byte_level
from replications.layers.attention import MultiHeadAttention
from replications.layers.feed_forward import FeedForward, GatedFeedForward
from replications.layers.grouped_query import GroupedQueryAttention
from replications.layers.masks import causal
from replications.layers.norms import RMSNorm
from replications.layers.output import tied
from replications.layers.positions import NoPositions
from replications.layers.rotary import Rotary
from replications.metrics.language.answers import answer_likelihood
from replications.metrics.language.context_lengths import likelihood_by_context
from replications.metrics.language.quantised_likelihood import quantised_likelihood
from replications.metrics.language.text_likelihood import bits_per_byte
from replications.metrics.mixed_precision import in_bfloat16
from replications.models.initialisation import scaled_normal
from replications.models.presets import GPT3
from replications.objectives.causal_language_model import CausalLanguageModel
from replications.objectives.instruction_tuning import InstructionTuning
from replications.objectives.optimisers import adamw
from replications.objectives.schedules import cosine
from replications.recipes import Recipe
from replications.training.trainers import train

CORPORA = {
    "smoke": ("world-stories",),
    "laptop": ("wikipedia-en-2018", "alpaca-part", "self-instruct-seed-tasks"),
}

LENGTH = 128
# A ladder from GPT-3 to LLaMA and on to Llama 2: each rung keeps the parts of those before it. All
# have one matrix for embedding and output and see all tokens before them, so that what changes is
# what the paper's section 2.2 lists, and the parameters stay the same within 1 %.
WIDTH, LAYERS, HEADS = 96, 3, 6
_bias, _no_bias = nn.Linear, partial(nn.Linear, bias=False)
_rms, _gated = {"norm": RMSNorm}, {"feed_forward": GatedFeedForward, "d_ff": 8 * WIDTH // 3}


def _attention(linear: object, kv_heads: int = HEADS) -> partial:
    return partial(GroupedQueryAttention, kv_heads=kv_heads, rotary=Rotary, linear=linear)


def _grouped(kv_heads: int) -> dict[str, object]:
    """LLaMA's parts with fewer heads of keys; the feed-forward network takes what they save.

    Source: Touvron et al. 2023 (arXiv:2307.09288), appendix A.2.1, which widens it likewise.
    """
    saved = 2 * WIDTH * (HEADS - kv_heads) * (WIDTH // HEADS)
    return {
        **RUNGS["llama"],
        "attention": _attention(_no_bias, kv_heads),
        "d_ff": 8 * WIDTH // 3 + round(saved / (3 * WIDTH)),
    }


_rotary = {"positions": NoPositions, "attention": _attention(_bias)}
RUNGS: dict[str, dict[str, object]] = {
    "gpt3": {
        "feed_forward": partial(FeedForward, activation=partial(nn.GELU, approximate="tanh")),
        "d_ff": 4 * WIDTH,
        "attention": MultiHeadAttention,
    },
}
RUNGS["rmsnorm"] = {**RUNGS["gpt3"], **_rms}
RUNGS["swiglu"] = {**RUNGS["rmsnorm"], **_gated}
RUNGS["rotary"] = {**RUNGS["swiglu"], **_rotary}
RUNGS["llama"] = {
    **RUNGS["rotary"],
    "attention": _attention(_no_bias),
    "feed_forward": partial(GatedFeedForward, linear=_no_bias),
}
RUNGS["gqa"] = _grouped(2)
RUNGS["mqa"] = _grouped(1)
IN_WORDS = {
    "gpt3": "GPT-3",
    "rmsnorm": "+ RMSNorm",
    "swiglu": "+ SwiGLU",
    "rotary": "+ rotary positions",
    "llama": "without biases: LLaMA",
    "gqa": "grouped queries: Llama 2",
    "mqa": "multi-query",
}

# Three learning rates on every rung, of which a claim takes the best on the validation part. The
# middle ones are from pilots with half of the tokens and another seed: of 2e-3, 4e-3 and 8e-3 the
# second was best for GPT-3, and the third for LLaMA.
RATES = {"-low-rate": 0.5, "": 1.0, "-high-rate": 2.0}
_LEARNED, _TURNED = 4e-3, 8e-3
MIDDLE_RATES = {
    "gpt3": _LEARNED,
    "rmsnorm": _LEARNED,
    "swiglu": _LEARNED,
    "rotary": _TURNED,
    "llama": _TURNED,
    "gqa": _TURNED,
    "mqa": _TURNED,
}
_TOKENS, _EPOCHS = 1_600_000, 4
# As in the chapter on GPT-2: tied outputs start as wide whatever the width.
_STD = {32: 0.1, 64: 0.07, 96: 0.057, 128: 0.05}

optimiser = partial(adamw, weight_decay=0.1, betas=(0.9, 0.95))
watch = (
    partial(
        in_bfloat16, metrics=(partial(bits_per_byte, part="validation", prefix="validation_"),)
    ),
)
_tokenizer = partial(byte_level, merges=1_000, characters=5_000_000)
# 9 million tokens, of which the longest run reads eight: none is seen twice.
_text = partial(corpus_documents, corpus="wikipedia-en-2018", stride=6, test_stride=10)
_answers = {
    "answers": partial(corpus_instructions, corpus="self-instruct-seed-tasks", split="seed_tasks")
}


def candidates(rung: str) -> tuple[str, ...]:
    """The recipes of a rung, one for each learning rate."""
    return tuple(f"{rung}{suffix}" for suffix in RATES)


def _stream(tokens: int, epochs: int, **further: object) -> partial:
    return partial(
        TokenStream,
        text=_text,
        tokenizer=_tokenizer,
        length=LENGTH,
        sequences_per_batch=8,
        tokens_per_epoch=tokens // epochs,
        **further,
    )


def _pretraining(network: partial, learning_rate: float, epochs: int) -> partial:
    """The optimiser is the paper's (section 2.3), its warm-up a share of these short runs."""
    return partial(
        train,
        objective=partial(
            CausalLanguageModel,
            model=network,
            optimiser=optimiser,
            schedule=partial(cosine, learning_rate=learning_rate, warmup=0.03, floor=0.1),
            clip=1.0,
        ),
        epochs=epochs,
        precision="bf16-mixed",
        watch=watch,
    )


def network(d_model: int, layers: int, heads: int, **parts: object) -> partial:
    """A decoder with one matrix for embedding and output, and a rung's parts."""
    return partial(
        GPT3,
        d_model=d_model,
        layers=layers,
        heads=heads,
        max_length=LENGTH,
        dropout=0.0,
        mask=causal,
        output=tied,
        initialise=partial(scaled_normal, std=_STD[d_model]),
        **parts,
    )


# How the matrices of the trained network are rounded: name, bits, weights that share a scale.
ROUNDED = (("int8", 8, None), ("int4", 4, 32), ("int4-row", 4, None))
CONTEXTS = (32, 64, 128, 256, 512)
_of_llama = (
    partial(quantised_likelihood, ways=ROUNDED),
    partial(likelihood_by_context, contexts=CONTEXTS),
)


def _rung(name: str, suffix: str) -> Recipe:
    return Recipe(
        name=f"{name}{suffix}",
        data=_stream(_TOKENS, _EPOCHS),
        learner=_pretraining(
            network(WIDTH, LAYERS, HEADS, **RUNGS[name]),
            MIDDLE_RATES[name] * RATES[suffix],
            _EPOCHS,
        ),
        metrics=(
            partial(in_bfloat16, metrics=(bits_per_byte,)),
            *(_of_llama if (name, suffix) == ("llama", "") else ()),
        ),
        minutes=1.4,
    )


# LLaMAs of other sizes: width, layers, heads, and the tokens that each reads.
# - GPT-3 read 1.7 tokens per parameter, and so does `larger-shorter`; `smaller-longer` has a
#   quarter of its parameters and takes as many operations to train. Embeddings are not counted.
# Only the larger one, which the claim is against, has three learning rates.
# - `tiny-77` and `tiny-148` read as many per parameter as LLaMA 13B's 77 and LLaMA 7B's 148.
SIZES = {
    "larger-shorter": (128, 4, 4, 1_340_000, 5e-3),
    "smaller-longer": (64, 4, 4, 4_230_000, 8e-3),
    "tiny-77": (32, 4, 2, 4_120_000, 1e-2),
    "tiny-148": (32, 4, 2, 7_920_000, 1e-2),
}
_MINUTES = {"larger-shorter": 1.8, "smaller-longer": 3.8, "tiny-77": 2.5, "tiny-148": 4.6}


def _llama(d_model: int, layers: int, heads: int) -> partial:
    # A multiple of 16, where the paper's code has 256.
    d_ff = -(-8 * d_model // 3 // 16) * 16
    parts = {**RUNGS["llama"], "d_ff": d_ff}
    parts["attention"] = partial(GroupedQueryAttention, rotary=Rotary, linear=_no_bias)
    return network(d_model, layers, heads, **parts)


def _size(name: str, suffix: str = "") -> Recipe:
    d_model, layers, heads, tokens, learning_rate = SIZES[name]
    asked = name == "smaller-longer"
    return Recipe(
        name=f"{name}{suffix}",
        data=_stream(tokens, _EPOCHS, **({"eval_sets": _answers} if asked else {})),
        learner=_pretraining(
            _llama(d_model, layers, heads), learning_rate * RATES[suffix], _EPOCHS
        ),
        metrics=(
            partial(in_bfloat16, metrics=(bits_per_byte,)),
            *((partial(answer_likelihood, answers="answers"),) if asked else ()),
        ),
        minutes=_MINUTES[name],
    )


_longer = _size("smaller-longer")
_tuned = Recipe(
    name="instruction-tuned",
    data=partial(
        InstructionBatches,
        text=partial(corpus_instructions, corpus="alpaca-part", split="train"),
        pretraining=_text,
        tokenizer=_tokenizer,
        length=LENGTH,
        sequences_per_batch=16,
        eval_sets=_answers,
    ),
    learner=partial(
        train,
        objective=partial(
            InstructionTuning,
            model=_llama(*SIZES["smaller-longer"][:3]),
            optimiser=optimiser,
            schedule=partial(cosine, learning_rate=1e-3, warmup=0.05),
            clip=1.0,
        ),
        epochs=2,
        precision="bf16-mixed",
    ),
    metrics=(partial(answer_likelihood, answers="answers"),),
    minutes=1.8,
    start=_longer,
)

RECIPES = (
    *(_rung(name, suffix) for name in RUNGS for suffix in RATES),
    *(_size("larger-shorter", suffix) for suffix in RATES),
    _longer,
    _size("tiny-77"),
    _size("tiny-148"),
    _tuned,
)
