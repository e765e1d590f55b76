"""Pairs of words in the plane: is the offset from one to the other the same for all?"""

import itertools
from collections.abc import Iterable

import numpy as np
import torch
from jaxtyping import Float
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from sklearn.decomposition import PCA
from torch import Tensor

from replications.figures.paper_and_ours import axes
from replications.tokens.words import Vocabulary


def draw_offsets(
    vectors: Float[Tensor, "word d"],
    vocabulary: Vocabulary,
    pairs: Iterable[tuple[str, str]],
) -> Figure:
    """The two principal components of the pairs' words, each pair joined by an arrow.

    Source: Mikolov et al. 2013b, figure 2. Pairs with a word outside the vocabulary are left out.
    """
    known = [pair for pair in pairs if all(word in vocabulary for word in pair)]
    ids = torch.tensor([[vocabulary.id(word) for word in pair] for pair in known])
    unit = torch.nn.functional.normalize(vectors, dim=1)[ids.flatten()]
    coordinates = PCA(n_components=2, random_state=0).fit_transform(unit.double().numpy())
    starts, ends = coordinates[::2], coordinates[1::2]
    with axes(height=4.6) as ax:
        for start, end in zip(starts, ends, strict=True):
            arrow = {"arrowstyle": "->", "color": "#56b4e9", "lw": 1.2, "shrinkA": 0, "shrinkB": 0}
            ax.annotate("", end, start, arrowprops=arrow)
        # Each name on the far side of its arrow.
        for side, (points, others, colour) in enumerate(
            ((starts, ends, "#0072b2"), (ends, starts, "#d55e00"))
        ):
            left = points[:, 0].mean() < others[:, 0].mean()
            heights = _apart(points[:, 1], 0.045 * np.ptp(coordinates[:, 1]))
            for pair, x, height in zip(known, points[:, 0], heights, strict=True):
                ax.annotate(
                    pair[side],
                    (x, height),
                    (-6 if left else 6, 0),
                    textcoords="offset points",
                    ha="right" if left else "left",
                    va="center",
                    fontsize=10,
                    color=colour,
                    # Arrows of other pairs end behind a name, not across it.
                    path_effects=[withStroke(linewidth=3, foreground="white")],
                )
        ax.scatter(*coordinates.T, s=0)
        ax.margins(0.22, 0.06)
        ax.set_xlabel("first principal component")
        ax.set_ylabel("second principal component")
    return ax.figure


def _apart(heights: Float[np.ndarray, " word"], gap: float) -> Float[np.ndarray, " word"]:
    """Heights moved up as little as leaves `gap` between neighbours: for labels in a column."""
    moved = heights.copy()
    order = np.argsort(heights)
    for below, above in itertools.pairwise(order):
        moved[above] = max(moved[above], moved[below] + gap)
    return moved - (moved - heights).mean()
