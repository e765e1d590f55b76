"""Boxes, arrows and texts: the elements of the diagrams, legible on a phone, too."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from replications.records import Number

EMBEDDING, ATTENTION, FEED_FORWARD, NORM, OUTPUT = (
    "#f8d7da",
    "#fde2b3",
    "#cfe6f5",
    "#f4f3b6",
    "#d8efdf",
)
NEUTRAL = "0.94"
INK = "0.25"


class Point(NamedTuple):
    """A point of the drawing; a pair of numbers is one, too."""

    x: Number
    y: Number


@contextmanager
def drawing(
    width: Number, height: Number, *, inches: Number = 4.6, tall: Number | None = None
) -> Iterator[Axes]:
    """Axes without frame of so many units, on a white ground: lines are dark on a dark page, too.

    The figure is `tall` inches high, or as high as makes units equal both ways. Text of 9 points
    in a figure of 4.6 inches is still read where a phone scales it down.
    """
    figure, ax = plt.subplots(
        figsize=(inches, tall or inches * height / width), dpi=200, layout="constrained"
    )
    figure.patch.set_facecolor("white")
    ax.set_xlim(0, width)
    ax.set_ylim(0, height)
    ax.set_aspect("auto" if tall else "equal")
    ax.axis("off")
    yield ax
    # A cell shows the figure once.
    plt.close(figure)


def box(
    ax: Axes,
    centre: tuple[Number, Number],
    text: str,
    colour: object = NEUTRAL,
    *,
    width: Number = 3.2,
    height: Number = 0.8,
    size: Number = 8.5,
    edge: object = INK,
    line: Number = 0.8,
    weight: str = "normal",
) -> None:
    """A box with a text in its middle."""
    x, y = centre
    ax.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - height / 2),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.1",
            fc=colour,
            ec=edge,
            lw=line,
            zorder=2,
        )
    )
    ax.text(
        x, y, text, ha="center", va="center", fontsize=size, color="black", weight=weight, zorder=3
    )


def frame(ax: Axes, low: Point, high: Point, text: str) -> None:
    """A line around what is repeated, with how often at its upper right."""
    ax.add_patch(
        FancyBboxPatch(
            low,
            high.x - low.x,
            high.y - low.y,
            boxstyle="round,pad=0,rounding_size=0.2",
            fc="none",
            ec="0.55",
            lw=1.0,
            ls="--",
            zorder=1,
        )
    )
    ax.text(high.x - 0.1, high.y + 0.08, text, ha="right", va="bottom", fontsize=9, color="black")


def arrow(
    ax: Axes,
    start: tuple[Number, Number],
    end: tuple[Number, Number],
    *,
    colour: object = INK,
    width: Number = 1.0,
    bend: Number = 0.0,
) -> None:
    """One that is wider stands for more; `bend` is how far it bows, as a share of its length."""
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=8,
            connectionstyle=f"arc3,rad={bend}",
            color=colour,
            lw=width,
            shrinkA=0,
            shrinkB=0,
            zorder=1.5,
        )
    )


def bent(ax: Axes, *corners: Point, colour: str = INK) -> None:
    """A line with corners that ends as an arrow."""
    *before, last, end = corners
    xs, ys = zip(*(*before, last), strict=True)
    ax.plot(xs, ys, color=colour, lw=1.0, zorder=1.5)
    arrow(ax, last, end, colour=colour)


def note(ax: Axes, place: Point, text: str, *, size: Number = 9, **options: object) -> None:
    """A text without a box."""
    settings = {"ha": "center", "va": "center", "color": "black", **options}
    ax.text(*place, text, fontsize=size, **settings)
