"""The measures that others are built of: values of records, and arithmetic of measures."""

import math
import os.path
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Literal, Protocol, runtime_checkable

from replications.claims.measures.metric_names import metric_name
from replications.errors import ReplicationError
from replications.records import Number, Record


class NoValue(ReplicationError):
    """These records have no value of the measure: for a claim that is a result, not a defect.

    The message is a clause that says what is lacking.
    """


class DividesByZero(ReplicationError):
    """A ratio whose divisor is 0: a defect of the claim, or of one bootstrap sample alone."""


class NotReached(NoValue):
    """A run did not come as far as the measure asks, which speaks against the claim."""


@runtime_checkable
class Measure(Protocol):
    """A number that each seed has, computed from that seed's records."""

    @property
    def recipes(self) -> tuple[str, ...]:
        """The recipes whose records it needs, by name."""

    def at(self, records: Mapping[str, Record]) -> Number:
        """Its value at one seed; `records` are that seed's, by recipe.

        Raises NoValue where these records show that there is none, and ReplicationError where they
        lack what is asked for.
        """


@dataclass(frozen=True)
class Value:
    """A metric of a recipe."""

    recipe: str
    metric: str

    @property
    def recipes(self) -> tuple[str, ...]:
        return (self.recipe,)

    def at(self, records: Mapping[str, Record]) -> Number:
        return records[self.recipe].metric(self.metric)

    def __str__(self) -> str:
        return f"{metric_name(self.metric)} of `{self.recipe}`"


@dataclass(frozen=True)
class Difference:
    """Left minus right at the same seed. An interaction is a difference of differences."""

    left: Measure
    right: Measure

    @property
    def recipes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.left.recipes, *self.right.recipes)))

    def at(self, records: Mapping[str, Record]) -> Number:
        return self.left.at(records) - self.right.at(records)

    def __str__(self) -> str:
        return f"({self.left} − {self.right})"


@dataclass(frozen=True)
class Ratio:
    """Left divided by right at the same seed."""

    left: Measure
    right: Measure

    @property
    def recipes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.left.recipes, *self.right.recipes)))

    def at(self, records: Mapping[str, Record]) -> Number:
        divisor = self.right.at(records)
        if divisor == 0:
            raise DividesByZero(f"{self} divides by zero: compare by a difference instead.")
        return self.left.at(records) / divisor

    def __str__(self) -> str:
        return f"({self.left} ÷ {self.right})"


@dataclass(frozen=True)
class Average:
    """The mean of several measures at the same seed, such as the scores of several tasks."""

    measures: tuple[Measure, ...]

    @property
    def recipes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for each in self.measures for name in each.recipes))

    def at(self, records: Mapping[str, Record]) -> Number:
        return math.fsum(each.at(records) for each in self.measures) / len(self.measures)

    def __str__(self) -> str:
        return f"mean of {describe_measures(self.measures)}"


@dataclass(frozen=True)
class Parameters:
    """How many parameters a recipe trained: "embedding" (a row a token), or "other"."""

    recipe: str
    kind: Literal["embedding", "other"] = "other"

    @property
    def recipes(self) -> tuple[str, ...]:
        return (self.recipe,)

    def at(self, records: Mapping[str, Record]) -> Number:
        return records[self.recipe].parameters[self.kind]

    def __str__(self) -> str:
        return f"{self.kind} parameters of `{self.recipe}`"


@dataclass(frozen=True)
class Magnitude:
    """The absolute value of a measure at each seed: |mean difference| would be another number."""

    measure: Measure

    @property
    def recipes(self) -> tuple[str, ...]:
        return self.measure.recipes

    def at(self, records: Mapping[str, Record]) -> Number:
        return abs(self.measure.at(records))

    def __str__(self) -> str:
        inner = str(self.measure)
        # A difference brings its own brackets.
        bare = inner[1:-1] if isinstance(self.measure, Difference | Ratio) else inner
        return f"|{bare}|"


def leaves_out_failed(measure: Measure) -> bool:
    """Whether a measure has a value without its failed runs, such as a fit over many recipes.

    It says so by an attribute of this name; one that is made of others has one if they all have.
    """
    own, parts = getattr(measure, "leaves_out_failed", None), parts_of(measure)
    return bool(parts) and all(map(leaves_out_failed, parts)) if own is None else own


def parts_of(measure: Measure) -> list[Measure]:
    """The measures that a measure is made of; none where it reads another recipe by itself."""
    if not is_dataclass(measure):
        return []
    values = [getattr(measure, field.name) for field in fields(measure)]
    each = [part for value in values for part in (value if isinstance(value, tuple) else (value,))]
    parts = [part for part in each if isinstance(part, Measure)]
    read = {recipe for part in parts for recipe in part.recipes}
    return parts if read.issuperset(measure.recipes) else []


def describe_measures(measures: Sequence[Measure]) -> str:
    """Several measures in words; metrics of one recipe, or one of several, in a single phrase."""
    if all(isinstance(each, Value) for each in measures):
        metrics = [*dict.fromkeys(metric_name(each.metric) for each in measures)]
        recipes = [*dict.fromkeys(each.recipe for each in measures)]
        if len(recipes) == 1:
            return f"{_shortened(metrics, ' ')} of `{recipes[0]}`"
        if len(metrics) == 1:
            return f"{metrics[0]} of `{_shortened(recipes, '-')}`"
    return " and ".join(map(str, measures))


def _shortened(names: Sequence[str], mark: str) -> str:
    """What names have in common up to a mark stands once: "{cola, rte}-pretrained"."""
    if len(names) == 1:
        return names[0]
    start = os.path.commonprefix(names)
    start = start[: start.rfind(mark) + 1]
    rest = [name.removeprefix(start) for name in names]
    backwards = os.path.commonprefix([name[::-1] for name in rest])
    ending = backwards[: backwards.rfind(mark) + 1][::-1]
    return f"{start}{{{', '.join(name.removesuffix(ending) for name in rest)}}}{ending}"
