"""Criteria of claims: a range of values, and how an interval lies to it."""

import math
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from replications.records import Number

Reading = Literal["inside", "outside", "straddling"]


@runtime_checkable
class Criterion(Protocol):
    """A range of values without gaps, and the position of an interval relative to it."""

    @property
    def edges(self) -> tuple[Number, Number]:
        """Its two ends; infinite where it has none."""

    @property
    def words(self) -> str: ...

    def reading(self, low: Number, high: Number) -> Reading:
        """Whether an interval lies wholly inside, wholly outside, or in part."""


class _InWords:
    def __str__(self: Criterion) -> str:
        return f"the interval lies {self.words}"


@dataclass(frozen=True)
class Above(_InWords):
    """Strictly greater than the bound."""

    bound: Number

    @property
    def edges(self) -> tuple[Number, Number]:
        return self.bound, math.inf

    @property
    def words(self) -> str:
        return f"above {self.bound:g}"

    def reading(self, low: Number, high: Number) -> Reading:
        if low > self.bound:
            return "inside"
        return "outside" if high <= self.bound else "straddling"


@dataclass(frozen=True)
class Below(_InWords):
    """Strictly less than the bound."""

    bound: Number

    @property
    def edges(self) -> tuple[Number, Number]:
        return -math.inf, self.bound

    @property
    def words(self) -> str:
        return f"below {self.bound:g}"

    def reading(self, low: Number, high: Number) -> Reading:
        if high < self.bound:
            return "inside"
        return "outside" if low >= self.bound else "straddling"


@dataclass(frozen=True)
class Between(_InWords):
    """No less than `low`, no greater than `high`."""

    low: Number
    high: Number

    @property
    def edges(self) -> tuple[Number, Number]:
        return self.low, self.high

    @property
    def words(self) -> str:
        return f"between {self.low:g} and {self.high:g}"

    def reading(self, low: Number, high: Number) -> Reading:
        if self.low <= low and high <= self.high:
            return "inside"
        return "outside" if high < self.low or low > self.high else "straddling"


def falls_short(criterion: Criterion, null: Number | None, low: Number, high: Number) -> bool:
    """Whether an interval lies between no effect and the range: the right way, but not as far.

    `null` is the value of no effect. False where it is None or lies in the range itself.
    """
    if null is None:
        return False
    nearest, furthest = criterion.edges
    return null < low <= high < nearest or furthest < low <= high < null
