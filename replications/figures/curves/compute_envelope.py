"""Loss against compute: the training curve of each size, their lower envelope, its power law."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import seaborn as sns
from matplotlib.figure import Figure

from replications.claims.measures.power_laws import trajectory_of
from replications.figures.paper_and_ours import axes, finish
from replications.fits.envelope import Spent, lower_envelope
from replications.fits.power_law import fit_power_law
from replications.records import Record


def mean_trajectories(
    records: Iterable[Record], weights: Mapping[str, int], name: str
) -> dict[str, list[Spent]]:
    """For each recipe that has records, its training curve, the mean over the seeds at each point.

    `weights` are the numbers of parameters without embeddings, by recipe.
    """
    records = list(records)
    trajectories = {
        recipe: [trajectory_of(r, count, name) for r in records if r.recipe == recipe]
        for recipe, count in weights.items()
    }
    return {
        recipe: [
            Spent(points[0].flops, sum(point.loss for point in points) / len(points))
            for points in zip(*runs, strict=True)
        ]
        for recipe, runs in trajectories.items()
        if runs
    }


def draw_compute(trajectories: Mapping[str, Sequence[Spent]], *, y_label: str) -> Figure:
    """Both axes logarithmic, so that a power law is a straight line.

    Source: Brown et al. 2020, figure 3.1. Points on the lower envelope are ringed; the line is
    fitted to them where there are three or more. A single size has a curve and no envelope.
    """
    with axes(height=4.6) as ax:
        colours = sns.color_palette("viridis", len(trajectories))
        for (name, points), colour in zip(trajectories.items(), colours, strict=True):
            ax.plot(*zip(*points, strict=True), ".-", color=colour, linewidth=1, label=name)
        envelope = lower_envelope([*trajectories.values()])
        if len(trajectories) > 1 and len(envelope) > 2:
            law = fit_power_law(*np.array(envelope).T)
            ax.plot(
                *zip(*envelope, strict=True),
                "o",
                markersize=9,
                markerfacecolor="none",
                color="0.3",
                label="lower envelope",
            )
            ends = np.array([envelope[0].flops, envelope[-1].flops])
            ax.plot(
                ends,
                law.at(ends),
                "--",
                color="0.3",
                label=f"compute to the power −{law.exponent:.3f}",
            )
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.yaxis.set_major_formatter("{x:g}")
        ax.yaxis.set_minor_formatter("{x:g}")
        finish(ax, "operations of training, 6 N D", y_label, recorded=bool(trajectories))
    return ax.figure
