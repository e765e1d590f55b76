"""Measures of limited data: the early-stopped loss of training that goes on until it overfits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from replications.claims.measures.metric_names import metric_name
from replications.claims.measures.trajectory import trajectory
from replications.claims.measures.trends import rank_correlation
from replications.claims.measures.values import NoValue
from replications.fits.power_law import fit_power_law
from replications.records import Number, Record

_FEWEST = 3  # a line fits two points exactly


@dataclass(frozen=True)
class EarlyStopped:
    """The lowest value of a metric in the trajectory: of a loss, that of early stopping.

    Source: Kaplan et al. 2020, section 3.3. It is the lowest of the points that there are.
    """

    recipe: str
    name: str

    @property
    def recipes(self) -> tuple[str, ...]:
        return (self.recipe,)

    def at(self, records: Mapping[str, Record]) -> Number:
        return min(trajectory(records[self.recipe], self.name))

    def __str__(self) -> str:
        return f"lowest {metric_name(self.name)} of `{self.recipe}`"


@dataclass(frozen=True)
class DataLaw:
    """The power law of the early-stopped loss in the number of unique tokens.

    `unique_tokens` are those of each recipe; `want` is the law's exponent or r squared. Source:
    Kaplan et al. 2020, equation 1.2.
    """

    recipes: tuple[str, ...]
    unique_tokens: tuple[int, ...]
    name: str
    want: Literal["exponent", "r_squared"] = "exponent"

    def __post_init__(self) -> None:
        if len(self.recipes) != len(self.unique_tokens) or len(self.recipes) < _FEWEST:
            raise ValueError("give the tokens of each recipe, of three recipes or more")

    def at(self, records: Mapping[str, Record]) -> Number:
        loss = [EarlyStopped(recipe, self.name).at(records) for recipe in self.recipes]
        law = fit_power_law(np.array(self.unique_tokens, dtype=float), np.array(loss))
        return getattr(law, self.want)

    def __str__(self) -> str:
        return (
            f"{self.want.replace('_', ' ')} of the power law of the lowest "
            f"{metric_name(self.name)} in different tokens over {len(self.recipes)} runs"
        )


@dataclass(frozen=True)
class GridCollapse:
    """Spearman's correlation of overfitting with N ** exponent / D over a grid of runs: -1 to 1.

    `weights` are N of each recipe, `unique_tokens` D. Overfitting is the early-stopped loss over
    that of the same N with the most tokens, minus 1. With an exponent of 0 it is the correlation
    with 1 / D alone. Source: Kaplan et al. 2020, section 4.2 and figure 9, right: exponent 0.74.
    """

    recipes: tuple[str, ...]
    weights: tuple[int, ...]
    unique_tokens: tuple[int, ...]
    name: str
    exponent: float = 0.74
    limits: ClassVar = (-1.0, 1.0)

    def at(self, records: Mapping[str, Record]) -> Number:
        points = self.points(records)
        if len(points) < _FEWEST:
            raise NoValue("no three runs have one of their size with more tokens beside them")
        return rank_correlation(*zip(*points, strict=True))

    def points(self, records: Mapping[str, Record]) -> list[tuple[float, float]]:
        """N ** exponent / D and overfitting of each run but those with the most tokens."""
        return self.points_of(
            [EarlyStopped(recipe, self.name).at(records) for recipe in self.recipes]
        )

    def points_of(self, losses: Sequence[Number]) -> list[tuple[float, float]]:
        """The same of any loss for each recipe, such as that of a law."""
        runs = list(zip(self.weights, self.unique_tokens, losses, strict=True))
        most = {weights: max(t for w, t, _ in runs if w == weights) for weights, _, _ in runs}
        least = {weights: loss for weights, tokens, loss in runs if tokens == most[weights]}
        return [
            (weights**self.exponent / tokens, loss / least[weights] - 1)
            for weights, tokens, loss in runs
            if tokens < most[weights]
        ]

    def __str__(self) -> str:
        return (
            f"rank correlation of overfitting with N^{self.exponent:g}/D, lowest "
            f"{metric_name(self.name)} of {len(self.recipes)} runs"
        )
