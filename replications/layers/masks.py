"""Who may look at whom: patterns of attention, which a stack of layers asks layer by layer.

A pattern is called with the number of a layer, from 0, and with the places of those who look and
of those who are looked at. None lets everybody look everywhere.
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
    """Each token sees itself and all before it. Source: Vaswani et al. 2017, section 3.2.3."""
    return source <= target[:, None]


def bidirectional(
    layer: int, target: Int[Tensor, " target"], source: Int[Tensor, " source"]
) -> Bool[Tensor, "target source"] | None:
    """Each token sees all. Source: Devlin et al. 2019, figure 3 (left)."""
    return None


def alternating_bands(
    layer: int, target: Int[Tensor, " target"], source: Int[Tensor, " source"], *, width: int
) -> Bool[Tensor, "target source"]:
    """Left to right, and in every second layer only among the last `width` tokens, itself counted.

    Source: Brown et al. 2020, section 2.1, "alternating dense and locally banded sparse attention
    patterns in the layers of the transformer, similar to the Sparse Transformer" (Child et al.
    2019). The band is "local" in the code beside that paper (openai/sparse_attention).

    Departure: Brown et al. publish neither the width nor which pattern comes first. Here it is the
    dense one. Nothing is saved: the scores outside the band are computed, and thrown away.
    Raises ValueError for a width below 1.
    """
    if width < 1:
        raise ValueError(f"a band of {width} tokens hides every token from itself; give 1 or more")
    seen = causal(layer, target, source)
    return seen & (target[:, None] - source < width) if layer % 2 else seen


def is_causal(mask: AttentionMask, layer: int) -> bool:
    """Whether the pattern of a layer is `causal` and no more, which kernels know."""
    function = mask
    while isinstance(function, functools.partial):
        function = function.func
    return function is causal or (function is alternating_bands and layer % 2 == 0)
