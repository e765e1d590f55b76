"""Our GPT-2 beside a plain loop of PyTorch's own layers, and beside `transformers`."""

from functools import partial

import torch

from benchmarks.alternation import Comparison, take_turns
from benchmarks.compared_losses import compared_losses
from benchmarks.updates import products_a_second, tokens_a_second
from replications.objectives.optimisers import adamw

_D, _LAYERS, _HEADS, _INNER, _DROPOUT = 192, 4, 4, 768, 0.1
VOCABULARY, LENGTH, BATCH, UPDATES = 8192, 128, 16, 2
SIZES = {"d_model": _D, "layers": _LAYERS, "heads": _HEADS, "d_ff": _INNER, "max_length": LENGTH}
# What a result's name ends in: the precision in words, and whether products are halved.
PRECISIONS = {"": ("float32", False), "-bfloat16": ("bfloat16 by autocast", True)}


def setting(precision: str) -> str:
    """What is timed, in words."""
    return (
        f"{_LAYERS} layers of {_D} numbers and {_HEADS} heads, inner {_INNER}, dropout {_DROPOUT}, "
        f"{VOCABULARY:,} tokens, batches of {BATCH} texts of {LENGTH} tokens, forward, backward "
        f"and AdamW, {torch.get_num_threads()} threads, {precision}"
    )


def compare(corpus: str, stride: int, rounds: int, epochs: int) -> tuple[Comparison, ...]:
    """Tokens a second of training. No corpus is read: updates are made on noise."""
    ids = torch.randint(VOCABULARY, (BATCH, LENGTH + 1))
    losses = compared_losses(ids, VOCABULARY, sizes=SIZES, dropout=_DROPOUT, inplace=True)
    ours, _ = losses[0]
    timed = [
        partial(
            tokens_a_second,
            model,
            loss,
            partial(adamw, lr=1e-4),
            updates=epochs * UPDATES,
            tokens=BATCH * LENGTH,
            halved=halved,
        )
        for _, halved in PRECISIONS.values()
        for model, loss in losses
    ]
    products = [partial(products_a_second, halved=halved) for _, halved in PRECISIONS.values()]
    speeds = take_turns([*timed, *products], rounds)
    # Forward and twice as much backward: two operations for each number of a matrix.
    matrices = sum(p.numel() for p in ours.parameters() if p.ndim > 1) - LENGTH * _D
    attention = 2 * 2 * _LAYERS * LENGTH * _D
    operations = 3 * (2 * matrices + attention)
    found = []
    for number, (name, (precision, _)) in enumerate(PRECISIONS.items()):
        our_speeds, plain_speeds, their_speeds = speeds[3 * number : 3 * number + 3]
        share = max(our_speeds) * operations / max(speeds[6 + number])
        timing = (
            f"{setting(precision)}; ours does {share:.0%} of the operations a second that large "
            "products of matrices do"
        )
        for rival, rival_speeds, label in (
            ("plain torch.nn loop", plain_speeds, "loop"),
            ("transformers' GPT-2", their_speeds, "transformers"),
        ):
            found.append(
                Comparison(
                    f"gpt2-{label}{name}",
                    "ours",
                    rival,
                    "tokens",
                    timing,
                    our_speeds,
                    rival_speeds,
                )
            )
    return tuple(found)
