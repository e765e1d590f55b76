"""Measures of trends: how metrics change with model size, or along training."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from replications.claims.measures.metric_names import metric_name
from replications.claims.measures.trajectory import trajectory
from replications.claims.measures.values import Measure, describe_measures
from replications.records import Number, Record


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's correlation of the measures with the order in which they are given: -1 to 1.

    0 where all are equal, as they then have no order.
    """

    measures: tuple[Measure, ...]
    limits: ClassVar = (-1.0, 1.0)

    @property
    def recipes(self) -> tuple[str, ...]:
        return _recipes_of(self.measures)

    def at(self, records: Mapping[str, Record]) -> Number:
        return _by_order([each.at(records) for each in self.measures])

    def __str__(self) -> str:
        return f"rank correlation along {describe_measures(self.measures)}"


@dataclass(frozen=True)
class LogSlope:
    """By how much the measures rise where the sizes grow tenfold: a least-squares line.

    The line is fitted over log10 of the sizes, one for each measure.
    """

    measures: tuple[Measure, ...]
    sizes: tuple[Measure, ...]

    def __post_init__(self) -> None:
        if len(self.measures) != len(self.sizes) or len(self.sizes) < 2:
            raise ValueError(
                f"{len(self.measures)} measures and {len(self.sizes)} sizes: give as many of both, "
                "two at least"
            )

    @property
    def recipes(self) -> tuple[str, ...]:
        return _recipes_of((*self.measures, *self.sizes))

    def at(self, records: Mapping[str, Record]) -> Number:
        sizes = [math.log10(each.at(records)) for each in self.sizes]
        return slope(sizes, [each.at(records) for each in self.measures])

    def __str__(self) -> str:
        return f"rise of {describe_measures(self.measures)} where the size grows tenfold"


@dataclass(frozen=True)
class TrajectoryCorrelation:
    """Spearman's correlation of a tracked metric with the epochs of training: -1 to 1."""

    recipe: str
    name: str
    limits: ClassVar = (-1.0, 1.0)

    @property
    def recipes(self) -> tuple[str, ...]:
        return (self.recipe,)

    def at(self, records: Mapping[str, Record]) -> Number:
        return _by_order(trajectory(records[self.recipe], self.name))

    def __str__(self) -> str:
        return f"rank correlation of {metric_name(self.name)} of `{self.recipe}` with the epochs"


def slope(over: Sequence[Number], values: Sequence[Number]) -> float:
    """The slope of the least-squares line of the values; ValueError where `over` is constant."""
    middle = math.fsum(over) / len(over)
    spread = math.fsum((x - middle) ** 2 for x in over)
    if not spread:
        raise ValueError("all values of x are equal: a line has no slope there")
    return math.fsum((x - middle) * y for x, y in zip(over, values, strict=True)) / spread


def rank_correlation(over: Sequence[Number], values: Sequence[Number]) -> float:
    """Spearman's; 0 where either are all equal, as they then have no order."""
    # Half a second that `replicate --help` need not wait for.
    from scipy.stats import spearmanr

    if len(set(over)) == 1 or len(set(values)) == 1:
        return 0.0
    return float(spearmanr(over, values).statistic)


def _by_order(values: Sequence[Number]) -> float:
    return rank_correlation(range(len(values)), values)


def _recipes_of(measures: Sequence[Measure]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in measures for name in each.recipes))
