"""Measures of the best of several recipes that differ in a hyperparameter alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from replications.claims.measures.metric_names import metric_name
from replications.claims.measures.trajectory import trajectory
from replications.claims.measures.values import Value, describe_measures
from replications.records import Number, Record


@dataclass(frozen=True)
class Tuned:
    """A metric of whichever candidate ended lowest in `chosen_by`, at each seed anew.

    `chosen_by` is a metric tracked in training, such as the validation loss: `metric`, of the test
    part, does not affect the choice. Of candidates that tie the first is taken.
    """

    candidates: tuple[str, ...]
    metric: str
    chosen_by: str = "validation_bits_per_byte"

    @property
    def recipes(self) -> tuple[str, ...]:
        return self.candidates

    def at(self, records: Mapping[str, Record]) -> Number:
        return records[self.chosen(records)].metric(self.metric)

    def chosen(self, records: Mapping[str, Record]) -> str:
        """The best candidate of one seed's records."""
        return min(self.candidates, key=lambda name: trajectory(records[name], self.chosen_by)[-1])

    def __str__(self) -> str:
        values = tuple(Value(name, self.metric) for name in self.candidates)
        return f"{describe_measures(values)}, of the best on the validation part"


@dataclass(frozen=True)
class TunedEpoch:
    """A tracked metric after whichever epoch of whichever candidate was highest in `chosen_by`.

    So hyperparameter and number of epochs are chosen together, at each seed anew; `metric` does not
    affect the choice. Of epochs that tie the first is taken.
    """

    candidates: tuple[str, ...]
    metric: str
    chosen_by: str

    @property
    def recipes(self) -> tuple[str, ...]:
        return self.candidates

    def at(self, records: Mapping[str, Record]) -> Number:
        recipe, epoch = self.chosen(records)
        return trajectory(records[recipe], self.metric)[epoch]

    def chosen(self, records: Mapping[str, Record]) -> tuple[str, int]:
        """The best candidate of one seed's records, and its best point, counted from 0."""
        points = (
            (value, name, epoch)
            for name in self.candidates
            for epoch, value in enumerate(trajectory(records[name], self.chosen_by))
        )
        _, name, epoch = max(points, key=lambda point: point[0])
        return name, epoch

    def __str__(self) -> str:
        values = tuple(Value(name, self.metric) for name in self.candidates)
        chosen_by = metric_name(self.chosen_by)
        return f"{describe_measures(values)}, after the epoch with the best {chosen_by}"
