"""The critical batch: what fewer updates cost in tokens, (S / S_min - 1)(E / E_min - 1) = 1."""

from functools import partial
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Num

from replications.fits.least_squares import minimise
from replications.fits.power_law import Numbers


class Tradeoff(NamedTuple):
    """Updates and tokens to reach one loss: S = S_min (1 + B_crit / B), E = E_min (1 + B / B_crit).

    Source: McCandlish et al. 2018, equation 2.11; Kaplan et al. 2020, equation 5.1.
    """

    fewest_updates: float
    fewest_tokens: float

    @property
    def critical_batch(self) -> float:
        """In tokens: E_min / S_min, the batch at which both are twice their least."""
        return self.fewest_tokens / self.fewest_updates

    def updates(self, batch_tokens: Numbers) -> Numbers:
        return self.fewest_updates + self.fewest_tokens / batch_tokens


def fit_tradeoff(
    batch_tokens: Float[np.ndarray, " run"],
    updates: Float[np.ndarray, " run"],
    counts: Num[np.ndarray, "sample run"] | None = None,
) -> list[Tradeoff]:
    """Least squares of the logarithm of the updates that each batch took to reach one loss.

    One trade-off for each sample of a bootstrap. Raises ValueError for fewer than three batches.
    """
    if len(np.unique(batch_tokens)) < 3:
        raise ValueError("a trade-off of two parameters takes three batches or more")
    log_batch = np.log(batch_tokens)
    # Where both ends are half of what the middle run took.
    middle = np.argsort(batch_tokens)[len(batch_tokens) // 2]
    half = np.log(updates[middle] / 2)
    start = np.array([[half, half + log_batch[middle]]])
    weights = np.ones((1, len(updates))) if counts is None else counts.astype(float)
    starts = np.repeat(start, len(weights), axis=0)
    found = minimise(partial(_log_updates, log_batch), np.log(updates), starts, weights)
    return [Tradeoff(float(np.exp(s)), float(np.exp(e))) for s, e in found.parameters]


def updates_to_reach(
    updates: Float[np.ndarray, " point"], loss: Float[np.ndarray, " point"], level: float
) -> float:
    """The updates at which a course first came down to a loss, between its points by logarithms.

    nan where it never did, or where it was as low at its first point.
    """
    below = np.flatnonzero(loss <= level)
    if not below.size or below[0] == 0:
        return float("nan")
    after = below[0]
    before = after - 1
    share = np.log(loss[before] / level) / np.log(loss[before] / loss[after])
    return float(updates[before] * (updates[after] / updates[before]) ** share)


def _log_updates(
    log_batch: Float[np.ndarray, " run"], row: Float[np.ndarray, "sample 2"]
) -> tuple[Float[np.ndarray, "sample run"], Float[np.ndarray, "sample run 2"]]:
    fewest, tokens = row.T[..., None]
    parts = np.stack(np.broadcast_arrays(fewest, tokens - log_batch), axis=-1)
    values = np.logaddexp(parts[..., 0], parts[..., 1])
    return values, np.exp(parts - values[..., None])
