"""All steps of an LSTM in one call, by torch's own kernels (oneDNN, cuDNN).

layers/recurrent.py has the equations; this module prepares weights, precision and padding so that a
kernel computes the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor

# σ(-SHUT) is 0 and σ(SHUT) is 1, to the last digit of any precision.
SHUT = 1e4

_kernels_allowed = True


class KernelWeights(NamedTuple):
    """The rows of the input, the forget gate, the candidate and the output gate, in torch's order.

    Source: the equations of torch.nn.LSTM, with one bias.
    """

    input: Float[Tensor, "rows d"]
    recurrent: Float[Tensor, "rows h"]
    bias: Float[Tensor, " rows"]


@contextmanager
def by_equations() -> Iterator[None]:
    """Within it, recurrent layers are unrolled step by step by their equations, without a kernel.

    Needed to count or to compare single operations.
    """
    global _kernels_allowed
    before, _kernels_allowed = _kernels_allowed, False
    try:
        yield
    finally:
        _kernels_allowed = before


def has_kernel(
    inputs: Float[Tensor, "batch time d"], padding_mask: Bool[Tensor, "batch time"] | None
) -> bool:
    """Whether a kernel can take these inputs: on a device that has one, padded on the right."""
    if not _kernels_allowed or inputs.device.type not in ("cpu", "cuda"):
        return False
    return padding_mask is None or bool((padding_mask[:, 1:] <= padding_mask[:, :-1]).all())


@torch.compiler.disable
def run_lstm(
    inputs: Float[Tensor, "batch time d"],
    padding_mask: Bool[Tensor, "batch time"] | None,
    state: tuple[Float[Tensor, "batch h"], Float[Tensor, "batch h"]],
    weights: KernelWeights,
) -> tuple[
    Float[Tensor, "batch time h"], tuple[Float[Tensor, "batch h"], Float[Tensor, "batch h"]]
]:
    """The outputs h of all steps, and the last h and c. `padding_mask` is False on the right.

    Where a CPU computes products in bfloat16 (autocast), gates and h are in bfloat16 and c stays
    in float32, as in the equations; on a GPU all is in float32.
    """
    hidden, cell = state
    if padding_mask is not None:
        inputs, weights = _padding_as_input(inputs, padding_mask, weights)
    kept, precision = cell.dtype, _precision(inputs)
    with torch.autocast(inputs.device.type, enabled=False):
        matrix, recurrent, bias = (weight.to(precision) for weight in weights)
        outputs, last_hidden, last_cell = torch._VF.lstm(
            inputs.to(precision),
            (hidden.to(precision)[None], cell[None]),
            (matrix, recurrent, bias, torch.zeros_like(bias)),
            True,  # has biases
            1,  # layer
            0.0,  # dropout between layers
            torch.is_grad_enabled(),
            False,  # bidirectional
            True,  # batch first
        )
    outputs, last_hidden, last_cell = outputs.to(kept), last_hidden[0].to(kept), last_cell[0]
    if padding_mask is not None:
        outputs, last_hidden = _held(outputs, hidden, padding_mask)
    return outputs, (last_hidden, last_cell)


def _precision(inputs: Tensor) -> torch.dtype:
    if inputs.device.type == "cpu" and torch.is_autocast_enabled("cpu"):
        in_half = torch.get_autocast_dtype("cpu") == torch.bfloat16
        return torch.bfloat16 if in_half and _bfloat16_on_processors() else torch.float32
    return inputs.dtype if inputs.dtype == torch.float64 else torch.float32


def _bfloat16_on_processors() -> bool:
    return torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported()


def _padding_as_input(
    inputs: Float[Tensor, "batch time d"],
    padding_mask: Bool[Tensor, "batch time"],
    weights: KernelWeights,
) -> tuple[Float[Tensor, "batch time inputs"], KernelWeights]:
    """One more input, 1 in padding, that closes the input gate and opens the forget gate.

    So c is carried over there. Kernels for padded sequences are several times slower.
    """
    padding = ~padding_mask[..., None]
    inputs = torch.cat((inputs.masked_fill(padding, 0), padding.to(inputs.dtype)), 2)
    size = weights.recurrent.shape[1]
    column = weights.input.new_tensor([-SHUT, SHUT, 0, 0]).repeat_interleave(size)[:, None]
    return inputs, weights._replace(input=torch.cat((weights.input, column), 1))


def _held(
    outputs: Float[Tensor, "batch time h"],
    before: Float[Tensor, "batch h"],
    padding_mask: Bool[Tensor, "batch time"],
) -> tuple[Float[Tensor, "batch time h"], Float[Tensor, "batch h"]]:
    """The outputs with the last h repeated in padding, and the last h."""
    lengths = padding_mask.sum(1)
    rows = torch.arange(len(lengths), device=lengths.device)
    last = outputs[rows, (lengths - 1).clamp(min=0)]
    last = torch.where(lengths[:, None] > 0, last, before.to(last.dtype))
    return torch.where(padding_mask[..., None], outputs, last[:, None]), last
