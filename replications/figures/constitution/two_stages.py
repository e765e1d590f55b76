"""The diagram that Constitutional AI is known by: a supervised stage above, reinforcement below."""

from collections.abc import Sequence
from typing import NamedTuple

import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replications.figures.diagrams.boxes import Point, arrow, bent, box


class Stage(NamedTuple):
    """A stage's name, what happens in it from left to right, and what comes out."""

    name: str
    boxes: Sequence[str]
    result: str


SUPERVISED = Stage(
    "Supervised stage: critique and revision",
    ("helpful assistant", "answer to a\nharmful request", "critique", "revision"),
    "SL-CAI",
)
REINFORCED = Stage(
    "Reinforcement from AI feedback",
    ("SL-CAI writes\npairs of answers", "the assistant\ncompares them", "preference\nmodel", "PPO"),
    "RL-CAI",
)
_PRINCIPLES = "a principle of\nthe constitution"
_WIDTH, _HEIGHT, _GAP, _ROW = 2.1, 0.9, 0.45, 3.4


def draw_two_stages(stages: Sequence[Stage] = (SUPERVISED, REINFORCED)) -> Figure:
    """Both stages from left to right, and where a principle enters each.

    Source: Bai et al. 2022, figure 1, in our words.
    """
    colours = sns.color_palette("colorblind", len(stages))
    with sns.plotting_context("notebook"):
        figure, ax = plt.subplots(figsize=(8.0, 4.2), dpi=160, layout="constrained")
        for row, (stage, colour) in enumerate(zip(stages, colours, strict=True)):
            y = -row * _ROW
            ax.text(0, y + 0.35, stage.name, weight="bold", color=colour, fontsize=12)
            for column, text in enumerate((*stage.boxes, stage.result)):
                last = column == len(stage.boxes)
                _box(ax, _left(column), y, text, colour, filled=last)
                if column:
                    arrow(ax, (_left(column) - _GAP, y - _HEIGHT / 2), (_left(column), y - 0.45))
            _principle(ax, stage, y)
        top = _left(3) + _WIDTH / 2
        # Revised again and again: from the revision back to the critique.
        ax.annotate(
            "4 times",
            xy=(_left(2) + _WIDTH / 2, 0),
            xytext=(top, 0.02),
            ha="center",
            va="bottom",
            fontsize=9,
            arrowprops={
                "arrowstyle": "-|>",
                "color": "0.35",
                "connectionstyle": "arc3,rad=0.35",
                "relpos": (0, 0.5),
            },
        )
        # Around the principle above and the heading below: in from the left.
        between, side = 0.85 - _ROW, -0.3
        bent(
            ax,
            Point(_left(4) + _WIDTH / 2, -_HEIGHT),
            Point(_left(4) + _WIDTH / 2, between),
            Point(side, between),
            Point(side, -_ROW - _HEIGHT / 2),
            Point(0, -_ROW - _HEIGHT / 2),
        )
        ax.set_xlim(-0.45, _left(5))
        ax.set_ylim(-_ROW - 2.5, 0.95)
        ax.axis("off")
        plt.close(figure)
    return figure


def _principle(ax: Axes, stage: Stage, y: float) -> None:
    """Where a principle is drawn: below the critique, and below the comparison."""
    column = 2 if "critique" in stage.boxes else 1
    below = y - _HEIGHT - 0.55
    _box(ax, _left(column), below, _PRINCIPLES, "0.4", filled=False)
    arrow(ax, (_left(column) + _WIDTH / 2, below), (_left(column) + _WIDTH / 2, y - _HEIGHT))


def _left(column: int) -> float:
    return column * (_WIDTH + _GAP)


def _box(ax: Axes, x: float, y: float, text: str, colour: object, *, filled: bool) -> None:
    """A box that hangs from its upper left corner; what comes out of the others is filled."""
    box(
        ax,
        (x + _WIDTH / 2, y - _HEIGHT / 2),
        text,
        (*colour[:3], 0.25) if filled else "white",
        width=_WIDTH,
        height=_HEIGHT,
        size=9.5,
        edge=colour,
        line=1.6,
        weight="bold" if filled else "normal",
    )
