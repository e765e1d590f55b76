"""A measure of recipes that differ in a hyperparameter alone: of the one that was best."""

from collections.abc import Mapping
from dataclasses import dataclass

from replications.claims.measures import Value, describe_measures
from replications.claims.trajectory import trajectory
from replications.records import Number, Record


@dataclass(frozen=True)
class Tuned:
    """A metric of whichever candidate ended lowest in `chosen_by`, at each seed anew.

    `chosen_by` is what was watched in training, such as the validation loss: the metric, of the
    test part, has no say in the choice. Of candidates that tie the first is taken.
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
