"""A picture of one block of words: its window mask, and the band of scores that it selects."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from jaxtyping import Bool, Float
from matplotlib.figure import Figure
from torch import Tensor


def draw_band(
    inside: Bool[Tensor, "centre near"],
    scores: Float[Tensor, "centre near"],
    centre: Sequence[str],
    near: Sequence[str],
) -> Figure:
    """Left the pairs within a window; right their scores, all others greyed out."""
    with sns.axes_style("white"), sns.plotting_context("notebook"):
        figure, panels = plt.subplots(
            2, 1, figsize=(6, 6.6), dpi=160, layout="constrained", sharex=True
        )
        chosen = inside.numpy()
        panels[0].imshow(chosen, cmap="Greys", vmin=0, vmax=1.4, aspect="auto")
        panels[0].set_title("in the window", fontsize=11)
        shown = np.ma.masked_where(~chosen, scores.numpy())
        limit = float(abs(shown).max()) or 1.0
        panels[1].set_facecolor("#eeeeee")
        image = panels[1].imshow(shown, cmap="PuOr_r", vmin=-limit, vmax=limit, aspect="auto")
        panels[1].set_title("scores that training asks for", fontsize=11)
        figure.colorbar(image, ax=panels[1], shrink=0.9)
        for panel in panels:
            panel.set_yticks(range(len(centre)), centre, fontsize=9)
            panel.set_ylabel("centre words")
        panels[1].set_xticks(range(len(near)), near, rotation=90, fontsize=9)
        panels[1].set_xlabel("context words: the block and its margins")
        plt.close(figure)
    return figure
