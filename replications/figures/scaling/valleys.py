"""IsoFLOP valleys: loss against size, a curve for each budget, with the vertices of parabolas."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes

from replications.fits.approaches import IsoFlopApproach
from replications.fits.sweep import Course, ends_of


def valleys_on(ax: Axes, courses: Sequence[Course], approach: IsoFlopApproach) -> None:
    """Each budget's runs, the mean of each size joined, its parabola and the parabola's vertex.

    The x of the axes becomes logarithmic. A budget whose lowest size is an outer one has no vertex.
    The budget, in operations, stands at the right end of each line.
    Source: Hoffmann et al. 2022, figure 3, left.
    """
    ax.set_xscale("log")
    if not courses:
        return
    ends = ends_of(courses)
    budgets = ends.budgets
    colours = sns.color_palette("viridis", budgets.max() + 1)
    for valley, budget in zip(approach.valleys(courses), np.unique(budgets), strict=True):
        runs, colour = budgets == budget, colours[budget]
        sizes = np.unique(ends.parameters[runs])
        means = [ends.loss[runs & (ends.parameters == size)].mean() for size in sizes]
        label = f"{np.median(ends.flops[runs]):.0e}".replace("e+", "e")
        ax.plot(ends.parameters[runs], ends.loss[runs], "o", color=colour, markersize=3, alpha=0.6)
        ax.plot(sizes, means, "-", color=colour, linewidth=1)
        beside = {"xytext": (6, 0), "textcoords": "offset points", "va": "center"}
        ax.annotate(label, (sizes[-1], means[-1]), fontsize=9, color="0.25", **beside)
        if valley.has_vertex:
            near = np.geomspace(valley.size[0] / 2.5, valley.size[0] * 2.5, 41)
            bent = valley.curvature[0] * np.log(near / valley.size[0]) ** 2
            ax.plot(near, valley.loss[0] + bent, ":", color=colour)
            place = (valley.size[0], valley.loss[0])
            ax.plot(*place, "*", color=colour, markersize=13, markeredgecolor="0.2")
    # Room for the last label.
    ax.set_xlim(right=2.5 * ends.parameters.max())


class Vertex(NamedTuple):
    """Where a budget's loss is lowest over the parameters, and over the tokens."""

    flops: float
    parameters: float
    tokens: float
    loss: float


def vertices(courses: Sequence[Course], approach: IsoFlopApproach | None = None) -> list[Vertex]:
    """Those of the budgets that have one; none where there are no runs."""
    approach = approach or IsoFlopApproach()
    if not courses:
        return []
    pairs = zip(approach.valleys(courses), approach.valleys(courses, "tokens"), strict=True)
    return [
        Vertex(*(float(each[0]) for each in (size.flops, size.size, tokens.size, size.loss)))
        for size, tokens in pairs
        if size.has_vertex and tokens.has_vertex
    ]
