"""Rotary positions drawn: pairs of dimensions that rotate, and products that depend on distance."""

import matplotlib.pyplot as plt
import seaborn as sns
import torch
from matplotlib.figure import Figure

from replications.figures.paper_and_ours import axes, finish
from replications.layers.rotary import Rotary, rotary_angles


def draw_turning_pairs(
    d_head: int = 16, pairs: tuple[int, ...] = (0, 2, 4, 6), positions: int = 9
) -> Figure:
    """One vector at each of the first positions: a circle for each pair, the first rotates most.

    Source: Su et al. 2021 (arXiv:2104.09864), figure 1. The rotation is done by `Rotary` itself.
    """
    vector = torch.zeros(positions, d_head)
    vector[:, : d_head // 2] = 1.0
    first, second = Rotary(d_head)(vector).chunk(2, -1)
    angles = rotary_angles(torch.ones(1), d_head)[0]
    colours = sns.color_palette("viridis", positions)
    figure, circles = plt.subplots(
        1, len(pairs), figsize=(6.0, 2.3), dpi=160, layout="constrained", squeeze=False
    )
    for ax, pair in zip(circles[0], pairs, strict=True):
        ax.add_patch(plt.Circle((0, 0), 1, fc="none", ec="0.8"))
        for position, colour in enumerate(colours):
            tip = float(first[position, pair]), float(second[position, pair])
            ax.annotate("", tip, (0, 0), arrowprops={"arrowstyle": "->", "color": colour})
        turn = float(angles[pair].rad2deg())
        ax.set_title(f"pair {pair + 1}\n{turn:.3g}° per position", fontsize=9)
        ax.set_xlim(-1.15, 1.15)
        ax.set_ylim(-1.15, 1.15)
        ax.set_aspect("equal")
        ax.axis("off")
    key = [plt.Line2D([], [], color=colour, lw=2) for colour in (colours[0], colours[-1])]
    figure.legend(
        key,
        ["position 0", f"position {positions - 1}"],
        loc="outside lower center",
        ncols=2,
        frameon=False,
        fontsize=9,
    )
    plt.close(figure)
    return figure


def draw_products_by_distance(d_head: int = 64, max_distance: int = 200, seed: int = 0) -> Figure:
    """Product of a query with a key, against their distance, for several positions of the query.

    Source: Su et al. 2021, section 3.4.3 and figure 2, for a query and a key that are equal.
    """
    vector = torch.randn(1, d_head, generator=torch.Generator().manual_seed(seed))
    rotary, distances = Rotary(d_head), torch.arange(max_distance)
    colours = sns.color_palette("colorblind", 3)
    with axes(height=3.2) as ax:
        for start, colour, width in zip((0, 57, 700), colours, (5, 2.5, 1), strict=True):
            keys = rotary(vector.expand(max_distance, -1), start)
            query = rotary(vector, start)
            products = (keys @ query[0]) / vector.square().sum()
            ax.plot(distances, products, color=colour, lw=width, label=f"from position {start}")
        finish(ax, "distance, in positions", "product", recorded=True)
    return ax.figure
