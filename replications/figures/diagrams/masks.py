"""The three masks of a Transformer, drawn from a batch: padding, causal, and both."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
from jaxtyping import Bool
from matplotlib.figure import Figure
from torch import Tensor


def draw_attention_masks(
    masks: dict[str, Bool[Tensor, "target source"]],
    targets: dict[str, Sequence[str]],
    sources: dict[str, Sequence[str]],
) -> Figure:
    """One below the other: a row is a query, a column a key, dark where it may be attended to.

    `targets` and `sources` name the tokens of each mask.
    """
    lengths = [len(mask) for mask in masks.values()]
    figure, axes = plt.subplots(
        len(masks),
        1,
        figsize=(4.2, 0.27 * sum(lengths) + 1.15 * len(masks)),
        dpi=200,
        layout="constrained",
        height_ratios=lengths,
        squeeze=False,
    )
    figure.patch.set_facecolor("white")
    for ax, (name, mask) in zip(axes[:, 0], masks.items(), strict=True):
        ax.imshow(mask.numpy(), cmap="Blues", vmin=0, vmax=1.4, aspect="equal")
        ax.set_title(name, fontsize=9.5)
        for tick, labels in ((ax.set_xticks, sources[name]), (ax.set_yticks, targets[name])):
            tick(range(len(labels)), labels, fontsize=8.5)
        ax.tick_params(axis="x", rotation=60, length=0)
        ax.tick_params(axis="y", length=0)
        ax.set_xticks([place - 0.5 for place in range(1, mask.shape[1])], minor=True)
        ax.set_yticks([place - 0.5 for place in range(1, mask.shape[0])], minor=True)
        ax.grid(which="minor", color="white", lw=1)
        ax.tick_params(which="minor", length=0)
    plt.close(figure)
    return figure
