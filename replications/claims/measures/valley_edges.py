"""How far above its lowest point a valley's ends are: whether it is a valley."""

from collections.abc import Mapping
from dataclasses import dataclass

from replications.claims.measures.metric_names import metric_name
from replications.records import Number, Record


@dataclass(frozen=True)
class EdgeExcess:
    """By how much the lower end of a budget's valley is above its lowest run, at the same seed.

    `budgets` has the recipes of each budget, the smallest size first. Of all budgets it is the
    least, once the `left_out` least are left out: above 0 where all but that many budgets have a
    minimum between their ends. Source: Hoffmann et al. 2022, figure 3, left.
    """

    budgets: tuple[tuple[str, ...], ...]
    name: str
    left_out: int = 0

    def __post_init__(self) -> None:
        if any(len(recipes) < 3 for recipes in self.budgets):
            raise ValueError("a valley takes three sizes or more")
        if not 0 <= self.left_out < len(self.budgets):
            raise ValueError(f"{self.left_out} of {len(self.budgets)} budgets cannot be left out")

    @property
    def recipes(self) -> tuple[str, ...]:
        return tuple(name for recipes in self.budgets for name in recipes)

    def at(self, records: Mapping[str, Record]) -> Number:
        excess = []
        for recipes in self.budgets:
            losses = [records[recipe].metric(self.name) for recipe in recipes]
            excess.append(min(losses[0], losses[-1]) - min(losses))
        return sorted(excess)[self.left_out]

    def __str__(self) -> str:
        kept = len(self.budgets) - self.left_out
        return (
            f"excess of {metric_name(self.name)} at the lower end of a budget's sizes over its "
            f"lowest run, the least of the best {kept} of {len(self.budgets)} budgets"
        )
