"""Power laws of the loss in the compute of a training: the lower envelope of many courses."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from replications.claims.measures import NoValue
from replications.claims.metric_names import metric_name
from replications.claims.trajectory import trajectory
from replications.claims.trends import slope
from replications.records import Number, Record

PETAFLOP_DAY = 1e15 * 24 * 3600
"""Floating-point operations of a PetaFLOP/s-day: 8.64e19."""

_FEWEST = 3  # a line through two points fits without fail


class Spent(NamedTuple):
    """A point of a course: the operations spent so far, and the loss reached."""

    flops: float
    loss: float


class PowerLaw(NamedTuple):
    """loss = prefactor * flops ** -exponent, and how well it fits: `r_squared` of log loss."""

    prefactor: float
    exponent: float
    r_squared: float

    def loss(self, flops: float) -> float:
        return self.prefactor * flops**-self.exponent


def trajectory_of(record: Record, weights: int, name: str) -> list[Spent]:
    """The number of that name that was watched in training, over 6 N D floating-point operations.

    N are the `weights` that are not embeddings, D the tokens so far. Source: Kaplan et al. 2020,
    section 2.1; Brown et al. 2020, figure 3.1. Left out are the operations of the output layer and
    of attention's scores, which the record's own `flops` count; for small models they are most.
    """
    return [
        Spent(6.0 * weights * tokens, loss)
        for tokens, loss in zip(trajectory(record, "tokens"), trajectory(record, name), strict=True)
    ]


def lower_envelope(trajectories: Sequence[Sequence[Spent]]) -> list[Spent]:
    """The points of all courses that no point betters with as few operations or fewer."""
    envelope: list[Spent] = []
    for point in sorted(point for points in trajectories for point in points):
        if not envelope or point.loss < envelope[-1].loss:
            envelope.append(point)
    return envelope


def fit_power_law(points: Sequence[Spent]) -> PowerLaw:
    """Least squares of log loss over log operations.

    Source: Brown et al. 2020, figure 3.1: L = 2.57 C ** -0.048, C in PetaFLOP/s-days.
    Raises ValueError for a single place and for a loss that is not above 0.
    """
    over = [math.log(point.flops) for point in points]
    logs = [math.log(point.loss) for point in points]
    rise = slope(over, logs)
    middle = math.fsum(logs) / len(logs)
    start = middle - rise * math.fsum(over) / len(over)
    left = math.fsum((y - start - rise * x) ** 2 for x, y in zip(over, logs, strict=True))
    spread = math.fsum((y - middle) ** 2 for y in logs)
    return PowerLaw(math.exp(start), -rise, 1 - left / spread if spread else 1.0)


@dataclass(frozen=True)
class EnvelopeFit:
    """The power law of the lower envelope of some recipes' courses at the same seed.

    `weights` are those of each recipe that are not embeddings, as `trajectory_of` takes them.
    `want` is its exponent, its r squared, or the decades of compute that the envelope spans.
    Raises NoValue for an envelope of fewer than three points.
    """

    recipes: tuple[str, ...]
    weights: tuple[int, ...]
    name: str
    want: Literal["exponent", "r_squared", "decades"]

    def at(self, records: Mapping[str, Record]) -> Number:
        envelope = lower_envelope(
            [
                trajectory_of(records[recipe], weights, self.name)
                for recipe, weights in zip(self.recipes, self.weights, strict=True)
            ]
        )
        if len(envelope) < _FEWEST:
            raise NoValue(f"the lower envelope of {self.name} has {len(envelope)} points")
        if self.want == "decades":
            return math.log10(envelope[-1].flops / envelope[0].flops)
        return getattr(fit_power_law(envelope), self.want)

    def __str__(self) -> str:
        return (
            f"{self.want.replace('_', ' ')} of the power law of {metric_name(self.name)} along "
            f"the lower envelope of `{', '.join(self.recipes)}`"
        )
