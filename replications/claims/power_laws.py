"""Measures of power laws of the loss: in parameters, tokens and compute, alone and together."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from replications.claims.accounting import CHINCHILLA, Accounting, courses_of
from replications.claims.measures import NoValue
from replications.claims.metric_names import metric_name
from replications.claims.trajectory import trajectory
from replications.fits.envelope import Spent, lower_envelope
from replications.fits.joint import fit_joint
from replications.fits.power_law import fit_power_law
from replications.fits.sweep import Course, ends_of
from replications.records import Number, Record

_FEWEST = 3  # a line through two points fits without fail

Over = Literal["parameters", "tokens", "flops"]
_SYMBOLS = {"parameters": "parameters", "tokens": "tokens", "flops": "operations"}


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
    fewest: int = _FEWEST,
) -> list[Course]:
    """The courses of the runs that came to a result.

    Raises NoValue, naming those that did not, where fewer than `fewest` are left.
    """
    courses, missing = courses_of(recipes, records, name, accounting)
    if len(courses) < fewest:
        lacking = f": {'; '.join(missing)}" if missing else ""
        raise NoValue(f"a fit takes {fewest} runs or more, and there are {len(courses)}{lacking}")
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


@dataclass(frozen=True)
class JointFit:
    """A number of Kaplan's L(N, D), fitted to the recipes at the same seed.

    `want` is an exponent of the law, their quotient (0.74 in Kaplan et al. 2020, section 4.2), the
    r squared of log loss, or by how much the law's loss is off, the root of the mean square of log
    loss. Runs that failed are left out; NoValue is raised where fewer than five are left.
    """

    recipes: tuple[str, ...]
    name: str
    want: Literal["size_exponent", "data_exponent", "quotient", "r_squared", "error"]
    accounting: Accounting = CHINCHILLA
    leaves_out_failed = True

    def at(self, records: Mapping[str, Record]) -> Number:
        ends = ends_of(finished(self.recipes, records, self.name, self.accounting, fewest=5))
        (law,) = fit_joint(ends)
        if self.want == "quotient":
            return law.size_exponent / law.data_exponent
        if self.want in ("size_exponent", "data_exponent"):
            return getattr(law, self.want)
        left = np.log(ends.loss) - np.log(law.loss(ends.parameters, ends.tokens))
        if self.want == "error":
            return float(np.sqrt(np.mean(left**2)))
        return float(1 - np.mean(left**2) / np.var(np.log(ends.loss)))

    def __str__(self) -> str:
        return (
            f"{self.want.replace('_', ' ')} of the joint law of {metric_name(self.name)} in "
            f"parameters and tokens over {len(self.recipes)} runs"
        )


@dataclass(frozen=True)
class OverfittingCollapse:
    """Spearman's correlation of overfitting with N ** exponent / D over the recipes: -1 to 1.

    Overfitting is a loss over that of the same size with the most tokens, minus 1; sizes are told
    by their parameters. Source: Kaplan et al. 2020, section 4.2, figure 9: exponent 0.74.
    """

    recipes: tuple[str, ...]
    name: str
    exponent: float = 0.74
    accounting: Accounting = CHINCHILLA
    leaves_out_failed = True

    def at(self, records: Mapping[str, Record]) -> Number:
        # Half a second that `replicate --help` need not wait for.
        from scipy.stats import spearmanr

        ends = ends_of(finished(self.recipes, records, self.name, self.accounting, fewest=4))
        crowding, excess = [], []
        for size in np.unique(ends.parameters):
            runs = np.flatnonzero(ends.parameters == size)
            most = runs[np.argmax(ends.tokens[runs])]
            for run in runs[runs != most]:
                crowding.append(size**self.exponent / ends.tokens[run])
                excess.append(ends.loss[run] / ends.loss[most] - 1)
        if len(crowding) < _FEWEST:
            raise NoValue("no three runs have a longer one of their size to be compared with")
        return float(spearmanr(crowding, excess).statistic)

    def __str__(self) -> str:
        return (
            f"rank correlation of overfitting in {metric_name(self.name)} with N^{self.exponent:g}"
            f"/D over {len(self.recipes)} runs"
        )
