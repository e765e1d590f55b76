"""The sweep that the chapters on Kaplan et al. and on Hoffmann et al. share: sizes and budgets."""

from functools import partial

from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.documents import corpus_documents
from replications.corpora.texts.learned_tokenizers import byte_level
from replications.corpora.texts.minimal_pairs import corpus_minimal_pairs
from replications.layers.attention import MultiHeadAttention
from replications.metrics.language.answer_scores import repeated_tokens
from replications.metrics.language.pair_margins import pair_margins
from replications.metrics.language.sentence_scores import log_probabilities
from replications.metrics.language.sequence_loss import sequence_loss
from replications.metrics.measuring import Metric
from replications.metrics.mixed_precision import in_bfloat16
from replications.models.initialisation import scaled_normal
from replications.models.presets import GPT2
from replications.objectives.causal_language_model import CausalLanguageModel
from replications.objectives.optimisers import adamw
from replications.objectives.schedules import Schedule, cosine
from replications.recipes import Recipe
from replications.training.trainers import train

VOCABULARY, CONTEXT = 1_024, 128
CORPORA = ("wikipedia-en-2018", "blimp")

Shape = tuple[int, int, int, int]
"""Layers, d, heads, and how many times d the feed-forward network is wide."""

# Two layers or more: networks of one are off the curve of the others (Kaplan et al. 2020, section
# 3.2). From one to the next the parameters, embeddings included, grow by 1.4 to 2 times.
SIZES: dict[str, Shape] = {
    "d4": (2, 4, 1, 4),
    "d6": (2, 6, 1, 4),
    "d8": (2, 8, 1, 4),
    "d12": (2, 12, 1, 4),
    "d16": (2, 16, 2, 4),
    "d24": (2, 24, 3, 4),
    "d32": (2, 32, 2, 4),
    "d48": (2, 48, 3, 4),
    "d64": (3, 64, 4, 4),
    "d80": (4, 80, 5, 4),
    "d112": (4, 112, 7, 4),
    "d144": (5, 144, 9, 4),
}


def weights_of(shape: Shape) -> int:
    """Parameters in the matrices of the layers: 12 L d^2 for a feed-forward network of 4 d.

    This is N of Kaplan et al. 2020, section 2.1: no embeddings, no positions.
    """
    layers, d_model, _, ratio = shape
    return layers * d_model**2 * (4 + 2 * ratio)


def flops_per_token(shape: Shape, *, vocabulary: int = VOCABULARY, context: int = CONTEXT) -> int:
    """Operations of a token in training: those of all products, forward and twice backward.

    Kaplan et al. 2020, table 1, with the output layer, and with both products of attention over the
    whole context, as a masked product computes what it hides as well: 6 (N + V d) + 12 L t d.
    """
    layers, d_model, _, _ = shape
    scores = 2 * layers * context * d_model
    return 6 * (weights_of(shape) + vocabulary * d_model + scores)


def batch_tokens(budget: float) -> int:
    """Tokens of an update: as the budget to the power 0.24, and 256 at 1e11 operations.

    The power is that of Kaplan et al. 2020, table 6. In pilots with one seed 128 tokens were better
    than 256 at 1e10 operations, and 256 better than 512 at 1e11 and at 1e12.
    """
    sequences = 2 * (budget / 1e11) ** 0.24
    return CONTEXT * max(1, round(sequences))


def learning_rate_peak(d_model: int) -> float:
    """The peak learning rate: 0.25 / d.

    In pilots with one seed the best of half of it, itself and twice as much, for d = 16 with 1e11
    operations and d = 48 with 3e11. 0.012 (64 / d) ** 0.5 was far too high for wide networks, which
    then learned little more than how frequent each token is. That the best rate falls as 1 / d is
    known of Adam: Yang et al. 2021 (arXiv:2203.03466).
    """
    return 0.25 / d_model


def parts_and_updates(
    updates: float, parts: tuple[int, ...] = (10, 9, 11, 8, 12)
) -> tuple[int, int]:
    """Into how many parts of how many updates a training is divided, to be as long as asked for."""
    found = [(count, max(1, round(updates / count))) for count in parts]
    return min(found, key=lambda each: abs(each[0] * each[1] - updates))


def text(*, stride: int = 5) -> partial:
    """Every fifth article of the English Wikipedia: 12 million tokens, of which no run of the sweep
    reads any twice."""
    return partial(corpus_documents, corpus="wikipedia-en-2018", stride=stride)


TOKENIZER = partial(byte_level, merges=VOCABULARY - 257, characters=5_000_000)

