"""The model that a recipe starts from, measured without training."""

from collections.abc import Sequence
from typing import Any

from replications.baselines.at_once import Stopwatch, trained_at_once
from replications.errors import ReplicationError
from replications.recipes import TrainedModel, Workspace


def as_it_is(data: Any, metrics: Sequence[Any], workspace: Workspace) -> TrainedModel:
    """Trains nothing. Raises ReplicationError where the recipe has no start."""
    if workspace.start is None:
        raise ReplicationError("There is no model to measure: give the recipe a `start`.")
    return trained_at_once(
        workspace.start,
        data,
        Stopwatch.started(),
        parameters={"embedding": 0, "other": 0},
        flops=0.0,
    )
