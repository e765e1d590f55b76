"""The sweep at tier `gpu`: 0.3 to 25 million weights, 1e15 to 3e16 operations a run."""

from functools import partial

from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.learned_tokenizers import byte_level
from replications.objectives.schedules import cosine
from replications.papers.kaplan.sweep import (
    ABILITIES,
    LOSS,
    PAIRS,
    Shape,
    flops_per_token,
    text,
    training,
)
from replications.recipes import Recipe

GPU_VOCABULARY, GPU_CONTEXT = 4_096, 256
CORPORA = ("wikipedia-en-2018", "blimp")

GPU_SIZES: dict[str, Shape] = {
    "d96": (3, 96, 3, 4),
    "d128": (4, 128, 4, 4),
    "d192": (5, 192, 6, 4),
    "d256": (6, 256, 8, 4),
    "d320": (7, 320, 10, 4),
    "d384": (8, 384, 6, 4),
    "d512": (8, 512, 8, 4),
}
# N = (C / 120) ** 0.5, embeddings counted, in the middle. All articles have some 50 million tokens:
# at 3e16 operations that size reads them six times, and smaller ones more often.
GPU_BUDGETS = {
    "1e15": ("d96", "d128", "d192", "d256", "d320"),
    "3e15": ("d128", "d192", "d256", "d320", "d384"),
    "1e16": ("d192", "d256", "d320", "d384", "d512"),
}
GPU_LARGEST_BUDGET, GPU_LARGEST_SIZE = "3e16", "d384"
# Sequences of an update.
GPU_BATCH = {"1e15": 32, "3e15": 48, "1e16": 64, "3e16": 80}

_stream = partial(
    TokenStream,
    text=text(stride=1),
    tokenizer=partial(byte_level, merges=GPU_VOCABULARY - 257),
    length=GPU_CONTEXT,
    eval_sets=PAIRS,
)


def _isoflop(budget: str, size: str) -> Recipe:
    shape = GPU_SIZES[size]
    each = flops_per_token(shape, vocabulary=GPU_VOCABULARY, context=GPU_CONTEXT)
    # In the chapter on GPT-2 the best peaks of such networks were 1.5e-3 at 384 and 1e-3 at 512.
    learning_rate = round(0.5 / shape[1], 6)
    return training(
        f"isoflop-{budget}-{size}",
        shape,
        tokens=float(budget) / each,
        batch=GPU_BATCH[budget] * GPU_CONTEXT,
        context=GPU_CONTEXT,
        data=_stream,
        schedule=partial(cosine, learning_rate=learning_rate, warmup=0.05, floor=0.1),
        metrics=LOSS + ABILITIES,
        minutes=float(budget) / 60 / 2e12,
    )


GPU_SWEEP = tuple(_isoflop(budget, size) for budget, sizes in GPU_BUDGETS.items() for size in sizes)
GPU_LARGEST = _isoflop(GPU_LARGEST_BUDGET, GPU_LARGEST_SIZE)
