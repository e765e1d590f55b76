"""Cross-entropy with label smoothing, its gradient computed along with its value.

With a vocabulary of thousands, the loss of a small translation model takes longer than its matrix
products if each step of the formula passes over all logits. Here a few rows at a time stay in the
CPU's cache from the logits to their gradient, and all reuse one buffer: the first write to newly
allocated memory is slow.
"""

from functools import partial
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

_NUMBERS_AT_ONCE = 1 << 19


class _SmoothedCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, logits: Tensor, labels: Tensor, smoothing: float, ignored: int, inplace: bool
    ) -> tuple[Tensor, Tensor]:
        size = logits.shape[1]
        precise = torch.promote_types(logits.dtype, torch.float32)
        counted = labels != ignored
        number = counted.sum().clamp(min=1)
        gradient = logits if inplace else torch.empty_like(logits)
        smoothed = logits.new_zeros((), dtype=torch.float64)
        plain = logits.new_zeros((), dtype=torch.float64)
        rows = max(1, _NUMBERS_AT_ONCE // size)
        memory = logits.new_empty((min(rows, len(logits)), size), dtype=precise)
        for first in range(0, len(logits), rows):
            part = slice(first, first + rows)
            x = memory[: len(logits[part])].copy_(logits[part])
            # An ignored label need not be a valid id.
            want, count = labels[part, None].clamp(min=0), counted[part].to(x.dtype)
            x -= x.amax(1, keepdim=True)
            of_wanted = x.gather(1, want)[:, 0]
            of_all = x.mean(1) if smoothing else None
            total = x.exp_().sum(1)
            log_total = total.log()
            # Not times 0: a logit that is left out may be minus infinity.
            nll = torch.where(counted[part], log_total - of_wanted, 0)
            loss = nll
            if of_all is not None:
                spread = torch.where(counted[part], log_total - of_all, 0)
                loss = (1 - smoothing) * nll + smoothing * spread
            plain += nll.sum()
            smoothed += loss.sum()
            # The weight of each row in the mean, before the gradient is rounded.
            count /= number
            x *= (count / total)[:, None]
            if smoothing:
                x -= (smoothing / size) * count[:, None]
            x.scatter_add_(1, want, ((smoothing - 1) * count)[:, None])
            gradient[part] = x
        ctx.save_for_backward(gradient)
        return (smoothed / number).to(precise), (plain / number).to(precise)

    @staticmethod
    def backward(ctx: Any, upstream: Tensor, _: Tensor) -> tuple[Tensor | None, ...]:
        (gradient,) = ctx.saved_tensors
        gradient = gradient if upstream == 1 else gradient * upstream.to(gradient.dtype)
        return gradient, None, None, None, None


def smoothed_cross_entropy(
    logits: Float[Tensor, "token vocabulary"],
    labels: Int[Tensor, " token"],
    *,
    smoothing: float = 0.0,
    ignored: int = 0,
    inplace: bool = False,
) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
    """The mean smoothed and the mean plain loss over the labels that are not `ignored`, in nats.

    The smoothed loss is the cross-entropy with a target distribution of 1 - smoothing on the label
    and `smoothing` spread evenly over the whole vocabulary, the label included. Only it has a
    gradient. Source: Szegedy et al. 2016, section 7; Vaswani et al. 2017, section 5.4.

    With `inplace`, for logits that are not read again, a CPU overwrites them with their gradient.
    Raises ValueError for a leaf of the graph, whose values would be lost.
    """
    if logits.is_cuda:
        return _on_a_card(logits, labels, smoothing, ignored)
    inplace = inplace and logits.requires_grad and torch.is_grad_enabled()
    if inplace and logits.is_leaf:
        raise ValueError(
            "a leaf would lose its values; call smoothed_cross_entropy without inplace"
        )
    smoothed, plain = _SmoothedCrossEntropy.apply(logits, labels, smoothing, ignored, inplace)
    return smoothed, plain.detach()


def _on_a_card(
    logits: Float[Tensor, "token vocabulary"],
    labels: Int[Tensor, " token"],
    smoothing: float,
    ignored: int,
) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
    """The same by torch's own function, which a compiler fuses with the operations before it."""
    logits, number = logits.float(), (labels != ignored).sum().clamp(min=1)
    summed = partial(
        functional.cross_entropy, logits, labels, ignore_index=ignored, reduction="sum"
    )
    plain = summed() / number
    if not smoothing:
        return plain, plain.detach()
    return summed(label_smoothing=smoothing) / number, plain.detach()
