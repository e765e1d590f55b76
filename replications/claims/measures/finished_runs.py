"""The cost of reaching a level, from finished runs of several budgets."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from replications.claims.measures.trajectory import Cost, CostName
from replications.claims.measures.values import Measure, NotReached, Value, describe_measures
from replications.records import Number, Record


@dataclass(frozen=True)
class CostAtLevel:
    """The cost of training until the runs' metric is `level`: a line between two of the runs.

    `runs` are the same model trained for more and more, each to the end of its own schedule: along
    one schedule a metric is low until the learning rate has fallen. Between two neighbours the
    metric is taken to rise in proportion to the logarithm of the cost. Where the cheapest run is
    above the level its whole cost stands, which is too much. NotReached is raised where none
    reaches it.
    """

    runs: tuple[Value, ...]
    level: Measure
    cost: CostName = "processor_seconds"

    def __post_init__(self) -> None:
        if len(self.runs) < 2:
            raise ValueError(f"{len(self.runs)} finished runs: give two at least")

    @property
    def recipes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*(run.recipe for run in self.runs), *self.level.recipes)))

    def at(self, records: Mapping[str, Record]) -> Number:
        level = self.level.at(records)
        points = [(Cost(run.recipe, self.cost).at(records), run.at(records)) for run in self.runs]
        if points[0][1] >= level:
            return points[0][0]
        for (cost, low), (next_cost, high) in zip(points, points[1:], strict=False):
            if low < level <= high:
                share = (level - low) / (high - low)
                return math.exp(math.log(cost) + share * math.log(next_cost / cost))
        raise NotReached(
            f"{describe_measures(self.runs)} never reached {level:.4g}, the {self.level}: the best "
            f"was {max(value for _, value in points):.4g}"
        )

    def __str__(self) -> str:
        names = {"processor_seconds": "processor seconds", "flops": "floating-point operations"}
        return (
            f"{names.get(self.cost, self.cost)} at which {describe_measures(self.runs)} is the "
            f"{self.level}"
        )
