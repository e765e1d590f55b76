"""Figures that lay the paper's points over ours: lines, comparisons, training curves.

Ours are drawn as means over seeds with their 95 % intervals; the paper's are hollow diamonds. What
an axis labels in per cent is a share, and its intervals end at 0 and at 100.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replications.claims.intervals import Interval, interval
from replications.errors import ReplicationError
from replications.records import Number, Record

# Narrow, so that the letters are still large enough on a phone.
_WIDTH_INCHES, _HEIGHT_INCHES, _DPI = 6.0, 4.0, 160
_EMPTY_HEIGHT_INCHES = 0.5
_PAPER = {"marker": "D", "markerfacecolor": "none", "markersize": 7}

Seeds = Sequence[Number]


@contextmanager
def axes(height: float = _HEIGHT_INCHES, width: float = _WIDTH_INCHES) -> Iterator[Axes]:
    """Axes in the book's style; their figure is closed, so that a cell shows it once."""
    with sns.axes_style("whitegrid"), sns.plotting_context("notebook"):
        figure, ax = plt.subplots(figsize=(width, height), dpi=_DPI, layout="constrained")
        yield ax
        sns.despine(ax=ax)
        plt.close(figure)


def values_over_seeds(records: Iterable[Record], recipe: str, metric: str) -> list[Number]:
    """A metric of a recipe at each recorded seed."""
    return [record.metric(metric) for record in records if record.recipe == recipe]


def draw_lines(
    ours: Mapping[str, Mapping[Number, Seeds]],
    paper: Mapping[str, Mapping[Number, Number]] | None = None,
    *,
    x_label: str,
    y_label: str,
    log_x: bool = False,
) -> Figure:
    """A line for each series, by x: ours solid with intervals, the paper's dashed with diamonds.

    The legend says which are ours where the paper has lines, too.
    """
    paper = paper or {}
    whose = "ours: " if paper else ""
    colours = sns.color_palette("colorblind", len(ours) + len(paper))
    with axes() as ax:
        for (name, series), colour in zip(ours.items(), colours, strict=False):
            known = {x: spread(values, y_label) for x, values in sorted(series.items()) if values}
            if known:
                line(ax, known, f"{whose}{name}", colour)
        for (name, series), colour in zip(paper.items(), colours[len(ours) :], strict=True):
            xs, ys = zip(*sorted(series.items()), strict=True)
            ax.plot(xs, ys, linestyle="--", color=colour, label=f"paper: {name}", **_PAPER)
        if log_x:
            ax.set_xscale("log", base=2)
        ticks = sorted({x for series in (*ours.values(), *paper.values()) for x in series})
        ticks = _far_apart(ticks) if log_x else ticks
        ax.set_xticks(ticks, [f"{x:g}" for x in ticks])
        ax.minorticks_off()
        finish(ax, x_label, y_label, recorded=any(v for s in ours.values() for v in s.values()))
    return ax.figure


def _far_apart(ticks: Sequence[Number]) -> list[Number]:
    """Those of a logarithmic axis whose numbers do not overlap: an eighth of it lies between."""
    kept = list(ticks[:1])
    for tick in ticks[1:]:
        if math.log(tick / kept[-1]) >= math.log(ticks[-1] / ticks[0]) / 8:
            kept.append(tick)
    return kept


def draw_comparison(
    ours: Mapping[str, Mapping[str, Seeds]],
    paper: Mapping[str, Mapping[str, Number]] | None = None,
    *,
    x_label: str,
) -> Figure:
    """A row for each category and in it a point for each series.

    Both arguments give series by name, and values by category. A series of the paper takes the
    colour of ours that has the same name. A single series needs no legend.
    """
    paper = paper or {}
    whose = "ours: " if paper else ""
    rows = list(dict.fromkeys(row for s in (*ours.values(), *paper.values()) for row in s))
    names = list(dict.fromkeys((*ours, *paper)))
    colours = dict(zip(names, sns.color_palette("colorblind", len(names)), strict=True))
    with axes(height=1.3 + 0.16 * len(rows) * (1 + len(names))) as ax:
        for index, name in enumerate(names):
            shift = (index + 0.5) / len(names) - 0.5
            for row, values in ours.get(name, {}).items():
                if values:
                    found = spread(values, x_label)
                    error = [[found.mean - found.low], [found.high - found.mean]]
                    y = rows.index(row) + 0.7 * shift
                    ax.errorbar(found.mean, y, xerr=error, fmt="o", color=colours[name], capsize=3)
            for row, value in paper.get(name, {}).items():
                y = rows.index(row) + 0.7 * shift
                ax.plot(value, y, linestyle="none", color=colours[name], **_PAPER)
            if any(ours.get(name, {}).values()) and (paper or len(names) > 1):
                ax.plot([], [], "o", color=colours[name], label=f"{whose}{name}")
            if paper.get(name):
                label = f"paper: {name}"
                ax.plot([], [], linestyle="none", color=colours[name], label=label, **_PAPER)
        ax.set_yticks(range(len(rows)), rows)
        ax.set_ylim(max(len(rows), 1) - 0.5, -0.5)
        finish(ax, x_label, "", recorded=any(v for s in ours.values() for v in s.values()))
    return ax.figure


