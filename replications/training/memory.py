"""Checks before a run whether it fits into the memory of a GPU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from replications.errors import ReplicationError
from replications.training.costs import counted
from replications.training.shares import rows_per_batch

# The rest is taken by torch and CUDA themselves, and by fragmentation.
_USABLE = 0.9
_MOST_PARTS = 64


def free_bytes(device: str) -> int | None:
    """The memory that is free on a GPU; None for a CPU, whose memory can be swapped."""
    return torch.cuda.mem_get_info(device)[0] if device == "cuda" else None


def require_memory(
    recipe: Any,
    device: str,
    *,
    shares: int = 1,
    parts: int = 1,
    free: Callable[[str], int | None] = free_bytes,
) -> None:
    """Raise ReplicationError where the recipe's batch, cut so, takes more than the GPU has free.

    Recipes whose cost cannot be counted pass. The error names the fewest `parts` that fit.
    """
    there = free(device)
    cost = None if there is None else counted(recipe)
    if cost is None or cost.of_a_batch is None:
        return
    fixed = cost.memory - cost.of_a_batch

    def taken(parts: int) -> int:
        return fixed + cost.of_a_batch // (shares * parts)

    room = int(_USABLE * there)
    if taken(parts) <= room:
        return
    rows = (rows_per_batch(recipe) or _MOST_PARTS) // shares
    fitting = (n for n in range(parts + 1, rows + 1) if rows % n == 0 and taken(n) <= room)
    if (found := next(fitting, None)) is not None:
        way_out = f"--parts {found} reads each batch in {found} parts, which fits: about "
        way_out += f"{_gigabytes(taken(found))}, for the same updates."
    else:
        way_out = "Take a smaller --tier, a larger GPU, or --device cpu: single examples take "
        way_out += f"{_gigabytes(taken(max(rows, 1)))}."
    raise ReplicationError(
        f"{recipe.name} takes about {_gigabytes(taken(parts))} of memory, and the {device} device "
        f"has {_gigabytes(there)} free. {way_out}"
    )


def _gigabytes(number: int) -> str:
    return f"{number / 1e9:.2g} GB" if number < 10e9 else f"{number / 1e9:.0f} GB"
