"""What one token of a sentence attends to: a picture a sentence, a row for each head."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import seaborn as sns
from jaxtyping import Float
from matplotlib.figure import Figure
from torch import Tensor

from replications.errors import ReplicationError

_WIDTH_INCHES, _ROW_INCHES, _DPI = 6.0, 0.2, 160


def draw_heatmaps(
    sentences: Mapping[str, tuple[Sequence[str], Float[Tensor, "layer head token"]]],
) -> Figure:
    """The attention of one token to all: white for 0, dark for 1, a line between layers.

    `sentences` maps a title to its tokens and the weights. Raises ReplicationError where tokens and
    weights do not fit.
    """
    for title, (tokens, weights) in sentences.items():
        if weights.shape[2] != len(tokens):
            raise ReplicationError(
                f"{title}: there are weights for {weights.shape[2]} tokens, and {len(tokens)} "
                "tokens. Give the same sentence twice."
            )
    heads = max(weights[..., 0].numel() for _, weights in sentences.values())
    height = len(sentences) * (1.1 + _ROW_INCHES * heads)
    with sns.axes_style("white"), sns.plotting_context("notebook", font_scale=0.8):
        figure, panels = plt.subplots(
            len(sentences),
            figsize=(_WIDTH_INCHES, height),
            dpi=_DPI,
            layout="constrained",
            squeeze=False,
        )
        for ax, (title, (tokens, weights)) in zip(panels[:, 0], sentences.items(), strict=True):
            layers, heads = weights.shape[:2]
            rows = weights.flatten(0, 1).float().cpu().numpy()
            ax.imshow(rows, cmap="Blues", vmin=0, vmax=1, aspect="auto")
            ax.set_title(title, loc="left")
            ax.set_xticks(range(len(tokens)), tokens, rotation=60, ha="right")
            names = [f"{layer + 1}·{head + 1}" for layer in range(layers) for head in range(heads)]
            ax.set_yticks(range(len(names)), names)
            ax.set_ylabel("layer·head")
            for layer in range(1, layers):
                ax.axhline(layer * heads - 0.5, color="grey", linewidth=1)
        plt.close(figure)
    return figure
