"""How each task becomes sequences of tokens: figure 1 (right) of Radford et al. 2018."""

from collections.abc import Iterable, Mapping, Sequence

from matplotlib.figure import Figure

from replications.figures.diagrams.boxes import (
    ATTENTION,
    EMBEDDING,
    FEED_FORWARD,
    NEUTRAL,
    OUTPUT,
    Point,
    arrow,
    box,
    drawing,
    note,
)
from replications.tokens.special_tokens import SPECIAL_TOKENS, WithSpecialTokens

_WIDTHS = {"text 1": 1.75, "text 2": 1.75, "start": 1.05, "delimiter": 1.5, "extract": 1.25}
_COLOURS = {"text 1": FEED_FORWARD, "text 2": ATTENTION}


def parts_of_sequence(ids: Iterable[int], vocabulary: WithSpecialTokens) -> list[str]:
    """What a sequence is made of, in order: "start", "text 1", "delimiter" and so on."""
    parts, texts = [], 0
    inside = False
    for number in ids:
        if number >= vocabulary.start:
            parts.append(SPECIAL_TOKENS[number - vocabulary.start].strip("<>"))
            inside = False
        elif not inside:
            texts += 1
            parts.append(f"text {texts}")
            inside = True
    return parts


def draw_task_inputs(
    tasks: Mapping[str, Sequence[Sequence[int]]], vocabulary: WithSpecialTokens
) -> Figure:
    """Below the name of each task its sequences; where there are two, their states are added.

    In the second of two sequences the texts are swapped, and keep their colours.
    """
    rows = sum(1 + len(sequences) for sequences in tasks.values())
    with drawing(12.6, 1.08 * rows + 0.2, inches=4.8) as ax:
        y = 1.08 * rows - 0.3
        for task, sequences in tasks.items():
            note(ax, Point(0.1, y), task, ha="left", weight="bold", size=9.5)
            y -= 0.98
            top = y
            for number, ids in enumerate(sequences):
                swap = {"text 1": "text 2", "text 2": "text 1"} if number else {}
                x = 0.1
                for part in parts_of_sequence(ids, vocabulary):
                    part = swap.get(part, part)
                    width = _WIDTHS[part]
                    colour = _COLOURS.get(part, EMBEDDING if part == "extract" else NEUTRAL)
                    box(ax, Point(x + width / 2, y), part, colour, width=width, height=0.72, size=8)
                    x += width + 0.06
                arrow(ax, Point(x, y), Point(8.35, y))
                box(ax, Point(9.15, y), "network", width=1.5, height=0.72, size=8)
                if number < len(sequences) - 1:
                    y -= 0.98
            middle = (top + y) / 2
            for place in {top, y}:
                arrow(ax, Point(9.9, place), Point(10.7, middle))
            if len(sequences) > 1:
                note(ax, Point(10.45, middle + 0.42), "+", size=12)
            box(ax, Point(11.55, middle), "linear", OUTPUT, width=1.7, height=0.72, size=8)
            y -= 1.18
    return ax.figure
