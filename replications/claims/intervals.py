"""Student's t-intervals for the mean over seeds, at the looks (interim analyses) of a claim.

A claim is looked at with 3, 5 and 8 seeds, each time with a 98 % interval. The error over all
looks is then 2.5 % a side for a single sample, by simulation (`tests/claims/test_intervals.py`).
For a difference of two of which one scatters four times as much it is 3 %, as Welch's degrees of
freedom are an approximation.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from replications.claims.criteria import Criterion
from replications.records import Number

LOOKS = (3, 5, 8)
LOOK_ERROR = 0.01
"""How often one look's interval lies beyond the truth, on each side."""
ERROR = 0.025
"""The same over all looks."""
POWER = 0.8

Covers = Literal["seeds", "items", "both", "nothing"]


@dataclass(frozen=True)
class Interval:
    """A mean and its interval. Values that all agree make one of no width."""

    mean: Number
    low: Number
    high: Number


def interval(values: Sequence[Number], confidence: float = 0.95) -> Interval:
    """Student's t-interval for the mean of independent runs: mean ± t(n - 1) s / sqrt(n).

    For figures, which show the spread of a single row. Verdicts rest on `Estimate`. Raises
    ValueError for fewer than two values, which have no spread to judge by.
    """
    # Half a second that `replicate --help` need not wait for.
    from scipy.special import stdtrit

    count = len(values)
    if count < 2:
        raise ValueError("a confidence interval needs at least two values")
    if all(value == values[0] for value in values):
        return Interval(values[0], values[0], values[0])
    mean, deviation = math.fsum(values) / count, math.sqrt(variance(values))
    half = float(stdtrit(count - 1, (1 + confidence) / 2)) * deviation / math.sqrt(count)
    return Interval(mean, mean - half, mean + half)


def variance(values: Sequence[Number]) -> float:
    """The sample variance, with n - 1 in the denominator; 0 exactly for equal values."""
    if all(value == values[0] for value in values):
        return 0.0
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


class StandardError(NamedTuple):
    """The standard error of a mean, and the degrees of freedom that it was estimated with."""

    error: Number
    degrees: Number


@dataclass(frozen=True)
class Estimate:
    """A measured mean with its standard error and that error's degrees of freedom.

    `error` is None where nothing was seen to vary: equal values are no certainty, so that there is
    no interval. `covers` says what the error is made of. `seeds_alone` is a part of the error that
    the whole may not be smaller than, in any of its uses. Satterthwaite's degrees of freedom grow
    with each part that is added, so that a small one would make the interval *narrower*: with three
    seeds and items of a tenth of their variance, a 98 % interval missed in 4.6 % of cases.
    """

    mean: Number
    error: Number | None
    degrees: Number
    covers: Covers
    seeds_alone: StandardError | None = None

    @property
    def _errors(self) -> list[StandardError]:
        whole = [] if self.error is None else [StandardError(self.error, self.degrees)]
        return whole + ([] if self.seeds_alone is None else [self.seeds_alone])

    @property
    def half_width(self) -> float | None:
        """Half of the 98 % interval of one look."""
        from scipy.special import stdtrit

        if self.error is None:
            return None
        return max(float(stdtrit(d, 1 - LOOK_ERROR)) * error for error, d in self._errors)

    @property
    def interval(self) -> Interval | None:
        if (half := self.half_width) is None:
            return None
        return Interval(self.mean, self.mean - half, self.mean + half)

    @property
    def detectable(self) -> float | None:
        """The distance from the bound at which this look decides in 80 of 100 cases.

        From Student's non-central distribution with this standard error.
        """
        from scipy.special import nctdtrinc, stdtrit

        if self.error is None:
            return None
        return max(
            float(nctdtrinc(d, 1 - POWER, float(stdtrit(d, 1 - LOOK_ERROR)))) * error
            for error, d in self._errors
        )

    def p(self, criterion: Criterion) -> float | None:
        """The one-sided p-value against the values outside the criterion, over all looks.

        A range with two ends has to be told from what lies beyond either: the larger p-value
        counts. One look decides at 1 % where all looks together decide at 2.5 %, so that a look's
        own p-value is multiplied by 2.5. (That holds at 1 %; by simulation the factor is 2.6 at
        0.5 % and 2.8 at 0.1 %, so that small values are a little too small.)
        """
        from scipy.special import stdtr

        if self.error is None:
            return None
        low, high = criterion.edges
        distance = min(self.mean - low, high - self.mean)
        beyond = max(float(stdtr(d, -distance / error)) for error, d in self._errors)
        return min(1.0, ERROR / LOOK_ERROR * beyond)
