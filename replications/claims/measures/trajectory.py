"""Measures of a training run's trajectory: its cost, and the metrics tracked along it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from replications.claims.measures.metric_names import metric_name
from replications.claims.measures.values import Measure, NotReached, parts_of
from replications.errors import ReplicationError
from replications.records import FailedRun, Number, Record

CostName = Literal["processor_seconds", "flops", "seconds", "tokens"]

_IN_WORDS = {
    "processor_seconds": "processor seconds",
    "flops": "floating-point operations",
    "seconds": "seconds",
    "tokens": "tokens",
}
_TIMES = ("processor_seconds", "seconds")


@dataclass(frozen=True)
class ProcessorSeconds:
    """The cost of training a recipe, in seconds of processor time over all cores.

    Other programs on the machine increase the wall-clock time far more than this.
    """

    recipe: str

    @property
    def recipes(self) -> tuple[str, ...]:
        return (self.recipe,)

    def at(self, records: Mapping[str, Record]) -> Number:
        return trajectory(records[self.recipe], "processor_seconds")[-1]

    def __str__(self) -> str:
        return f"processor seconds of `{self.recipe}`"


@dataclass(frozen=True)
class Cost:
    """The total cost of training a recipe, in the unit of that name."""

    recipe: str
    cost: CostName

    @property
    def recipes(self) -> tuple[str, ...]:
        return (self.recipe,)

    def at(self, records: Mapping[str, Record]) -> Number:
        return trajectory(records[self.recipe], self.cost)[-1]

    def __str__(self) -> str:
        return f"{_IN_WORDS[self.cost]} of `{self.recipe}`"


@dataclass(frozen=True)
class FinalValue:
    """A tracked metric after the last epoch of training."""

    recipe: str
    name: str

    @property
    def recipes(self) -> tuple[str, ...]:
        return (self.recipe,)

    def at(self, records: Mapping[str, Record]) -> Number:
        return trajectory(records[self.recipe], self.name)[-1]

    def __str__(self) -> str:
        return f"last {metric_name(self.name)} of `{self.recipe}`"


@dataclass(frozen=True)
class CostToReach:
    """The cost of training a recipe up to the first epoch whose `name` was `level` or more.

    The level is measured at the same seed. Where no epoch reached it, there is no such cost, and
    none is made up: not the whole cost, which is less than what it would have taken, and not
    infinity, which has no interval. Then NotReached is raised: the claim is contradicted where no
    seed reached the level, and open where some did.
    """

    recipe: str
    name: str
    level: Measure
    cost: CostName = "processor_seconds"

    @property
    def recipes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.recipe, *self.level.recipes)))

    def at(self, records: Mapping[str, Record]) -> Number:
        record = records[self.recipe]
        watched, costs = trajectory(record, self.name), trajectory(record, self.cost)
        level = self.level.at(records)
        for value, cost in zip(watched, costs, strict=True):
            if value >= level:
                return cost
        raise NotReached(
            f"{metric_name(self.name)} of `{self.recipe}` never reached {level:.4g}, the "
            f"{self.level}: its best was {max(watched):.4g}"
        )

    def __str__(self) -> str:
        watched = metric_name(self.name)
        cost = f"{_IN_WORDS[self.cost]} of `{self.recipe}`"
        return f"{cost} until its {watched} is the {self.level} or more"


@dataclass(frozen=True)
class FallFromPeak:
    """By how much the last value of a tracked metric is below its highest: 0 or more."""

    recipe: str
    name: str

    @property
    def recipes(self) -> tuple[str, ...]:
        return (self.recipe,)

    def at(self, records: Mapping[str, Record]) -> Number:
        values = trajectory(records[self.recipe], self.name)
        return max(values) - values[-1]

    def __str__(self) -> str:
        return f"fall of {metric_name(self.name)} of `{self.recipe}` from its peak"


def takes_time(measure: Measure) -> bool:
    """Whether a measure reads a time, which depends on the machine, in any of its parts."""
    own = isinstance(measure, ProcessorSeconds) or getattr(measure, "cost", None) in _TIMES
    return own or any(map(takes_time, parts_of(measure)))


def trajectory(record: Record, name: str) -> list[Number]:
    """A metric of a record's trajectory at each of its points, of which there is one at least.

    Raises FailedRun of a run that failed, and ReplicationError where a point lacks it.
    """
    if record.failed:
        raise FailedRun(record.failure)
    if not record.trajectory:
        raise ReplicationError(
            f"The record {record.paper}/{record.filename} has an empty trajectory. Run the recipe "
            "again."
        )
    everywhere = set.intersection(*(set(point) for point in record.trajectory))
    if name not in everywhere:
        raise ReplicationError(
            f"The trajectory of the record {record.paper}/{record.filename} has no {name!r} at "
            f"every point. It has: {', '.join(sorted(everywhere)) or 'none'}. Correct the name, or "
            "let the recipe watch that metric and run it again."
        )
    return [point[name] for point in record.trajectory]
