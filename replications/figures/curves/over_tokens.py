"""Metrics during training, by the tokens read."""

from collections.abc import Iterable, Mapping, Sequence

import seaborn as sns
from matplotlib.figure import Figure

from replications.figures.paper_and_ours import axes, finish, line, spread
from replications.records import Number, Record


def by_million_tokens(
    records: Iterable[Record], recipe: str, metric: str
) -> dict[Number, list[Number]]:
    """A metric of a recipe's trajectories at each seed, by millions of tokens read.

    Raises ValueError where the runs have trajectories of several lengths.
    """
    runs = [record.trajectory for record in records if record.recipe == recipe]
    points = zip(*runs, strict=True)
    return {round(at[0]["tokens"] / 1e6): [point[metric] for point in at] for at in points}


def draw_over_tokens(
    runs: Mapping[str, Mapping[Number, Sequence[Number]]],
    *,
    y_label: str,
    chance: Number | None = None,
) -> Figure:
    """A line for each run that is recorded, with 95 % intervals; `chance` is a dashed line.

    One pair of axes, so that runs of several lengths and tiers can be compared.
    """
    colours = sns.color_palette("colorblind", max(len(runs), 1))
    with axes(height=4.2) as ax:
        for (name, points), colour in zip(runs.items(), colours, strict=False):
            if points:
                line(ax, {at: spread(values) for at, values in points.items()}, name, colour)
        recorded = any(runs.values())
        if chance is not None and recorded:
            ax.axhline(chance, color="0.4", linestyle="--", linewidth=1, label="chance")
        finish(ax, "million tokens read", y_label, recorded=recorded)
    return ax.figure
