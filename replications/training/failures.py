"""Runs without a result: what is recorded of them in a sweep."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from replications.errors import ReplicationError
from replications.records import Number, Record
from replications.training.provenance import peak_memory_bytes, provenance


def non_finite(points: Iterable[Mapping[str, Number]]) -> str:
    """ "loss is nan after epoch 3": the first number that is not finite; "" where all are."""
    for point in points:
        after = f" after epoch {point['epoch']}" if "epoch" in point else ""
        for name, number in point.items():
            if not math.isfinite(number):
                return f"{name} is {number}{after}"
    return ""


def finite_points(trajectory: Iterable[Mapping[str, Number]]) -> list[dict[str, Number]]:
    """The points of a trajectory before the first that has a number that is not finite."""
    points = []
    for point in trajectory:
        if non_finite([point]):
            break
        points.append(dict(point))
    return points


def raised_record(
    recipe: Any, error: BaseException, *, paper: str, tier: str, seed: int, device: str
) -> Record | None:
    """The record of a run that an error ended; None where the recipe is not the cause.

    Unavailable data, a full disk and too little memory are faults of the machine: the run is to be
    repeated, and is not recorded.
    """
    if isinstance(error, ReplicationError | OSError | MemoryError):
        return None
    words = " ".join(f"{type(error).__name__}: {error}".split())
    return Record(
        paper=paper,
        recipe=recipe.name,
        tier=tier,
        seed=seed,
        recipe_hash=recipe.hash,
        recipe_parts=recipe.describe(),
        corpora=[],
        parameters={},
        tokens_seen=0,
        flops=0,
        seconds=0,
        peak_memory_bytes=peak_memory_bytes(device),
        trajectory=[],
        metrics={},
        failed={"how": "raised", "why": words if len(words) <= 300 else f"{words[:300]} ..."},
        **provenance(device),
    )
