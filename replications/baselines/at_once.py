"""The result of a learner that has no epochs."""

import time
from typing import Any, NamedTuple

import lightning

from replications.recipes import TrainedModel


class Stopwatch(NamedTuple):
    """Wall time and CPU time at the start of the learning. Units: seconds."""

    wall: float
    processor: float

    @classmethod
    def started(cls) -> "Stopwatch":
        return cls(time.perf_counter(), time.process_time())


def trained_at_once(
    model: Any,
    data: lightning.LightningDataModule,
    stopwatch: Stopwatch,
    *,
    parameters: dict[str, int],
    flops: float,
    tokens: int | None = None,
) -> TrainedModel:
    """A trajectory of one epoch, with nothing but its time; `tokens` are by default the data's."""
    seconds = time.perf_counter() - stopwatch.wall
    point = {
        "epoch": 1,
        "tokens": data.tokens_per_epoch if tokens is None else tokens,
        "seconds": seconds,
        "processor_seconds": time.process_time() - stopwatch.processor,
    }
    return TrainedModel(model, parameters, flops, seconds, [point], device="cpu")
