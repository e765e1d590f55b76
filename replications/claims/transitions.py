"""A measure of sudden transitions: whether a run is past one, which a mean of accuracies hides."""

from collections.abc import Mapping
from dataclasses import dataclass

from replications.claims.measures import Measure
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
