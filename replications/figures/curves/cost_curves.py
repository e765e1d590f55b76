"""Scores against their cost in processor time and operations, and the paper's own figures."""

import math
from collections.abc import Iterable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from replications.errors import ReplicationError
from replications.figures.labels import label_points
from replications.figures.markdown import COUNTS, FLOPS, quantity
from replications.figures.paper_and_ours import by_epoch, spread
from replications.records import Number, Record

_COSTS = {
    "seconds": (60, "minutes of training"),
    "processor_seconds": (60, "minutes of processor time"),
    "flops": (1, "floating-point operations of training"),
    "tokens": (1, "tokens read"),
}


def draw_costs(
    records: Iterable[Record],
    recipes: Mapping[str, str],
    *,
    metric: str = "validation_bleu",
    y_label: str = "validation BLEU",
    against: Sequence[str] = ("processor_seconds", "flops"),
    paper: Mapping[str, tuple[Number, Number]] | None = None,
) -> Figure:
    """A measure of the trajectory after each epoch against what was spent, a panel for each cost.

    Source: Vaswani et al. 2017, table 2, whose points stand in a panel of their own: `paper` maps
    a system's name to its FLOPs and score. `recipes` maps a line's name to a recipe. A line is the
    mean over seeds, also of the cost, and its band the 95 % interval. Costs are logarithmic.

    Raises ReplicationError for runs of a recipe with trajectories of different lengths, and for
    trajectories without the measure.
    """
    records = list(records)
    panels = [*against, *([""] if paper else [])]
    colours = sns.color_palette("colorblind", len(recipes))
    with sns.axes_style("whitegrid"), sns.plotting_context("notebook"):
        figure, axes = plt.subplots(
            len(panels),
            figsize=(6.0, 3.2 * len(panels) + 0.4),
            dpi=160,
            layout="constrained",
            squeeze=False,
        )
        recorded = False
        for ax, cost in zip(axes[:, 0], against, strict=False):
            for (name, recipe), colour in zip(recipes.items(), colours, strict=True):
                runs = [record for record in records if record.recipe == recipe]
                if runs:
                    recorded = True
                    _course(ax, runs, metric, cost, name, colour)
            _label(ax, _COSTS[cost][1], y_label)
            _ticks(ax, cost)
        for ax in axes[:, 0]:
            sns.despine(ax=ax)
        if recorded:
            handles, names = axes[0, 0].get_legend_handles_labels()
            figure.legend(
                handles, names, loc="outside upper center", ncols=2, frameon=False, fontsize=10
            )
        else:
            axes[0, 0].set_title("Ours: no records yet")
        if paper:
            _paper(axes[-1, 0], paper)
        plt.close(figure)
    return figure


def _course(
    ax: Axes, runs: Sequence[Record], metric: str, cost: str, name: str, colour: object
) -> None:
    for run in runs:
        if missing := {cost, metric} - set(run.trajectory[-1]):
            raise ReplicationError(
                f"The trajectory of {run.paper}/{run.filename} has no {sorted(missing)[0]!r}. It "
                f"has: {', '.join(sorted(run.trajectory[-1]))}."
            )
    scale, _ = _COSTS[cost]
    costs, found = [], []
    for points in by_epoch(runs):
        if all(metric in point for point in points):
            costs.append(sum(point[cost] for point in points) / len(points) / scale)
            found.append(spread([point[metric] for point in points]))
    ax.plot(costs, [each.mean for each in found], "o-", color=colour, label=name, markersize=4)
    lows, highs = [each.low for each in found], [each.high for each in found]
    ax.fill_between(costs, lows, highs, color=colour, alpha=0.2, linewidth=0)


def _label(ax: Axes, x_label: str, y_label: str) -> None:
    ax.set_xscale("log")
    ax.set_xlabel(x_label)
    ax.set_ylabel(y_label)


def _ticks(ax: Axes, cost: str) -> None:
    """Round costs with their unit: powers of ten alone would leave a short axis with one label."""
    low, high = ax.get_xlim()
    decades = math.log10(high / low)
    steps = (1, 2, 5) if decades < 1.6 else (1, 3) if decades < 2.5 else (1,)
    ax.xaxis.set_major_locator(LogLocator(subs=steps))
    ax.xaxis.set_minor_locator(NullLocator())
    units = {"flops": FLOPS, "tokens": COUNTS}.get(cost)
    ax.xaxis.set_major_formatter(lambda x, _: quantity(x, units) if units else f"{x:g}")


def _paper(ax: Axes, paper: Mapping[str, tuple[Number, Number]]) -> None:
    points = np.array(list(paper.values()), dtype=float)
    ax.plot(
        *points.T, linestyle="none", marker="D", markerfacecolor="none", markersize=6, color="0.3"
    )
    _label(ax, _COSTS["flops"][1], "BLEU")
    ax.set_title("the paper: BLEU on newstest2014", fontsize=11)
    ax.margins(0.25, 0.2)
    _ticks(ax, "flops")
    ax.grid(visible=False)
    label_points(ax, points, list(paper), ["0.2"] * len(paper), fontsize=8.5)
