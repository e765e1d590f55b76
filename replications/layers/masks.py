"""Attention masks: which positions may attend to which, layer by layer.

A mask is called with the number of a layer, from 0, and with the positions of the targets (queries)
and of the sources (keys). None masks nothing.
"""

import functools
from collections.abc import Callable

from jaxtyping import Bool, Int
from torch import Tensor

AttentionMask = Callable[
    [int, Int[Tensor, " target"], Int[Tensor, " source"]], Bool[Tensor, "target source"] | None
]


def causal(
    layer: int, target: Int[Tensor, " target"], source: Int[Tensor, " source"]
) -> Bool[Tensor, "target source"]:
    """Each token attends to itself and all before. Source: Vaswani et al. 2017, section 3.2.3."""
    return source <= target[:, None]


def bidirectional(
    layer: int, target: Int[Tensor, " target"], source: Int[Tensor, " source"]
) -> Bool[Tensor, "target source"] | None:
    """Each token attends to all. Source: Devlin et al. 2019, figure 3 (left)."""
    return None


def alternating_bands(
    layer: int, target: Int[Tensor, " target"], source: Int[Tensor, " source"], *, width: int
) -> Bool[Tensor, "target source"]:
    """Causal, and in every second layer only over the last `width` tokens, itself counted.

    Source: Brown et al. 2020, section 2.1, "alternating dense and locally banded sparse attention
    patterns in the layers of the transformer, similar to the Sparse Transformer" (Child et al.
    2019). The band is "local" in the code beside that paper (openai/sparse_attention).

    Departure: Brown et al. publish neither the width nor which kind of layer comes first. Here it
    is the dense one. Nothing is saved: the scores outside the band are computed, then masked.
    Raises ValueError for a width below 1.
    """
    if width < 1:
        raise ValueError(f"a band of {width} tokens masks every token from itself; give 1 or more")
    seen = causal(layer, target, source)
    return seen & (target[:, None] - source < width) if layer % 2 else seen


def is_causal(mask: AttentionMask, layer: int) -> bool:
    """Whether the mask of a layer is exactly `causal`, for which kernels need no matrix."""
    function = mask
    while isinstance(function, functools.partial):
        function = function.func
    return function is causal or (function is alternating_bands and layer % 2 == 0)
