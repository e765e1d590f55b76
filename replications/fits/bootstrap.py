"""A bootstrap over whole runs: a run is drawn with all of its course, or not at all."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

SAMPLES = 1000


class Spread(NamedTuple):
    """A fitted number, and what it was in the samples of a bootstrap.

    Samples in which it could not be fitted, such as a valley without an inner minimum, are nan.
    """

    value: float
    samples: Float[np.ndarray, " sample"]

    @property
    def standard_error(self) -> float:
        return float(np.nanstd(self.samples, ddof=1))

    @property
    def fitted(self) -> float:
        """The share of the samples in which it could be fitted."""
        return float(np.mean(np.isfinite(self.samples)))

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """The percentiles that leave out as much on either side."""
        tail = 50 * (1 - confidence)
        low, high = np.nanpercentile(self.samples, [tail, 100 - tail])
        return float(low), float(high)


def draw_runs(
    groups: Int[np.ndarray, " run"], *, samples: int = SAMPLES, seed: int = 0
) -> Int[np.ndarray, "sample run"]:
    """How often each run is drawn in each sample: as many of a group as it has, with replacement.

    The groups are the strata, such as budgets: each keeps its number of runs in every sample.
    Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap, section 8.3.
    """
    generator = np.random.default_rng(seed)
    counts = np.zeros((samples, len(groups)), dtype=np.int64)
    for group in np.unique(groups):
        members = np.flatnonzero(groups == group)
        share = np.full(len(members), 1 / len(members))
        counts[:, members] = generator.multinomial(len(members), share, size=samples)
    return counts


def influence(spread: Spread, counts: Int[np.ndarray, "sample item"]) -> Float[np.ndarray, " item"]:
    """A value for each item whose mean is the fitted number and whose mean's error the bootstrap's.

    So a fit is resampled as a mean is, without being made again. An item's value is the number plus
    how the fits rise with the times that the item was drawn, scaled to the bootstrap's own variance
    as few samples overstate it. Samples without a fit are left out.
    Source: Efron 2014, Estimation and accuracy after model selection, theorem 1 (the infinitesimal
    jackknife).
    """
    known = np.isfinite(spread.samples)
    away = spread.samples[known] - spread.samples[known].mean()
    drawn = counts[known] - counts[known].mean(0)
    slopes = drawn.T @ away / len(away)
    slopes -= slopes.mean()
    wanted, found = spread.standard_error, float(np.sqrt(np.sum(slopes**2)))
    scale = len(slopes) * wanted / found if found else 0.0
    return spread.value + scale * slopes
