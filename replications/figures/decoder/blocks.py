"""Blocks of decoders side by side, drawn from their parts; what differs is coloured."""

import functools
from collections.abc import Callable, Mapping
from typing import NamedTuple

import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from replications.layers.feed_forward import GatedFeedForward
from replications.layers.grouped_query import GroupedQueryAttention
from replications.layers.output import untied
from replications.layers.positions import LearnedPositions, NoPositions
from replications.layers.residual import PreNorm

_BOX, _HEIGHT, _STEP = 3.4, 0.72, 1.06
_SAME, _NEW = "0.93", "#fde2b3"


class _Box(NamedTuple):
    part: str
    text: str


def draw_blocks(assemblies: Mapping[str, Callable]) -> Figure:
    """A column for each network, from its tokens at the bottom to the logits at the top.

    The parts are those of the assemblies (models/presets.py). A box that differs from that of the
    column to its left is coloured. Raises ValueError for a network that is not pre-norm.
    """
    columns = {name: _boxes(assembly) for name, assembly in assemblies.items()}
    rows = max(len(boxes) for boxes in columns.values())
    figure, ax = plt.subplots(figsize=(6.0, 0.62 * rows), dpi=160, layout="constrained")
    before: list[_Box] | None = None
    for number, (name, boxes) in enumerate(columns.items()):
        _draw_column(ax, 5.4 * number, name, boxes, before)
        before = boxes
    ax.set_xlim(-_BOX / 2 - 0.9, 5.4 * (len(columns) - 1) + _BOX / 2 + 1.0)
    ax.set_ylim(-0.7, _STEP * rows + 0.4)
    ax.axis("off")
    plt.close(figure)
    return figure


def parts_in_words(assembly: Callable) -> dict[str, str]:
    """The parts of a decoder in words."""
    given = _given(assembly)
    if _function(given["residual"]) is not PreNorm:
        raise ValueError("only pre-norm networks can be drawn")
    return {
        "output": "output, a matrix of its own"
        if _function(given["output"]) is untied
        else "output: the embedding again",
        "norm": _function(given["norm"]).__name__,
        "feed_forward": _feed_forward(given["feed_forward"]),
        "attention": _attention(given["attention"]),
        "positions": _positions(given["positions"]),
    }


def _boxes(assembly: Callable) -> list[_Box]:
    words = parts_in_words(assembly)
    rising = ["embedding", "positions", "norm", "attention", "norm", "feed_forward", "norm"]
    names = {**words, "embedding": "token embedding"}
    return [_Box(part, names[part]) for part in (*rising, "output")]


def _draw_column(
    ax: Axes, x: float, name: str, boxes: list[_Box], before: list[_Box] | None
) -> None:
    for row, box in enumerate(boxes):
        y = _STEP * row
        empty = box.text.startswith("no ")
        changed = before is not None and before[row].text != box.text
        style = {"fc": _NEW if changed else _SAME, "ec": "0.4", "ls": "--" if empty else "-"}
        ax.add_patch(
            FancyBboxPatch(
                (x - _BOX / 2, y),
                _BOX,
                _HEIGHT,
                boxstyle="round,pad=0.02,rounding_size=0.1",
                **style,
            )
        )
        ax.text(x, y + _HEIGHT / 2, box.text, ha="center", va="center", fontsize=7.5)
        if row:
            ax.annotate(
                "",
                (x, y),
                (x, y - _STEP + _HEIGHT),
                arrowprops={"arrowstyle": "->", "color": "0.4", "shrinkA": 0, "shrinkB": 0},
            )
    # Each sub-layer adds to the residual stream beside it.
    for first in (2, 4):
        _residual(ax, x, _STEP * first - 0.22, _STEP * (first + 1) + _HEIGHT + 0.1)
    left, bottom, top = x - _BOX / 2 - 0.25, _STEP * 2 - 0.3, _STEP * 5 + _HEIGHT + 0.24
    ax.add_patch(
        FancyBboxPatch(
            (left, bottom),
            _BOX + 0.95,
            top - bottom,
            boxstyle="round,pad=0,rounding_size=0.15",
            fc="none",
            ec=sns.color_palette("colorblind")[0],
            lw=1.2,
        )
    )
    ax.text(
        left - 0.12, (bottom + top) / 2, "a block", rotation=90, va="center", ha="right", fontsize=8
    )
    ax.text(x, -0.45, name, ha="center", va="center", fontsize=10, weight="bold")


def _residual(ax: Axes, x: float, start: float, end: float) -> None:
    side = x + _BOX / 2 + 0.38
    ax.plot([x, side, side], [start, start, end], color="0.4", lw=1)
    ax.annotate(
        "", (x, end), (side, end), arrowprops={"arrowstyle": "->", "color": "0.4", "shrinkA": 0}
    )
    ax.text(side + 0.06, (start + end) / 2, "+", fontsize=9, va="center")


def _given(assembly: Callable) -> dict[str, object]:
    found: dict[str, object] = {}
    while isinstance(assembly, functools.partial):
        found = {**assembly.keywords, **found}
        assembly = assembly.func
    return found


def _function(part: object) -> Callable:
    return part.func if isinstance(part, functools.partial) else part


def _no_biases(part: object) -> bool:
    linear = _given(part).get("linear")
    return linear is not None and _given(linear).get("bias") is False


def _feed_forward(part: object) -> str:
    words = "SwiGLU" if _function(part) is GatedFeedForward else "feed-forward, GELU"
    return f"{words}, no biases" if _no_biases(part) else f"{words}, biases"


def _attention(part: object) -> str:
    given, kind = _given(part), "multi-head attention"
    if _function(part) is GroupedQueryAttention and given.get("kv_heads"):
        kind = "grouped-query attention"
    turned = "rotary, " if given.get("rotary") else ""
    return f"{kind},\n{turned}{'no biases' if _no_biases(part) else 'biases'}"


def _positions(part: object) -> str:
    known = {NoPositions: "no positions added", LearnedPositions: "+ learned positions"}
    return known.get(_function(part), _function(part).__name__)
