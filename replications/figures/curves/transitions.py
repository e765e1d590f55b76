"""Sudden transitions in training, run by run: a mean over runs would show a slow rise."""

from collections.abc import Mapping, Sequence

import seaborn as sns
from matplotlib.figure import Figure

from replications.figures.paper_and_ours import axes, finish
from replications.records import Record

_LINES = ("-", "--", ":")


def draw_transitions(
    records: Sequence[Record], watched: Mapping[str, str], *, y_label: str = "per cent"
) -> Figure:
    """Metrics of the trajectory against the tokens read: a colour for each run, a style of line for
    each metric.

    `watched` has their names in words, and in the trajectory.
    """
    colours = sns.color_palette("colorblind", max(len(records), 1))
    with axes(height=4.2) as ax:
        for run, colour in zip(records, colours, strict=False):
            tokens = [point["tokens"] / 1e6 for point in run.trajectory]
            for name, dashes in zip(watched.values(), _LINES, strict=False):
                values = [point[name] for point in run.trajectory]
                ax.plot(tokens, values, dashes, color=colour)
            ax.plot([], [], color=colour, label=f"{run.recipe}, seed {run.seed}")
        for name, dashes in zip(watched, _LINES, strict=False):
            ax.plot([], [], dashes, color="0.3", label=name)
        ax.set_ylim(-3, 103)
        finish(ax, "tokens read, millions", y_label, recorded=bool(records))
    return ax.figure
