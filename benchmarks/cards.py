"""Our GPT-2 on a GPU beside a plain loop of PyTorch's own layers, and beside `transformers`.

All three are compiled and read the same batches in bfloat16 by autocast, with the fused AdamW.
"""

from functools import partial

import torch

from benchmarks.alternation import Comparison, take_turns
from benchmarks.compared_losses import compared_losses
from benchmarks.updates import products_a_second, tokens_a_second
from replications.errors import ReplicationError
from replications.layers.attention import MultiHeadAttention
from replications.objectives.optimisers import adamw

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
}


def compare(corpus: str, stride: int, rounds: int, epochs: int) -> tuple[Comparison, ...]:
    """Tokens a second of training, and the share of what large products reach on this card.

    No corpus is read: updates are made on noise. Raises ReplicationError where there is no card.
    """
    if not torch.cuda.is_available():
        raise ReplicationError("The comparison `cards` takes a CUDA device, and there is none.")
    card = torch.device("cuda")
    ids = torch.randint(_VOCABULARY, (_BATCH, _LENGTH + 1), device=card)
    losses = compared_losses(
        ids, _VOCABULARY, sizes=_SIZES, dropout=0.0, attention=MultiHeadAttention
    )
    ours, _ = losses[0]
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
