"""A white sheet for diagrams: boxes, arrows and words, large enough to be read on a phone."""

from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from replications.records import Number

_WIDTH_INCHES, _DPI = 6.0, 160
GREY, PALE = "0.35", "0.93"
Point = tuple[Number, Number]


@contextmanager
def canvas(width: Number, height: Number, *, inches: Number) -> Iterator[Axes]:
    """Axes without axes, of so many units; the figure is closed, so that a cell shows it once.

    The sheet is white wherever the page is dark: its lines are dark.
    """
    figure, ax = plt.subplots(
        figsize=(_WIDTH_INCHES, inches), dpi=_DPI, layout="constrained", facecolor="white"
    )
    ax.set_xlim(0, width)
    ax.set_ylim(0, height)
    ax.axis("off")
    yield ax
    plt.close(figure)


def box(
    ax: Axes,
    centre: Point,
    words: str,
    *,
    width: Number,
    height: Number,
    fill: object = PALE,
    size: Number = 9,
) -> None:
    """Words in a box with round corners."""
    x, y = centre
    ax.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - height / 2),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.08",
            fc=fill,
            ec=GREY,
            lw=0.8,
        )
    )
    ax.text(x, y, words, ha="center", va="center", fontsize=size)


def arrow(
    ax: Axes,
    start: Point,
    end: Point,
    *,
    colour: object = GREY,
    bend: Number = 0.0,
    width: Number = 1.0,
) -> None:
    """From one point to another; `bend` is how far it bows, as a share of its length."""
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=7,
            connectionstyle=f"arc3,rad={bend}",
            color=colour,
            lw=width,
            shrinkA=0,
            shrinkB=0,
        )
    )