def draw_training(
    records: Iterable[Record],
    recipes: Mapping[str, str],
    *,
    metric: str,
    y_label: str,
    against: str = "seconds",
) -> Figure:
    """A measure of the trajectory after each epoch, against minutes of training or tokens read.

    `recipes` maps a line's name to a recipe; the line is the mean over seeds, also of the time.
    `against` is "seconds", "processor_seconds" or "tokens".
    Raises ReplicationError for runs of a recipe with trajectories of different lengths.
    """
    records = list(records)
    scale, x_label = {
        "seconds": (60, "minutes of training"),
        "processor_seconds": (60, "minutes of processor time"),
        "tokens": (1e6, "tokens read, millions"),
    }[against]
    colours = sns.color_palette("colorblind", len(recipes))
    with axes() as ax:
        recorded = False
        for (name, recipe), colour in zip(recipes.items(), colours, strict=True):
            runs = [record for record in records if record.recipe == recipe]
            known = {}
            for points in by_epoch(runs):
                if all(metric in point for point in points):
                    x = sum(point[against] for point in points) / len(points) / scale
                    known[x] = spread([point[metric] for point in points], y_label)
            if known:
                recorded = True
                line(ax, known, name, colour)
        ax.set_xlim(left=0)
        finish(ax, x_label, y_label, recorded=recorded)
    return ax.figure


def by_epoch(runs: Sequence[Record]) -> Iterator[tuple[dict[str, Number], ...]]:
    """The trajectories of a recipe's runs, epoch by epoch: a point of each run.

    Raises ReplicationError for trajectories of different lengths.
    """
    if len({len(run.trajectory) for run in runs}) > 1:
        raise ReplicationError(
            f"The runs of {runs[0].recipe!r} have trajectories of different lengths, which have no "
            "mean. Run the recipe again for all seeds."
        )
    return zip(*(run.trajectory for run in runs), strict=True)


def spread(values: Seeds, label: str = "") -> Interval:
    """The 95 % interval over seeds, of no width for a single one.

    Of a share, whose axis has a `label` in per cent, what lies below 0 or above 100 is cut off.
    """
    if len(values) < 2:
        return Interval(values[0], values[0], values[0])
    found = interval(values)
    if not label.rstrip().endswith("%"):
        return found
    return Interval(found.mean, max(found.low, 0), min(found.high, 100))


def line(ax: Axes, points: Mapping[Number, Interval], name: str, colour: object) -> None:
    """Means joined by a line, each with its interval as a bar."""
    means = [found.mean for found in points.values()]
    below = [found.mean - found.low for found in points.values()]
    above = [found.high - found.mean for found in points.values()]
    ax.errorbar(
        list(points), means, yerr=[below, above], fmt="o-", color=colour, capsize=3, label=name
    )


def finish(ax: Axes, x_label: str, y_label: str, *, recorded: bool) -> None:
    """Labels, a legend below, and a note where nothing was recorded."""
    ax.set_xlabel(x_label)
    ax.set_ylabel(y_label)
    if not recorded:
        ax.set_title("Ours: no records yet")
        if not ax.has_data():
            # Without data a scale from 0 to 1 would be misleading.
            ax.set_axis_off()
            ax.figure.set_figheight(_EMPTY_HEIGHT_INCHES)
        elif ax.dataLim.x0 > ax.dataLim.x1:
            # Only horizontal lines: ticks around 0 would be misleading.
            ax.set_xticks([])
    found = ax.get_legend_handles_labels()
    if found[1]:
        # Ours first: the sort is stable.
        entries = sorted(zip(*found, strict=True), key=lambda entry: entry[1].startswith("paper"))
        handles, labels = zip(*entries, strict=True)
        # Below the axes: beside them it would halve the picture on a phone.
        ax.figure.legend(
            handles, labels, loc="outside lower center", ncols=2, frameon=False, fontsize=10
        )
