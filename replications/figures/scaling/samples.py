"""The fits of a bootstrap as clouds: which parameters correlate, and which are well determined."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from replications.figures.paper_and_ours import axes


def draw_samples(clouds: Mapping[str, Sequence[tuple[float, float]]]) -> Figure:
    """A panel for each cloud, named "y against x": a dot for each sample."""
    with axes(height=3.2) as first:
        figure = first.figure
        first.remove()
        panels = np.atleast_1d(figure.subplots(1, len(clouds)))
        for ax, (name, points) in zip(panels, clouds.items(), strict=True):
            y_label, x_label = name.split(" against ")
            ax.plot(*np.array(points).T, ".", color="#0072b2", markersize=4, alpha=0.5)
            ax.set_xlabel(x_label)
            ax.set_ylabel(y_label)
            ax.tick_params(labelsize=9)
    return figure
