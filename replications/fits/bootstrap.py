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
