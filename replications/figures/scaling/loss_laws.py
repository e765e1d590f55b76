"""Loss against parameters, tokens and compute, each with a power law: three straight lines."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.figure import Figure

from replications.fits.power_law import fit_power_law

Points = Sequence[tuple[float, float]]


def draw_loss_laws(panels: Mapping[str, Points], *, y_label: str = "nats per token") -> Figure:
    """A panel for each quantity, by its name: points (x, loss), both axes logarithmic.

    Source: Kaplan et al. 2020, figure 1. A line is fitted where there are three places or more.
    """
    with sns.axes_style("whitegrid"), sns.plotting_context("notebook"):
        figure, axes = plt.subplots(
            len(panels), 1, figsize=(6.0, 2.6 * len(panels)), dpi=160, layout="constrained"
        )
        for ax, (name, points) in zip(np.atleast_1d(axes), panels.items(), strict=True):
            _panel(ax, points)
            ax.set_xlabel(name)
            ax.set_ylabel(y_label)
        sns.despine(figure)
        plt.close(figure)
    return figure


def _panel(ax: plt.Axes, points: Points) -> None:
    if not points:
        ax.set_title("Ours: no records yet")
        return
    x, loss = np.array(points, dtype=float).T
    ax.plot(x, loss, "o", color="#0072b2", markersize=4)
    if len(np.unique(x)) > 2:
        law = fit_power_law(x, loss)
        ends = np.array([x.min(), x.max()])
        label = f"to the power −{law.exponent:.3f}"
        ax.plot(ends, law.at(ends), "--", color="0.3", label=label)
        ax.legend(frameon=False, fontsize=10)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter("{x:g}")
