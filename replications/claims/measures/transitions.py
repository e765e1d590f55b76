"""Sudden transitions: whether a run is past one, which means of accuracies hide, and how many are.

Student's t has no use for such a share, as all runs may be past a transition.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from replications.claims.criteria import Criterion
from replications.claims.intervals import ERROR, LOOK_ERROR, Interval
from replications.claims.measures.values import Difference, Measure
from replications.records import Number, Record


@dataclass(frozen=True)
class Exceeds:
    """100 where a measure is above the bound at a seed, else 0: its mean is a share of the runs."""

    measure: Measure
    bound: Number

    @property
    def recipes(self) -> tuple[str, ...]:
        return self.measure.recipes

    def at(self, records: Mapping[str, Record]) -> Number:
        return 100.0 if self.measure.at(records) > self.bound else 0.0

    def __str__(self) -> str:
        return f"per cent of runs with {self.measure} above {self.bound:g}"


@dataclass(frozen=True)
class ShareOfRuns:
    """How many of so many runs are past a bound, in per cent, less those of other recipes, if any.

    Sources: Clopper and Pearson 1934, The use of confidence or fiducial limits illustrated in the
    case of the binomial, for one share; for a difference, Newcombe 1998, Interval estimation for
    the difference between independent proportions, who combines the limits of both as here (his
    method 10, with other limits).
    """

    past: int
    runs: int
    others_past: int | None = None

    @property
    def covers(self) -> Literal["seeds"]:
        return "seeds"

    @property
    def mean(self) -> float:
        return 100 * (self.past - (self.others_past or 0)) / self.runs

    @property
    def interval(self) -> Interval:
        """The 98 % interval of one look."""
        return self._at(LOOK_ERROR)

    @property
    def half_width(self) -> float:
        found = self.interval
        return (found.high - found.low) / 2

    @property
    def detectable(self) -> None:
        """Not stated: with few runs a share has few values, and the power jumps between them."""

    def p(self, criterion: Criterion) -> float:
        """As `Estimate.p`: the largest error of one look at which the criterion is not met."""
        if not self._meets(criterion, 0.5):
            return 1.0
        low, high = 0.0, 0.5
        while high - low > 1e-9:
            middle = (low + high) / 2
            low, high = (low, middle) if self._meets(criterion, middle) else (middle, high)
        return min(1.0, ERROR / LOOK_ERROR * high)

    def _meets(self, criterion: Criterion, error: float) -> bool:
        found = self._at(error)
        return criterion.reading(found.low, found.high) == "inside"

    def _at(self, error: float) -> Interval:
        low, high = clopper_pearson(self.past, self.runs, error)
        if self.others_past is not None:
            share, others = self.past / self.runs, self.others_past / self.runs
            others_low, others_high = clopper_pearson(self.others_past, self.runs, error)
            below = math.hypot(share - low, others_high - others)
            above = math.hypot(high - share, others - others_low)
            low, high = share - others - below, share - others + above
        return Interval(self.mean, 100 * low, 100 * high)


def clopper_pearson(past: int, runs: int, error: float) -> tuple[float, float]:
    """Limits of a binomial share, of which each is exceeded in at most `error` of all cases."""
    from scipy.special import betaincinv

    low = float(betaincinv(past, runs - past + 1, error)) if past else 0.0
    high = float(betaincinv(past + 1, runs - past, 1 - error)) if past < runs else 1.0
    return low, high


def share_of_runs(measure: Measure, by_seed: Iterable[Mapping[str, Record]]) -> ShareOfRuns | None:
    """The share that the measure is over these runs; None for a measure that is none."""
    runs = list(by_seed)

    def past(part: Measure) -> int:
        return sum(part.at(records) > 0 for records in runs)

    if isinstance(measure, Exceeds):
        return ShareOfRuns(past(measure), len(runs))
    if isinstance(measure, Difference) and all(
        isinstance(part, Exceeds) for part in (measure.left, measure.right)
    ):
        return ShareOfRuns(past(measure.left), len(runs), past(measure.right))
    return None
