"""IsoFLOP valleys: at each budget the size of least loss, from a parabola; and how it grows.

Source: Hoffmann et al. 2022, section 3.2 (approach 2).

A parabola in log N is not the valley's true shape. On a surface E + A / N**alpha + B / D**beta the
valley is steeper on one side, unless alpha = beta, and its vertex lies off the minimum by a factor
that depends on the sizes alone. Where the sizes lie alike about the minimum at every budget, the
factor is the same at all, and the exponent is exact; where the grid drifts across the valley from
budget to budget, the exponent is off (`tests/fits/test_isoflop.py` has the figures).
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Num

from replications.fits.power_law import Lines, fit_lines
from replications.fits.sweep import Sweep

NEAR = 5
"""How many sizes about the lowest the parabola is fitted to."""


class Valley(NamedTuple):
    """A budget's parabola: loss = lowest + curvature (log x - log x_best) ** 2.

    `size` is where it is lowest, of whatever the valley runs over: parameters, or tokens. `flops`
    are the budget's, read off there. One entry a sample, nan where the sample's lowest size is an
    outer one, or where the points bend the other way.
    """

    flops: Float[np.ndarray, " sample"]
    size: Float[np.ndarray, " sample"]
    loss: Float[np.ndarray, " sample"]
    curvature: Float[np.ndarray, " sample"]

    @property
    def has_vertex(self) -> bool:
        """Of all runs, where there is one sample."""
        return bool(np.isfinite(self.size[0]))


def fit_valley(
    size: Float[np.ndarray, " run"],
    flops: Float[np.ndarray, " run"],
    loss: Float[np.ndarray, " run"],
    counts: Num[np.ndarray, "sample run"] | None = None,
    *,
    near: int = NEAR,
) -> Valley:
    """The parabola through the mean losses of the `near` sizes about the lowest, in log size.

    Runs of one size, such as those of several seeds, are averaged first. `counts` says how often
    each run was drawn in each sample; without it, all once.
    """
    if counts is None:
        counts = np.ones((1, len(size)))
    sizes, place = np.unique(size, return_inverse=True)
    member = (place[:, None] == np.arange(len(sizes))).astype(float)
    drawn = counts @ member
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(drawn > 0, (counts * loss) @ member / drawn, np.nan)
        spent = np.where(drawn > 0, (counts * np.log(flops)) @ member / drawn, 0)
    present = drawn > 0
    lowest = np.argmin(np.where(present, mean, np.inf), axis=1)
    rank = np.cumsum(present, axis=1) - 1
    at = np.take_along_axis(rank, lowest[:, None], 1)
    window = present & (np.abs(rank - at) <= near // 2)
    # Centred on the lowest, so that the normal equations are well conditioned.
    x = np.log(sizes)[None] - np.log(sizes)[lowest][:, None]
    powers = np.stack([np.ones_like(x), x, x**2], axis=-1)
    weighted = np.where(window, drawn, 0)[..., None] * powers
    squares = np.swapaxes(weighted, 1, 2) @ powers
    values = np.stack([np.where(window, mean, 0), spent], axis=-1)
    products = np.swapaxes(weighted, 1, 2) @ values
    inner = (at[:, 0] > 0) & (at[:, 0] < present.sum(1) - 1)
    squares[~inner] = np.eye(3)
    solved = np.linalg.solve(squares, products)
    start, rise, bend = solved[..., 0].T
    inner &= bend > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        away = np.where(inner, -rise / (2 * bend), np.nan)
    # A vertex beyond the points it was made of is no minimum that was seen.
    first, last = np.where(window, x, np.inf).min(1), np.where(window, x, -np.inf).max(1)
    away = np.where((first <= away) & (away <= last), away, np.nan)
    log_flops = np.einsum("sp,sp->s", solved[..., 1], np.stack([away**0, away, away**2], axis=-1))
    nowhere = away * 0
    return Valley(
        np.exp(log_flops + nowhere),
        np.exp(np.log(sizes)[lowest] + away),
        start - bend * away**2,
        bend + nowhere,
    )


def fit_valleys(
    sweep: Sweep,
    counts: Num[np.ndarray, "sample run"] | None = None,
    *,
    over: Float[np.ndarray, " run"] | None = None,
    near: int = NEAR,
) -> list[Valley]:
    """A valley for each budget of the sweep, over its parameters or another quantity of a run."""
    size = sweep.parameters if over is None else over
    valleys = []
    for budget in np.unique(sweep.budgets):
        runs = sweep.budgets == budget
        drawn = None if counts is None else counts[:, runs]
        valleys.append(
            fit_valley(size[runs], sweep.flops[runs], sweep.loss[runs], drawn, near=near)
        )
    return valleys


def growth(valleys: list[Valley]) -> Lines:
    """log size = intercept + slope log C over the valleys that have a vertex: size ~ C ** slope.

    nan in samples with fewer than two of them.
    """
    flops = np.log(np.stack([valley.flops for valley in valleys], axis=1))
    sizes = np.log(np.stack([valley.size for valley in valleys], axis=1))
    return fit_lines(flops, sizes, np.isfinite(sizes).astype(float))
