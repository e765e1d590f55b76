"""How the best size grows with compute: lines with the bands of a bootstrap over runs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replications.figures.paper_and_ours import axes, finish
from replications.fits.approaches import Approach, IsoFlopApproach
from replications.fits.bootstrap import draw_runs
from replications.fits.power_law import Lines
from replications.fits.sweep import Course, ends_of

Law = Callable[[np.ndarray], np.ndarray]
"""The best size at each compute."""


@dataclass(frozen=True, eq=False)
class Growth:
    """The line log N_opt = intercept + slope log C, and those of a bootstrap's samples."""

    line: Lines
    samples: Lines

    @property
    def exponent(self) -> float:
        return float(self.line.slope[0])

    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the exponent."""
        low, high = np.nanpercentile(self.samples.slope, [2.5, 97.5])
        return float(low), float(high)

    def band(self, flops: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The best size at each compute, and the ends of its 95 % interval."""
        logs = np.log(flops)
        drawn = self.samples.intercept[:, None] + self.samples.slope[:, None] * logs
        low, high = np.nanpercentile(drawn, [2.5, 97.5], axis=0)
        middle = self.line.intercept[0] + self.line.slope[0] * logs
        return np.exp(middle), np.exp(low), np.exp(high)


def growth_of(
    courses: Sequence[Course], approach: Approach, *, samples: int = 200, seed: int = 0
) -> Growth | None:
    """The growth of the best size in these runs; None where the approach finds no line.

    The bootstrap draws whole runs within their budgets.
    """
    if not courses:
        return None
    counts = draw_runs(ends_of(courses).budgets, samples=samples, seed=seed)
    try:
        line = approach.growth(courses)
        found = Growth(line, approach.growth(courses, counts=counts))
    except ValueError:
        return None
    return found if np.isfinite(found.exponent) else None


def draw_growth(
    ours: Mapping[str, Growth | None],
    paper: Mapping[str, Law],
    *,
    flops: tuple[float, float],
    vertices: Sequence[Course] = (),
    x_label: str = "operations of training",
) -> Figure:
    """The best size against compute: ours with bands of 95 %, the paper's laws as dashed lines.

    `vertices` are runs whose budgets' vertices are shown as stars. Source: Hoffmann et al. 2022,
    figure 1.
    """
    with axes(height=4.6) as ax:
        growth_on(ax, ours, paper, flops=flops, vertices=vertices)
        recorded = any(growth is not None for growth in ours.values())
        finish(ax, x_label, "best number of parameters", recorded=recorded)
    return ax.figure


def growth_on(
    ax: Axes,
    ours: Mapping[str, Growth | None],
    paper: Mapping[str, Law],
    *,
    flops: tuple[float, float],
    vertices: Sequence[Course] = (),
) -> None:
    """The same on axes that are there, which become logarithmic."""
    at = np.geomspace(*flops, 60)
    colours = sns.color_palette("colorblind", len(ours) + len(paper))
    for (name, growth), colour in zip(ours.items(), colours, strict=False):
        if growth is not None:
            middle, low, high = growth.band(at)
            label = f"ours: {name}, {growth.exponent:.2f}"
            ax.plot(at, middle, "-", color=colour, label=label)
            ax.fill_between(at, low, high, color=colour, alpha=0.2, linewidth=0)
    for (name, law), colour in zip(paper.items(), colours[len(ours) :], strict=True):
        ax.plot(at, law(at), "--", color=colour, label=f"paper: {name}")
    if vertices:
        found = [valley for valley in IsoFlopApproach().valleys(vertices) if valley.has_vertex]
        places = ([v.flops[0] for v in found], [v.size[0] for v in found])
        ax.plot(*places, "*", color="0.2", markersize=11, label="ours: vertices")
    ax.set_xscale("log")
    ax.set_yscale("log")
