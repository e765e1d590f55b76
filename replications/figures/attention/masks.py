"""Attention masks drawn: which token may attend to which, layer by layer."""

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from replications.layers.masks import AttentionMask, bidirectional


def draw_masks(mask: AttentionMask, *, layers: int = 4, length: int = 24) -> Figure:
    """A square for each layer: a row is a token's query, dark at the keys that it may attend to.

    Raises ValueError for a mask that hides nothing, which has no squares to draw.
    """
    positions = torch.arange(length)
    masks = [mask(layer, positions, positions) for layer in range(layers)]
    if any(seen is None for seen in masks):
        raise ValueError(
            f"{bidirectional.__name__} lets all attend to all: there is nothing to draw"
        )
    figure, squares = plt.subplots(
        1, layers, figsize=(6.0, 6.0 / layers + 0.5), dpi=160, layout="constrained", squeeze=False
    )
    for layer, (ax, seen) in enumerate(zip(squares[0], masks, strict=True)):
        ax.imshow(seen.numpy(), cmap="Greys", vmin=0, vmax=1.3, interpolation="nearest")
        ax.set_xticks([])
        ax.set_yticks([])
        ax.set_title(f"layer {layer + 1}", fontsize=10)
        ax.set_xlabel("key", fontsize=9)
    squares[0][0].set_ylabel("query", fontsize=9)
    plt.close(figure)
    return figure
