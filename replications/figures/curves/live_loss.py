"""The training loss of runs on the page, update by update."""

from collections.abc import Mapping, Sequence

import numpy as np
import seaborn as sns
from matplotlib.figure import Figure

from replications.figures.paper_and_ours import axes, finish
from replications.training.progress import Progress


def draw_live_loss(
    told: Mapping[str, Sequence[Progress]],
    *,
    y_label: str,
    window: int = 20,
    log_y: bool = False,
) -> Figure:
    """A line for each run: the mean loss of the last `window` updates, and faintly that of each.

    `told` has by name what `fit` reported to its `progress`, such as a list's `append`. On an
    accelerator, where a loss is not read at each update, it is that of each epoch. `log_y` keeps
    losses of different sizes apart; they must be positive.
    """
    colours = sns.color_palette("colorblind", len(told))
    with axes(height=3.2) as ax:
        recorded = False
        for (name, points), colour in zip(told.items(), colours, strict=True):
            losses = [p.loss if p.step_loss is None else p.step_loss for p in points]
            steps = [n for n, loss in enumerate(losses) if loss is not None]
            if not steps:
                continue
            recorded = True
            found = np.array([losses[n] for n in steps])
            ax.plot(steps, found, color=colour, alpha=0.2, lw=0.8)
            size = min(window, len(found))
            mean = np.convolve(found, np.ones(size) / size, "valid")
            ax.plot(steps[size - 1 :], mean, color=colour, label=name)
        if log_y and recorded:
            ax.set_yscale("log")
        finish(ax, "updates", y_label, recorded=recorded)
    return ax.figure
