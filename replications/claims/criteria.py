"""Criteria of claims: inequalities that a whole confidence interval over seeds must satisfy."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from replications.records import Number

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """The mean over seeds and its 95 % t-interval. Values that all agree make one of no width."""

    mean: Number
    low: Number
    high: Number


def interval(values: Sequence[Number]) -> Interval:
    """Student's t-interval for the mean of independent runs: mean ± t(0.975, n - 1) s / sqrt(n).

    Raises ValueError for fewer than two values, which have no spread to judge by.
    """
    # Half a second that `replicate --help` need not wait for.
    from scipy.special import stdtrit

    count = len(values)
    if count < 2:
        raise ValueError("a confidence interval needs at least two values")
    if all(value == values[0] for value in values):
        return Interval(values[0], values[0], values[0])
    mean = math.fsum(values) / count
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (count - 1))
    half = float(stdtrit(count - 1, (1 + CONFIDENCE) / 2)) * deviation / math.sqrt(count)
    return Interval(mean, mean - half, mean + half)


@runtime_checkable
class Range(Protocol):
    """A range of values without gaps: an interval lies in it when both its ends do."""

    @property
    def words(self) -> str: ...

    def allows(self, value: Number) -> bool: ...


@runtime_checkable
class Criterion(Protocol):
    """What a claim asks of the values it measured."""

    def complaint(self, values: Sequence[Number]) -> str:
        """Empty when the criterion is met; otherwise what went wrong, in one sentence."""


class _WholeInterval:
    """A range that the whole 95 % interval must lie in."""

    def complaint(self: Range, values: Sequence[Number]) -> str:
        found = interval(values)
        if self.allows(found.low) and self.allows(found.high):
            return ""
        if self.allows(found.mean):
            return f"The mean lies {self.words}, but its 95 % interval does not wholly."
        return f"The mean does not lie {self.words}."

    def __str__(self: Range) -> str:
        return f"the 95 % interval lies {self.words}"


@dataclass(frozen=True)
class Above(_WholeInterval):
    """Strictly greater than the bound."""

    bound: Number

    @property
    def words(self) -> str:
        return f"above {self.bound:g}"

    def allows(self, value: Number) -> bool:
        return value > self.bound


@dataclass(frozen=True)
class Below(_WholeInterval):
    """Strictly less than the bound."""

    bound: Number

    @property
    def words(self) -> str:
        return f"below {self.bound:g}"

    def allows(self, value: Number) -> bool:
        return value < self.bound


@dataclass(frozen=True)
class Between(_WholeInterval):
    """No less than `low`, no greater than `high`."""

    low: Number
    high: Number

    @property
    def words(self) -> str:
        return f"between {self.low:g} and {self.high:g}"

    def allows(self, value: Number) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True)
class EverySeed:
    """Each seed's own value lies in the range."""

    range: Range

    def complaint(self, values: Sequence[Number]) -> str:
        missed = [value for value in values if not self.range.allows(value)]
        if not missed:
            return ""
        shown = ", ".join(f"{value:.4g}" for value in missed)
        return f"{len(missed)} of {len(values)} seeds do not lie {self.range.words}: {shown}."

    def __str__(self) -> str:
        return f"every seed lies {self.range.words}"