WATCH = (
    partial(
        in_bfloat16,
        metrics=(partial(sequence_loss, part="validation", sequences=128, prefix="validation_"),),
    ),
)
LOSS: tuple[Metric, ...] = (partial(in_bfloat16, metrics=(sequence_loss,)),)
# The same outputs by exact match and by a continuous measure, for the section on emergence.
ABILITIES: tuple[Metric, ...] = (
    partial(
        in_bfloat16,
        metrics=(repeated_tokens, partial(pair_margins, score=log_probabilities)),
    ),
)
PAIRS = {"blimp": partial(corpus_minimal_pairs, pairs_per_paradigm=15)}


def network(shape: Shape, *, context: int = CONTEXT) -> partial:
    """The book's GPT-2 without dropout, as each token is read once.

    Weights start with the published 0.02 for d = 768, and wider as the root of what d is less, as
    in the chapter on GPT-2; so do positions.
    """
    layers, d_model, heads, ratio = shape
    std = round(0.02 * (768 / d_model) ** 0.5, 4)
    return partial(
        GPT2,
        d_model=d_model,
        layers=layers,
        heads=heads,
        d_ff=ratio * d_model,
        max_length=context,
        dropout=0.0,
        attention=MultiHeadAttention,
        initialise=partial(scaled_normal, std=std, positions=std),
    )


def matched(shape: Shape) -> partial:
    """Warm-up over 5 % of the training, then a cosine down to a tenth, of the training's length."""
    learning_rate = round(learning_rate_peak(shape[1]), 6)
    return partial(cosine, learning_rate=learning_rate, warmup=0.05, floor=0.1)


def training(
    name: str,
    shape: Shape,
    *,
    tokens: int | float,
    batch: int = 2 * CONTEXT,
    schedule: Schedule | None = None,
    data: partial | None = None,
    parts: tuple[int, ...] = (10, 9, 11, 8, 12),
    context: int = CONTEXT,
    metrics: tuple[Metric, ...] = LOSS,
    watch: tuple[Metric, ...] = WATCH,
    precision: str = "bf16-mixed",
    minutes: float | None = None,
) -> Recipe:
    """One network trained on so many `tokens`, to the nearest update, its loss watched on the way.

    `data` is a partial of a TokenStream that lacks the size of batch and epoch. An epoch is a part
    of the training, about a tenth.
    """
    epochs, updates = parts_and_updates(tokens / batch, parts)
    stream = data or partial(TokenStream, text=text(), tokenizer=TOKENIZER, length=context)
    return Recipe(
        name=name,
        data=partial(
            stream,
            sequences_per_batch=batch // context,
            tokens_per_epoch=updates * batch,
        ),
        learner=partial(
            train,
            objective=partial(
                CausalLanguageModel,
                model=network(shape, context=context),
                optimiser=partial(adamw, weight_decay=0.01, betas=(0.9, 0.99)),
                schedule=schedule or matched(shape),
                clip=1.0,
            ),
            epochs=epochs,
            precision=precision,
            watch=watch,
        ),
        metrics=metrics,
        minutes=minutes or 0.1 + flops_per_token(shape) * tokens / 60 / 10e9,
    )


# Each budget's sizes, the middle one near the best of pilots with one seed.
BUDGETS: dict[str, tuple[str, ...]] = {
    "1e10": ("d4", "d6", "d8", "d12", "d16"),
    "3e10": ("d6", "d8", "d12", "d16", "d24"),
    "1e11": ("d12", "d16", "d24", "d32", "d48"),
    "3e11": ("d16", "d24", "d32", "d48", "d64"),
    "1e12": ("d24", "d32", "d48", "d64", "d80"),
    "3e12": ("d32", "d48", "d64", "d80", "d112"),
}
LARGEST_BUDGET = "1e13"
LARGEST_SIZE = "d64"


def isoflop(budget: str, size: str) -> Recipe:
    """A size trained with a budget of exact operations."""
    shape, flops = SIZES[size], float(budget)
    stream = partial(TokenStream, text=text(), tokenizer=TOKENIZER, length=CONTEXT, eval_sets=PAIRS)
    return training(
        f"isoflop-{budget}-{size}",
        shape,
        tokens=flops / flops_per_token(shape),
        batch=batch_tokens(flops),
        data=stream,
        metrics=LOSS + ABILITIES,
    )


SWEEP = tuple(isoflop(budget, size) for budget, sizes in BUDGETS.items() for size in sizes)
LARGEST = isoflop(LARGEST_BUDGET, LARGEST_SIZE)
