"""Our GPT-2 on a GPU beside a plain loop of PyTorch's own layers, and beside `transformers`.

All three are compiled and read the same batches in bfloat16 by autocast, with the fused AdamW.
"""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.alternation import Comparison, take_turns
from benchmarks.language_models import hugging_face
from benchmarks.updates import products_a_second, tokens_a_second
from replications.baselines.plain_language_model import PlainLanguageModel
from replications.errors import ReplicationError
from replications.layers.attention import MultiHeadAttention
from replications.models.presets import GPT2
from replications.objectives.optimisers import adamw
from replications.objectives.smoothed_cross_entropy import smoothed_cross_entropy

# Four layers: what a card is compared by is one of them, and compiling takes as long for each.
_D, _LAYERS, _HEADS = 768, 4, 12
_VOCABULARY, _LENGTH, _BATCH, _UPDATES = 8192, 512, 32, 10
_PRODUCT = 8192
_SIZES = {
    "d_model": _D,
    "layers": _LAYERS,
    "heads": _HEADS,
    "d_ff": 4 * _D,
    "max_length": _LENGTH,
    "dropout": 0.0,
}


def compare(corpus: str, stride: int, rounds: int, epochs: int) -> tuple[Comparison, ...]:
    """Tokens a second of training, and the share of what large products reach on this card.

    No corpus is read: updates are made on noise. Raises ReplicationError where there is no card.
    """
    if not torch.cuda.is_available():
        raise ReplicationError("The comparison `cards` takes a CUDA device, and there is none.")
    card = torch.device("cuda")
    ids = torch.randint(_VOCABULARY, (_BATCH, _LENGTH + 1), device=card)
    read, predicted = ids[:, :-1].contiguous(), ids[:, 1:].contiguous()
    labels = predicted.flatten()
    ours, plain, theirs = (
        model.to(card)
        for model in (
            GPT2(_VOCABULARY, **_SIZES, attention=MultiHeadAttention),
            PlainLanguageModel(_VOCABULARY, **_SIZES),
            hugging_face(_VOCABULARY, **_SIZES),
        )
    )
    losses: tuple[tuple[nn.Module, Callable[[], Tensor]], ...] = (
        (ours, lambda: smoothed_cross_entropy(ours(read).flatten(0, 1), labels, ignored=-1)[0]),
        (plain, lambda: functional.cross_entropy(plain(read).flatten(0, 1).float(), labels)),
        (theirs, lambda: theirs(read, labels=read, shift_labels=predicted).loss),
    )
    timed = [
        partial(
            tokens_a_second,
            model,
            torch.compile(loss, dynamic=False),
            partial(adamw, lr=1e-4),
            updates=epochs * _UPDATES,
            tokens=_BATCH * _LENGTH,
            halved=True,
        )
        for model, loss in losses
    ]
    products = partial(products_a_second, _PRODUCT, halved=True, device="cuda")
    *speeds, reached = take_turns([*timed, products], rounds)
    # Forward and twice as much backward: two operations for each number of a matrix.
    matrices = sum(p.numel() for p in ours.parameters() if p.ndim > 1) - _LENGTH * _D
    operations = 3 * (2 * matrices + 2 * 2 * _LAYERS * _LENGTH * _D)
    shares = [max(each) * operations / max(reached) for each in speeds]
    setting = (
        f"{_LAYERS} layers of {_D} numbers and {_HEADS} heads, {_VOCABULARY:,} tokens, batches of "
        f"{_BATCH} texts of {_LENGTH} tokens, forward, backward and AdamW, compiled, bfloat16 by "
        f"autocast; products of {_PRODUCT:,} x {_PRODUCT:,} matrices reach "
        f"{max(reached) / 1e12:.0f} TFLOP/s, ours {shares[0]:.0%} of it, "
    )
    return tuple(
        Comparison(
            f"gpt2-{label}-cuda",
            "ours",
            rival,
            "tokens",
            f"{setting}{rival} {share:.0%}",
            speeds[0],
            rival_speeds,
            device="cuda",
        )
        for rival, label, rival_speeds, share in (
            ("plain torch.nn loop", "loop", speeds[1], shares[1]),
            ("transformers' GPT-2", "transformers", speeds[2], shares[2]),
        )
    )
