"""Measures of power laws of the loss: in parameters, tokens and compute, alone and together."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from replications.claims.measures.accounting import CHINCHILLA, Accounting, courses_of
from replications.claims.measures.metric_names import metric_name
from replications.claims.measures.trajectory import trajectory
from replications.claims.measures.values import NoValue
from replications.fits.envelope import Spent, lower_envelope
from replications.fits.power_law import fit_power_law
from replications.fits.sweep import Course, ends_of
from replications.records import Number, Record

_FEWEST = 3  # a line fits two points exactly

Over = Literal["parameters", "tokens", "flops"]
_SYMBOLS = {"parameters": "parameters", "tokens": "tokens", "flops": "operations"}


def trajectory_of(record: Record, weights: int, name: str) -> list[Spent]:
    """The metric of that name along training, over 6 N D floating-point operations.

    N are the `weights` that are not embeddings, D the tokens so far. Source: Kaplan et al. 2020,
    section 2.1; Brown et al. 2020, figure 3.1. Left out are the operations of the output layer and
    of attention's scores, which the record's own `flops` count; for small models they are most.
    """
    return [
        Spent(6.0 * weights * tokens, loss)
        for tokens, loss in zip(trajectory(record, "tokens"), trajectory(record, name), strict=True)
    ]


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
        return getattr(fit_power_law(*np.array(envelope).T), self.want)

    def __str__(self) -> str:
        return (
            f"{self.want.replace('_', ' ')} of the power law of {metric_name(self.name)} along "
            f"the lower envelope of `{', '.join(self.recipes)}`"
        )


def finished(
    recipes: Sequence[str],
    records: Mapping[str, Record],
    name: str,
    accounting: Accounting,
) -> list[Course]:
    """The courses of the runs that came to a result.

    Raises NoValue, naming those that did not, where fewer than three are left.
    """
    courses, missing = courses_of(recipes, records, name, accounting)
    if len(courses) < _FEWEST:
        lacking = f": {'; '.join(missing)}" if missing else ""
        raise NoValue(f"a fit takes {_FEWEST} runs or more, and there are {len(courses)}{lacking}")
    return courses


@dataclass(frozen=True)
class LossLaw:
    """The power law of the final loss over N, D or C of the recipes, at the same seed.

    `want` is its exponent, its r squared, or the standard deviation of the residuals of log loss.
    Runs that failed are left out; NoValue is raised where fewer than three are left.
    Source: Kaplan et al. 2020, equations 1.1 to 1.3.
    """

    recipes: tuple[str, ...]
    name: str
    over: Over
    want: Literal["exponent", "r_squared", "residual"] = "exponent"
    accounting: Accounting = CHINCHILLA
    leaves_out_failed = True

    def at(self, records: Mapping[str, Record]) -> Number:
        ends = ends_of(finished(self.recipes, records, self.name, self.accounting))
        over = getattr(ends, self.over)
        try:
            law = fit_power_law(over, ends.loss)
        except ValueError as error:
            raise NoValue(f"no power law in the {_SYMBOLS[self.over]} fits: {error}") from error
        if self.want == "residual":
            left = np.log(ends.loss) - np.log(law.at(over))
            return float(np.sqrt(np.sum(left**2) / (len(left) - 2)))
        return getattr(law, self.want)

    def __str__(self) -> str:
        wanted = "residual standard deviation" if self.want == "residual" else self.want
        return (
            f"{wanted.replace('_', ' ')} of the power law of {metric_name(self.name)} in "
            f"{_SYMBOLS[self.over]} ({self.accounting}) over {len(self.recipes)} runs"
        )
