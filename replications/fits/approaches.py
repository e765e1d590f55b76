"""Three ways to ask a sweep how the best size grows with compute, behind one question.

Source: Hoffmann et al. 2022, sections 3.1 to 3.3. The fourth is that of Porian et al. 2024, section
3: valleys at budgets of one's own choice, along courses.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Int, Num

from replications.fits.envelope import GRID, envelope_growth, envelope_of
from replications.fits.isoflop import NEAR, Valley, fit_valleys, growth
from replications.fits.parametric import DELTA, bootstrap_parametric, fit_parametric
from replications.fits.power_law import Lines
from replications.fits.sweep import Course, Sweep, ends_of, joined_by_size, log_interpolated

Of = Literal["parameters", "tokens"]
"""What is best: the parameters N_opt, or the tokens D_opt."""

Counts = Num[np.ndarray, "sample run"]
"""How often each run was drawn in each sample of a bootstrap."""


@runtime_checkable
class Approach(Protocol):
    """How the best size, or number of tokens, grows: log x_opt = intercept + slope log C.

    Raises ValueError where the runs are too few for it.
    """

    def growth(
        self, courses: Sequence[Course], of: Of = "parameters", counts: Counts | None = None
    ) -> Lines:
        """One line for each sample, nan where there is none; without `counts` of all runs."""


@dataclass(frozen=True)
class EnvelopeApproach:
    """Approach 1: which size is lowest at each compute along the courses."""

    grid: int = GRID

    def growth(
        self, courses: Sequence[Course], of: Of = "parameters", counts: Counts | None = None
    ) -> Lines:
        envelope = envelope_of(courses, counts, grid=self.grid)
        return envelope_growth(envelope, getattr(envelope, of))

    def __str__(self) -> str:
        return "the envelope of the courses"


@dataclass(frozen=True)
class IsoFlopApproach:
    """Approach 2: the vertex of each budget's parabola through `near` sizes."""

    near: int = NEAR

    def valleys(
        self, courses: Sequence[Course], of: Of = "parameters", counts: Counts | None = None
    ) -> list[Valley]:
        sweep = ends_of(courses)
        return fit_valleys(sweep, counts, over=getattr(sweep, of), near=self.near)

    def growth(
        self, courses: Sequence[Course], of: Of = "parameters", counts: Counts | None = None
    ) -> Lines:
        return growth(self.valleys(courses, of, counts))

    def __str__(self) -> str:
        return f"isoFLOP parabolas of {self.near} sizes"


@dataclass(frozen=True)
class ParametricApproach:
    """Approach 3: L(N, D) fitted to the ends of all runs, and minimised for C = k N D.

    k is 6, or what the runs' own count of operations makes of it on the median.
    """

    delta: float = DELTA

    def growth(
        self, courses: Sequence[Course], of: Of = "parameters", counts: Counts | None = None
    ) -> Lines:
        sweep = ends_of(courses)
        law = fit_parametric(sweep, delta=self.delta)
        laws = [law]
        if counts is not None:
            laws = bootstrap_parametric(sweep, counts, law=law, delta=self.delta)
        place = ("parameters", "tokens").index(of)
        slopes = np.array([(each.exponent, 1 - each.exponent)[place] for each in laws])
        at_one = np.array([each.optimum(1.0, operations=sweep.operations)[place] for each in laws])
        # The law is exactly a line: how well it fits the losses is another question.
        return Lines(slopes, np.log(at_one), np.full(len(laws), np.nan))

    def __str__(self) -> str:
        return "the parametric law"


@dataclass(frozen=True)
class RecutApproach:
    """Valleys at `budgets` computes, equally apart, where the loss of each size is interpolated.

    For an accounting in which the runs were not trained to equal operations. `along` makes one
    course of each size: by itself the ends of all runs of that size, so that each point was trained
    with a schedule of its length; with None it is the runs' own courses.
    """

    budgets: int = 8
    near: int = NEAR
    along: Callable[[Sequence[Course]], list[Course]] | None = joined_by_size

    def valleys(self, courses: Sequence[Course], of: Of = "parameters") -> list[Valley]:
        if self.along is not None:
            courses = self.along(courses)
        cut, budgets = _cut(courses, self.budgets)
        return fit_valleys(cut, over=getattr(cut, of), budgets=budgets, near=self.near)

    def growth(
        self, courses: Sequence[Course], of: Of = "parameters", counts: Counts | None = None
    ) -> Lines:
        if counts is None:
            return growth(self.valleys(courses, of))
        lines = []
        for drawn in counts:
            kept = [c for c, times in zip(courses, drawn, strict=True) for _ in range(times)]
            lines.append(growth(self.valleys(kept, of)))
        return Lines(*(np.concatenate(column) for column in zip(*lines, strict=True)))

    def __str__(self) -> str:
        return f"isoFLOP parabolas of {self.near} sizes at {self.budgets} interpolated budgets"


def _cut(courses: Sequence[Course], budgets: int) -> tuple[Sweep, Int[np.ndarray, " run"]]:
    """Each course where it passes each of the budgets, and the budgets' numbers.

    Budgets that a course does not reach leave it out.
    """
    low = min(course.flops[0] for course in courses)
    high = max(course.flops[-1] for course in courses)
    # Neither end: there at most one course has a point.
    at = np.geomspace(low, high, budgets + 2)[1:-1]
    columns: list[list[float]] = [[], [], [], [], []]
    for course in courses:
        tokens = log_interpolated(at, course.flops, course.tokens)
        loss = log_interpolated(at, course.flops, course.loss)
        for place in np.flatnonzero(np.isfinite(loss)):
            row = (course.parameters, tokens[place], at[place], loss[place], place)
            for column, value in zip(columns, row, strict=True):
                column.append(float(value))
    *measured, numbers = map(np.array, columns)
    return Sweep(*measured), numbers.astype(np.int64)
