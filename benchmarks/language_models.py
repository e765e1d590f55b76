"""Our GPT-2 beside a plain loop of PyTorch's own layers, and beside `transformers`."""

from functools import partial

import torch
from torch import nn
from torch.nn import functional

from benchmarks.alternation import Comparison, take_turns
from benchmarks.updates import products_a_second, tokens_a_second
from replications.baselines.plain_language_model import PlainLanguageModel
from replications.models.presets import GPT2
from replications.objectives.optimisers import adamw
from replications.objectives.smoothed_cross_entropy import smoothed_cross_entropy

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


def hugging_face(
    vocabulary: int,
    *,
    d_model: int,
    layers: int,
    heads: int,
    d_ff: int,
    max_length: int,
    dropout: float,
) -> nn.Module:
    """The same network by `transformers`."""
    from transformers import GPT2Config, GPT2LMHeadModel

    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=vocabulary,
            n_positions=max_length,
            n_embd=d_model,
            n_layer=layers,
            n_head=heads,
            n_inner=d_ff,
            resid_pdrop=dropout,
            embd_pdrop=dropout,
            attn_pdrop=dropout,
            use_cache=False,
        )
    )


def compare(corpus: str, stride: int, rounds: int, epochs: int) -> tuple[Comparison, ...]:
    """Tokens a second of training. No corpus is read: updates are made on noise."""
    ids = torch.randint(VOCABULARY, (BATCH, LENGTH + 1))
    read, predicted = ids[:, :-1].contiguous(), ids[:, 1:].contiguous()
    ours = GPT2(VOCABULARY, **SIZES)
    plain, theirs = (
        PlainLanguageModel(VOCABULARY, **SIZES, dropout=_DROPOUT),
        hugging_face(VOCABULARY, **SIZES, dropout=_DROPOUT),
    )
    labels = predicted.flatten()
    losses = (
        (
            ours,
            lambda: smoothed_cross_entropy(
                ours(read).flatten(0, 1), labels, ignored=-1, inplace=True
            )[0],
        ),
        (plain, lambda: functional.cross_entropy(plain(read).flatten(0, 1).float(), labels)),
        (theirs, lambda: theirs(read, labels=read, shift_labels=predicted).loss),
    )
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
