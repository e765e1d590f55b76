"""The diagram that InstructGPT is known by: demonstrations, comparisons, reinforcement."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replications.figures.diagrams.boxes import arrow, box

STEPS = (
    (
        "1. Supervised fine-tuning",
        ("a prompt", "a person writes\nan answer", "the base model learns\nto write it"),
        "SFT model",
    ),
    (
        "2. Reward modelling",
        ("a prompt", "the SFT model writes\nseveral answers", "a person ranks them"),
        "reward model",
    ),
    (
        "3. Reinforcement learning",
        ("a new prompt", "the policy writes\nan answer", "the reward model\nscores it: PPO"),
        "aligned policy",
    ),
)
"""Each step's name, what happens in it, and what comes out."""

_WIDTH, _HEIGHT, _GAP = 2.5, 0.72, 0.36


def draw_three_steps(steps: Sequence[tuple[str, Sequence[str], str]] = STEPS) -> Figure:
    """A column for each step, from the prompt down to the model that the next step takes.

    Source: Ouyang et al. 2022, figure 2, in our words.
    """
    colours = sns.color_palette("colorblind", len(steps))
    rows = 1 + max(len(boxes) for _, boxes, _ in steps)
    with sns.plotting_context("notebook"):
        figure, ax = plt.subplots(figsize=(7.2, 4.4), dpi=160, layout="constrained")
        ends = []
        for column, ((name, boxes, result), colour) in enumerate(zip(steps, colours, strict=True)):
            x = column * (_WIDTH + 0.6)
            title = {"ha": "center", "weight": "bold", "color": colour, "fontsize": 9.5}
            ax.text(x + _WIDTH / 2, 0.35, name, **title)
            y = 0.0
            for row, text in enumerate((*boxes, result)):
                y = -row * (_HEIGHT + _GAP)
                last = row == len(boxes)
                _box(ax, x, y, text, colour, filled=last)
                if row:
                    arrow(ax, (x + _WIDTH / 2, y + _GAP), (x + _WIDTH / 2, y + 0.02))
            ends.append((x + _WIDTH, y - _HEIGHT / 2))
        for (x, y), _ in zip(ends[:-1], steps, strict=False):
            # Each result is what the next column works with.
            arrow(ax, (x, y), (x + 0.6, y), width=2.0)
        ax.set_xlim(-0.1, len(steps) * (_WIDTH + 0.6) - 0.5)
        ax.set_ylim(-rows * (_HEIGHT + _GAP), 0.7)
        ax.axis("off")
        plt.close(figure)
    return figure


def _box(ax: Axes, x: float, y: float, text: str, colour: object, *, filled: bool) -> None:
    """A box that hangs from its upper left corner; what comes out of the others is filled."""
    box(
        ax,
        (x + _WIDTH / 2, y - _HEIGHT / 2),
        text,
        (*colour[:3], 0.25) if filled else "white",
        width=_WIDTH,
        height=_HEIGHT,
        size=10,
        edge=colour,
        line=1.6,
        weight="bold" if filled else "normal",
    )
