"""A picture of one block of words: its window mask, and the band of scores that it selects."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from jaxtyping import Bool, Float
from matplotlib.figure import Figure
from torch import Tensor


def draw_band(
    in_window: Bool[Tensor, "centre context"],
    scores: Float[Tensor, "centre context"],
    centre: Sequence[str],
    context: Sequence[str],
    *,
    by_chance: float = 0.0,
) -> Figure:
    """Above the pairs within a window; below their scores, the other pairs greyed out.

    `by_chance` is the score of a pair that is as likely as chance: the middle of the colours.
    """
    with sns.axes_style("white"), sns.plotting_context("notebook"):
        figure, panels = plt.subplots(
            2, 1, figsize=(6, 6.6), dpi=160, layout="constrained", sharex=True
        )
        chosen = in_window.numpy()
        panels[0].imshow(chosen, cmap="Greys", vmin=0, vmax=1.4, aspect="auto")
        panels[0].set_title("in the window", fontsize=11)
        shown = np.ma.masked_where(~chosen, scores.numpy())
        limit = float(abs(shown - by_chance).max()) or 1.0
        panels[1].set_facecolor("#eeeeee")
        span = {"vmin": by_chance - limit, "vmax": by_chance + limit}
        image = panels[1].imshow(shown, cmap="PuOr_r", aspect="auto", **span)
        panels[1].set_title("scores of these pairs", fontsize=11)
        figure.colorbar(image, ax=panels[1], shrink=0.9)
        for panel in panels:
            panel.set_yticks(range(len(centre)), centre, fontsize=9)
            panel.set_ylabel("centre words")
        panels[1].set_xticks(range(len(context)), context, rotation=90, fontsize=9)
        panels[1].set_xlabel("context words: the block and its margins")
        plt.close(figure)
    return figure
