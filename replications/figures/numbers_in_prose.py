"""Numbers of ours in a chapter's sentences: read from the records when the page is built."""

import math
from collections.abc import Iterable
from statistics import fmean

from replications.figures.tables import over_seeds
from replications.records import Number, Record


class RecordedNumbers:
    """What the recorded seeds of a recipe measured, by recipe and metric."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records = list(records)

    def values(self, recipe: str, metric: str) -> list[Number]:
        """One a seed; none where nothing is recorded."""
        return [run.metric(metric) for run in self.records if run.recipe == recipe]

    def mean(self, recipe: str, metric: str) -> float:
        """Over the seeds; not a number where nothing is recorded."""
        found = self.values(recipe, metric)
        return fmean(found) if found else math.nan

    def each(self, recipe: str, metric: str) -> str:
        """The seeds' numbers one after the other, as in "58, 69, 59"."""
        return ", ".join(f"{value:.0f}" for value in self.values(recipe, metric)) or "…"

    def spread(self, recipe: str, metric: str) -> str:
        """Mean ± half of the 95 % interval, or that there are no records yet."""
        found = self.values(recipe, metric)
        return over_seeds(found) if found else "no records yet"
