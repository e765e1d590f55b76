"""The lower envelope of many training courses: the size that has the least loss at each compute.

Source: Hoffmann et al. 2022, section 3.1 (approach 1); Kaplan et al. 2020, figure 13.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Num

from replications.fits.power_law import Lines, fit_lines
from replications.fits.sweep import Course, log_interpolated

GRID = 300
"""How many compute budgets are used, evenly spaced in their logarithm. The paper has 1,500."""


class Spent(NamedTuple):
    """A point of a course: the operations spent so far, and the loss reached."""

    flops: float
    loss: float


class Envelope(NamedTuple):
    """At each compute the lowest run of each sample: its parameters, tokens and loss.

    nan where no run was measured, and where the lowest is of the smallest or the largest size,
    beyond which lower ones may lie.
    """

    flops: Float[np.ndarray, " compute"]
    parameters: Float[np.ndarray, "sample compute"]
    tokens: Float[np.ndarray, "sample compute"]
    loss: Float[np.ndarray, "sample compute"]


def lower_envelope(trajectories: Sequence[Sequence[Spent]]) -> list[Spent]:
    """The Pareto front of all courses: the points that none with as little compute improves on."""
    envelope: list[Spent] = []
    for point in sorted(point for points in trajectories for point in points):
        if not envelope or point.loss < envelope[-1].loss:
            envelope.append(point)
    return envelope


def envelope_of(
    courses: Sequence[Course],
    counts: Num[np.ndarray, "sample run"] | None = None,
    *,
    grid: int = GRID,
) -> Envelope:
    """The lowest of the courses at each of `grid` computes; between points log L is interpolated.

    `counts` says how often each run was drawn in each sample: one that was not is left out.
    """
    if counts is None:
        counts = np.ones((1, len(courses)))
    starts, ends = zip(*((course.flops[0], course.flops[-1]) for course in courses), strict=True)
    flops = np.geomspace(min(starts), max(ends), grid)
    loss, tokens = (
        np.stack([log_interpolated(flops, c.flops, getattr(c, name)) for c in courses])
        for name in ("loss", "tokens")
    )
    parameters = np.array([course.parameters for course in courses], dtype=float)
    chosen = np.empty((len(counts), grid), dtype=np.int64)
    reached = np.empty((len(counts), grid), dtype=bool)
    for sample, drawn in enumerate(counts):
        seen = np.where((drawn > 0)[:, None] & np.isfinite(loss), loss, np.inf)
        chosen[sample] = seen.argmin(0)
        sizes = parameters[drawn > 0]
        best = parameters[chosen[sample]]
        reached[sample] = np.isfinite(seen.min(0)) & (best > sizes.min()) & (best < sizes.max())
    column = np.arange(grid)
    return Envelope(
        flops,
        np.where(reached, parameters[chosen], np.nan),
        np.where(reached, tokens[chosen, column], np.nan),
        np.where(reached, loss[chosen, column], np.nan),
    )


def envelope_growth(envelope: Envelope, of: Float[np.ndarray, "sample compute"]) -> Lines:
    """log of = intercept + slope log C along the envelope, in each sample."""
    held = np.isfinite(of)
    return fit_lines(np.log(envelope.flops), np.log(of), held.astype(float))
