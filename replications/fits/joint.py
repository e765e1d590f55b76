"""Kaplan's joint law: L(N, D) = ((Nc / N) ** (alpha_N / alpha_D) + Dc / D) ** alpha_D."""

from functools import partial
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Num

from replications.fits.least_squares import minimise
from replications.fits.power_law import Numbers
from replications.fits.sweep import Sweep


class JointLaw(NamedTuple):
    """The early-stopped loss of N parameters on D unique tokens, in nats.

    `size_scale` and `data_scale` are Nc and Dc. Source: Kaplan et al. 2020, equation 1.5, table 2.
    """

    size_scale: float
    data_scale: float
    size_exponent: float
    data_exponent: float

    def loss(self, parameters: Numbers, tokens: Numbers) -> Numbers:
        ratio = self.size_exponent / self.data_exponent
        parts = (self.size_scale / parameters) ** ratio + self.data_scale / tokens
        return parts**self.data_exponent


def fit_joint(sweep: Sweep, counts: Num[np.ndarray, "sample run"] | None = None) -> list[JointLaw]:
    """Least squares of log L, in each sample of a bootstrap; without `counts` of all runs once.

    Starts from every pair of exponents of 0.05, 0.1, 0.2 and 0.4. Raises ValueError for fewer than
    five runs.
    """
    if len(sweep) < 5:
        raise ValueError(f"a law of four parameters takes five runs or more, not {len(sweep)}")
    everything = np.ones((1, len(sweep)))
    rates = (0.05, 0.1, 0.2, 0.4)
    # Scales at which both parts are as large as the loss at the middle of the sweep.
    middle = np.median(np.log(sweep.loss))
    start = np.array(
        [
            [
                np.median(np.log(sweep.parameters)) + middle / size,
                np.median(np.log(sweep.tokens)) + middle / data,
                np.log(size),
                np.log(data),
            ]
            for size in rates
            for data in rates
        ]
    )
    curve = partial(_log_loss, np.log(sweep.parameters), np.log(sweep.tokens))
    found = minimise(curve, np.log(sweep.loss), start, everything)
    best = found.parameters[found.best][None]
    if counts is not None:
        starts = np.repeat(best, len(counts), axis=0)
        best = minimise(curve, np.log(sweep.loss), starts, counts.astype(float)).parameters
    return [JointLaw(*(float(number) for number in np.exp(row))) for row in best]


def _log_loss(
    log_parameters: Float[np.ndarray, " run"],
    log_tokens: Float[np.ndarray, " run"],
    row: Float[np.ndarray, "sample 4"],
) -> tuple[Float[np.ndarray, "sample run"], Float[np.ndarray, "sample run 4"]]:
    """log L and its derivatives by the logarithms of Nc, Dc, alpha_N and alpha_D."""
    size_scale, data_scale, log_size, log_data = row.T[..., None]
    data_exponent = np.exp(log_data)
    ratio = np.exp(log_size - log_data)
    gap = size_scale - log_parameters
    first, second = np.broadcast_arrays(ratio * gap, data_scale - log_tokens)
    top = np.maximum(first, second)
    both = np.exp(first - top) + np.exp(second - top)
    total = top + np.log(both)
    share = np.exp(first - top) / both
    by_ratio = data_exponent * share * first
    slopes = np.stack(
        [
            data_exponent * share * ratio,
            data_exponent * (1 - share),
            by_ratio,
            data_exponent * total - by_ratio,
        ],
        axis=-1,
    )
    return data_exponent * total, slopes
