"""Measures of how compute is best spent: the best size, its growth, valleys, and predictions."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from replications.claims.measures.accounting import CHINCHILLA, Accounting
from replications.claims.measures.metric_names import metric_name
from replications.claims.measures.power_laws import finished
from replications.claims.measures.trajectory import trajectory
from replications.claims.measures.values import Measure, NoValue, describe_measures
from replications.fits.approaches import Approach, IsoFlopApproach, Of
from replications.fits.critical_batch import Tradeoff, fit_tradeoff, updates_to_reach
from replications.fits.power_law import fit_power_law
from replications.records import Number, Record

_OF = {"parameters": "the best N", "tokens": "the best D"}


@dataclass(frozen=True)
class OptimalGrowth:
    """The exponent a of N_opt ~ C ** a, or b of D_opt ~ C ** b, at one seed.

    `approach` is one of `replications.fits.approaches`, `accounting` how N and C are counted; of
    two accountings of the same runs the Difference is taken at each seed. `want` may be the r
    squared of the line instead. Runs that failed are left out. NoValue is raised where the runs
    that are left have no growth, as where fewer than two budgets have an inner minimum.
    Source: Kaplan et al. 2020, equation 1.7; Hoffmann et al. 2022, table 2.
    """

    recipes: tuple[str, ...]
    name: str
    approach: Approach = IsoFlopApproach()
    of: Of = "parameters"
    accounting: Accounting = CHINCHILLA
    want: Literal["exponent", "r_squared"] = "exponent"
    leaves_out_failed = True

    def at(self, records: Mapping[str, Record]) -> Number:
        courses = finished(self.recipes, records, self.name, self.accounting)
        try:
            lines = self.approach.growth(courses, self.of)
        except ValueError as error:
            raise NoValue(f"{self.approach} has no optimum: {error}") from error
        if not np.isfinite(lines.slope[0]):
            raise NoValue(f"by {self.approach} no two budgets have a minimum inside of the sizes")
        return float((lines.slope if self.want == "exponent" else lines.r_squared)[0])

    def __str__(self) -> str:
        wanted = "exponent" if self.want == "exponent" else "r squared"
        return (
            f"{wanted} of {_OF[self.of]} in compute ({self.accounting}) by {self.approach}, "
            f"{metric_name(self.name)} of {len(self.recipes)} runs"
        )


@dataclass(frozen=True)
class FrontierLaw:
    """The power law of the least loss in compute: the vertices of the budgets' parabolas.

    `want` is its exponent, its r squared, or its loss at `flops` operations, with which a larger
    budget is predicted from smaller ones. Source: Kaplan et al. 2020, equation 1.3.
    """

    recipes: tuple[str, ...]
    name: str
    want: Literal["exponent", "r_squared", "loss"]
    flops: float | None = None
    approach: IsoFlopApproach = IsoFlopApproach()
    accounting: Accounting = CHINCHILLA
    leaves_out_failed = True

    def __post_init__(self) -> None:
        if (self.want == "loss") != (self.flops is not None):
            raise ValueError("give `flops` where the loss is wanted, and only there")

    def at(self, records: Mapping[str, Record]) -> Number:
        courses = finished(self.recipes, records, self.name, self.accounting)
        valleys = [valley for valley in self.approach.valleys(courses) if valley.has_vertex]
        if len(valleys) < 2:
            raise NoValue("fewer than two budgets have a minimum inside of the sizes")
        flops, loss = (
            np.array([getattr(valley, column)[0] for valley in valleys])
            for column in ("flops", "loss")
        )
        law = fit_power_law(flops, loss)
        return float(law.at(self.flops)) if self.want == "loss" else getattr(law, self.want)

    def __str__(self) -> str:
        what = f"loss at {self.flops:.3g} operations" if self.want == "loss" else self.want
        return (
            f"{what.replace('_', ' ')} of the frontier's power law, {metric_name(self.name)} of "
            f"{len(self.recipes)} runs"
        )


@dataclass(frozen=True)
class CriticalBatch:
    """The critical batch in tokens at which the recipes reach a level of a tracked metric.

    `batch_tokens` is the batch of each recipe. Those that never came down to the level are left
    out, and so are those that were there at their first point; NoValue, naming them, is raised
    where fewer than three batches are left. Source: Kaplan et al. 2020, equations 5.1 to 5.3.
    """

    recipes: tuple[str, ...]
    batch_tokens: tuple[int, ...]
    name: str
    level: float
    leaves_out_failed = True

    def __post_init__(self) -> None:
        if len(self.recipes) != len(self.batch_tokens):
            raise ValueError("give the batch of each recipe in tokens")

    def at(self, records: Mapping[str, Record]) -> Number:
        found = self.tradeoff(records)
        if found.fewest_updates * 1e6 < 1:
            raise NoValue(f"at {self.level:g} the batches differ in updates alone, not in tokens")
        return found.critical_batch

    def tradeoff(self, records: Mapping[str, Record]) -> Tradeoff:
        batches, updates, missing = [], [], []
        for recipe, batch in zip(self.recipes, self.batch_tokens, strict=True):
            record = records.get(recipe)
            if record is None or record.failed:
                missing.append(f"`{recipe}` has no result")
                continue
            seen = np.array(trajectory(record, "tokens"), dtype=float) / batch
            loss = np.array(trajectory(record, self.name), dtype=float)
            reached = updates_to_reach(seen, loss, self.level)
            if math.isnan(reached):
                missing.append(f"`{recipe}` came down from {loss[0]:.3g} to {loss.min():.3g}")
                continue
            batches.append(float(batch))
            updates.append(reached)
        if len(set(batches)) < 3:
            raise NoValue(f"fewer than three batches passed {self.level:g}: {'; '.join(missing)}")
        return fit_tradeoff(np.array(batches), np.array(updates))[0]

    def __str__(self) -> str:
        return (
            f"critical batch in tokens at {self.level:g} of {metric_name(self.name)} over "
            f"{len(self.recipes)} batches"
        )


@dataclass(frozen=True)
class RelativeSpread:
    """The largest of the measures over the smallest, minus 1, at the same seed."""

    measures: tuple[Measure, ...]

    @property
    def recipes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for each in self.measures for name in each.recipes))

    def at(self, records: Mapping[str, Record]) -> Number:
        values = [each.at(records) for each in self.measures]
        if min(values) <= 0:
            raise NoValue(f"a value of {min(values):.3g} is no part of a ratio")
        return max(values) / min(values) - 1

    def __str__(self) -> str:
        return f"relative spread of {describe_measures(self.measures)}"
