"""What loss depends on one thing at a time: size, data, shape, depth and batch."""

from functools import partial

from replications.corpora.batches.fixed_sample import FixedSample
from replications.objectives.schedules import cosine
from replications.papers.kaplan.sweep import (
    CONTEXT,
    SIZES,
    TOKENIZER,
    Shape,
    learning_rate_peak,
    text,
    training,
)
from replications.recipes import Recipe

# Loss against size: as many tokens for each, and more than any of them still gains much from.
BY_SIZE = ("d8", "d12", "d16", "d24", "d32")
SIZE_TOKENS = 1_500_000

# Loss against size and data: how many different tokens there are, and how many are read of them at
# most. A sample is read twelve times or less; the smallest has been overfitted long before.
GRID_SIZES = ("d8", "d16", "d32", "d48")
GRID_TOKENS = {
    "16k": (16_384, 196_608),
    "65k": (65_536, 393_216),
    "262k": (262_144, 786_432),
    "786k": (786_432, 786_432),
}

# Shape: about 60,000 weights each, as many tokens for each; the first is the reference.
SHAPE_TOKENS = 327_680
SHAPES: dict[str, Shape] = {
    "2x48": SIZES["d48"],
    "4x36": (4, 36, 3, 4),
    "8x24": (8, 24, 3, 4),
    "heads-6": (2, 48, 6, 4),
    "ff-1": (2, 72, 6, 1),
    "ff-8": (2, 36, 3, 8),
}
# A quarter of the weights of the reference: what an effect of size is.
QUARTER = "2x24"
# Depth: three widths by three depths, for which of two counts of parameters the loss follows.
DEPTHS: dict[str, Shape] = {
    f"{layers}x{d_model}": (layers, d_model, heads, 4)
    for layers in (2, 4, 8)
    for d_model, heads in ((16, 2), (24, 3), (32, 2))
}

# Batches in tokens. Networks of these sizes take some hundred updates of any batch to learn more
# than how frequent each token is, so that larger batches read more tokens.
BATCHES = (128, 256, 512, 1_024, 2_048)
BATCH_SIZES = ("d16", "d24")
BATCH_TOKENS = 524_288


def _by_size(size: str) -> Recipe:
    return training(f"size-{size}", SIZES[size], tokens=SIZE_TOKENS, batch=512)


def _of_grid(size: str, data: str) -> Recipe:
    unique, tokens = GRID_TOKENS[data]
    stream = partial(
        FixedSample, text=text(), tokenizer=TOKENIZER, length=CONTEXT, unique_tokens=unique
    )
    # Sixteen looks at the loss, of which the lowest is what early stopping would have kept.
    return training(
        f"grid-{size}-{data}", SIZES[size], tokens=tokens, batch=512, data=stream, parts=(16,)
    )


def _of_shape(name: str, shape: Shape) -> Recipe:
    return training(f"shape-{name}", shape, tokens=SHAPE_TOKENS)


def _of_batch(size: str, batch: int) -> Recipe:
    # Constant after the warm-up: the loss is read off on the way. Updates of larger batches are
    # longer, up to what is best for few updates.
    learning_rate = learning_rate_peak(SIZES[size][1]) * min(2.0, (batch / 512) ** 0.5)
    tokens = BATCH_TOKENS * max(1, batch // 512)
    return training(
        f"batch-{size}-{batch}",
        SIZES[size],
        tokens=tokens,
        batch=batch,
        schedule=partial(cosine, learning_rate=round(learning_rate, 6), warmup=0.03, floor=1.0),
        parts=(20,),
    )


SIZE_RUNS = tuple(map(_by_size, BY_SIZE))
GRID_RUNS = tuple(_of_grid(size, data) for size in GRID_SIZES for data in GRID_TOKENS)
SHAPE_RUNS = tuple(_of_shape(name, shape) for name, shape in {**SHAPES, **DEPTHS}.items())
BATCH_RUNS = tuple(_of_batch(size, batch) for size in BATCH_SIZES for batch in BATCHES)
GRIDS = (*SIZE_RUNS, *GRID_RUNS, *SHAPE_RUNS, *BATCH_RUNS)
