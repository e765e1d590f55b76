"""Computes the metrics of a recipe for one model."""

from collections.abc import Callable
from typing import Any

import lightning

from replications.errors import ReplicationError

Metric = Callable[..., dict[str, float]]
"""Called with the model and the data, it gives numbers by name."""


def measure(
    metrics: tuple[Metric, ...], model: Any, data: lightning.LightningDataModule
) -> dict[str, float]:
    """All metrics by name. Raises ReplicationError when two give a number of the same name."""
    numbers: dict[str, float] = {}
    for metric in metrics:
        found = metric(model, data)
        if twice := numbers.keys() & found.keys():
            raise ReplicationError(f"Two metrics of a recipe are both named {sorted(twice)[0]!r}.")
        numbers.update(found)
    return numbers
