"""Power laws: a straight line where both axes are logarithmic."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Num

Numbers = Num[np.ndarray, "..."] | float | int
"""An array of any shape, or a single number."""


class PowerLaw(NamedTuple):
    """y = prefactor * x ** -exponent, and how well it fits: `r_squared` of log y."""

    prefactor: float
    exponent: float
    r_squared: float

    def at(self, x: Numbers) -> Numbers:
        return self.prefactor * x**-self.exponent


class Lines(NamedTuple):
    """y = intercept + slope x of each sample; nan where fewer than two values of x are left."""

    slope: Float[np.ndarray, " sample"]
    intercept: Float[np.ndarray, " sample"]
    r_squared: Float[np.ndarray, " sample"]


def fit_power_law(x: Num[np.ndarray, " run"], y: Num[np.ndarray, " run"]) -> PowerLaw:
    """Least squares of log y over log x.

    Source: Kaplan et al. 2020, equations 1.1 to 1.3; Brown et al. 2020, figure 3.1: the loss is
    2.57 C ** -0.048, C in PetaFLOP/s-days. Raises ValueError where all x are equal, and for numbers
    that are not above 0.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if not (np.all(x > 0) and np.all(y > 0)):
        raise ValueError("a power law takes numbers above 0")
    lines = fit_lines(np.log(x), np.log(y)[None], np.ones((1, len(x))))
    if np.isnan(lines.slope[0]):
        raise ValueError("all values of x are equal: a line has no slope there")
    return PowerLaw(
        float(np.exp(lines.intercept[0])), float(-lines.slope[0]), float(lines.r_squared[0])
    )


def fit_lines(
    x: Float[np.ndarray, "*#sample run"],
    y: Float[np.ndarray, "#sample run"],
    weights: Num[np.ndarray, "#sample run"],
) -> Lines:
    """Weighted least squares of a line in each sample. A weight of 0 leaves its point out."""
    x, y, weights = np.broadcast_arrays(x, y, np.asarray(weights, dtype=float))
    held = weights > 0
    total = weights.sum(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle_x = np.where(held, weights * x, 0).sum(1) / total
        middle_y = np.where(held, weights * y, 0).sum(1) / total
        away_x = np.where(held, x - middle_x[:, None], 0)
        away_y = np.where(held, y - middle_y[:, None], 0)
        spread = (weights * away_x**2).sum(1)
        spread = np.where(spread > 1e-12 * np.maximum(1, middle_x**2) * total, spread, np.nan)
        slope = (weights * away_x * away_y).sum(1) / spread
        left = (weights * (away_y - slope[:, None] * away_x) ** 2).sum(1)
        whole = (weights * away_y**2).sum(1)
        r_squared = np.where(whole > 0, 1 - left / whole, 1.0)
    return Lines(slope, middle_y - slope * middle_x, r_squared)
