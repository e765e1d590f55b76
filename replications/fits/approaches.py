"""Three estimators of how the best size grows with compute, behind one interface.

Source: Hoffmann et al. 2022, sections 3.1 to 3.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Num

from replications.fits.envelope import GRID, envelope_growth, envelope_of
from replications.fits.isoflop import NEAR, Valley, fit_valleys, growth
from replications.fits.parametric import DELTA, bootstrap_parametric, fit_parametric
from replications.fits.power_law import Lines
from replications.fits.sweep import Course, ends_of

Of = Literal["parameters", "tokens"]
"""What is best: the parameters N_opt, or the tokens D_opt."""

Counts = Num[np.ndarray, "sample run"]
"""How often each run was drawn in each sample of a bootstrap."""


@runtime_checkable
class Approach(Protocol):
    """An estimator of the best size or number of tokens: log x_opt = intercept + slope log C.

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
