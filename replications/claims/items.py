"""The part of a claim's error that comes from its test items: a bootstrap over them.

All runs of a chapter are tested on the same items, so that their part of the error does not show
in the scatter over seeds. Runs with as many items are taken to have the same ones, and draw the
same sample of them.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Shaped

from replications.claims.measures import (
    DividesByZero,
    Measure,
    NoValue,
    Parameters,
    Value,
    parts_of,
)
from replications.errors import ReplicationError
from replications.records import Record

SAMPLES = 200
"""Enough to know a standard error to a twentieth of itself."""

PARTS_OF = {"confidence_correlation": "structure_lddt"}
"""Metrics whose items are parts of the items of another: residues of chains. Each whole has as many
parts, which stand in the order of the wholes. They are alike, so that wholes are drawn."""


@runtime_checkable
class Items(Protocol):
    """What a run got for each test item, and the metric that is made of it."""

    @property
    def values(self) -> Shaped[np.ndarray, "items columns"]: ...

    def statistic(self, values: Shaped[np.ndarray, "items columns"]) -> float: ...


ItemsOf = Callable[[Record], Mapping[str, Items]]
"""A record's items by metric; none for a record that kept none."""


def metrics_of(measure: object) -> set[tuple[str, str]]:
    """The metrics that a measure is made of, as (recipe, metric), however deep they are nested."""
    if isinstance(measure, Value):
        return {(measure.recipe, measure.metric)}
    if isinstance(measure, tuple):
        return {each for part in measure for each in metrics_of(part)}
    if dataclasses.is_dataclass(measure):
        parts = tuple(getattr(measure, field.name) for field in dataclasses.fields(measure))
        return metrics_of(parts)
    return set()


def stays_as_it_is(measure: Measure) -> bool:
    """Whether a part of the measure varies between runs and would be the same in all samples.

    Metrics are computed anew for each sample, and numbers of parameters do not vary; what is read
    in another way, such as along a trajectory, stays as it is.
    """
    if parts := parts_of(measure):
        return any(map(stays_as_it_is, parts))
    return not isinstance(measure, Value | Parameters)


class Resampled:
    """Metrics over samples of the items with replacement, each computed once for all claims."""

    def __init__(self, items_of: ItemsOf) -> None:
        self._items_of = items_of
        self._known: dict[tuple[str, str], Mapping[str, Items]] = {}
        self._samples: dict[tuple[str, str, str], Float[np.ndarray, " samples"]] = {}
        self._drawn: dict[int, Shaped[np.ndarray, "samples items"]] = {}

    def error(
        self, measure: Measure, by_seed: Iterable[Mapping[str, Record]]
    ) -> tuple[float, int] | None:
        """The standard error of the mean over seeds that comes from the items, and their number.

        Items that are parts of others count as those: see `PARTS_OF`.

        None unless each metric of the measure has its items in each record, two or more, and the
        measure reads no recipe in another way, such as along its trajectory: that part would stay
        as it is, and the error would be that of the other part alone. None, too, where a sample has
        no value. Raises ReplicationError where not all wholes can have as many parts.
        """
        runs = list(by_seed)
        metrics = metrics_of(measure)
        if not metrics or {recipe for recipe, _ in metrics} != set(measure.recipes):
            return None
        if stays_as_it_is(measure):
            return None
        fewest = None
        for run in runs:
            for recipe, metric in metrics:
                if self._items(run[recipe]).get(metric) is None:
                    return None
                drawn = self._wholes(run[recipe], metric)
                fewest = min(fewest or drawn, drawn)
        if not fewest or fewest < 2:
            return None
        try:
            values = [[self._at(measure, run, n) for n in range(SAMPLES)] for run in runs]
        except (NoValue, DividesByZero):
            return None
        means = np.mean(values, 0)
        return float(np.std(means, ddof=1)), int(fewest)

    def _items(self, record: Record) -> Mapping[str, Items]:
        key = (record.paper, record.filename)
        if key not in self._known:
            self._known[key] = self._items_of(record)
        return self._known[key]

    def _at(self, measure: Measure, run: Mapping[str, Record], sample: int) -> float:
        changed: dict[str, dict[str, float]] = {}
        for recipe, metric in metrics_of(measure):
            changed.setdefault(recipe, {})[metric] = self._metric(run[recipe], metric)[sample]
        resampled = {
            name: dataclasses.replace(record, metrics={**record.metrics, **changed.get(name, {})})
            for name, record in run.items()
        }
        return measure.at(resampled)

    def _metric(self, record: Record, metric: str) -> Float[np.ndarray, " samples"]:
        key = (record.paper, record.filename, metric)
        if key not in self._samples:
            items = self._items(record)[metric]
            count = self._wholes(record, metric)
            if count not in self._drawn:
                generator = np.random.default_rng(count)
                self._drawn[count] = generator.integers(count, size=(SAMPLES, count))
            parts = np.arange(len(items.values)).reshape(count, -1)
            self._samples[key] = np.array(
                [
                    items.statistic(items.values[parts[drawn].ravel()])
                    for drawn in self._drawn[count]
                ]
            )
        return self._samples[key]

    def _wholes(self, record: Record, metric: str) -> int:
        """How many of the metric's items are drawn by themselves, or of those they are parts of."""
        items = self._items(record)
        parts, whole = len(items[metric].values), items.get(PARTS_OF.get(metric, metric))
        wholes = parts if whole is None else len(whole.values)
        if wholes == 0 or parts % wholes:
            raise ReplicationError(
                f"{record.paper}/{record.filename} has {parts} items of {metric!r}, which are no "
                f"equal parts of {wholes} of {PARTS_OF.get(metric, metric)!r}."
            )
        return wholes
