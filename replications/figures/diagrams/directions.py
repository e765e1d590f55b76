"""Uni- and bidirectional context side by side: ELMo, GPT and BERT."""

from collections.abc import Mapping

import seaborn as sns
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replications.figures.diagrams.boxes import arrow, box, drawing
from replications.layers.masks import AttentionMask
from replications.records import Number

_TOKENS, _LAYERS = 4, 2
_COLUMN, _STEP, _LEVEL = 4.6, 0.95, 1.25


def draw_directions(
    masks: Mapping[str, AttentionMask], *, two_networks: str | None = None
) -> Figure:
    """A panel for each network: its tokens below, two layers above, an arrow for each that a state
    is computed from.

    Source: Devlin et al. 2019, figure 3. The arrows are those that the mask of each network allows.
    `two_networks` is the title of one more panel, to the left: recurrent networks of either
    direction that meet above the last layer alone, as in ELMo (Peters et al. 2018).
    """
    names = [*([two_networks] if two_networks else []), *masks]
    height = _height(_LAYERS) + 1.35
    with drawing(_COLUMN * len(names), height, inches=6.0, tall=2.7) as ax:
        for column, name in enumerate(names):
            left = _COLUMN * column + (_COLUMN - _STEP * (_TOKENS - 1)) / 2
            ax.text(_COLUMN * (column + 0.5), height - 0.3, name, ha="center", fontsize=10)
            if name in masks:
                _attention(ax, left, masks[name])
            else:
                _recurrence(ax, left)
        return ax.figure


def attended_pairs(mask: AttentionMask, layer: int, length: int = _TOKENS) -> list[tuple[int, int]]:
    """The pairs (from, to) of positions that a layer's mask lets through."""
    positions = torch.arange(length)
    seen = mask(layer, positions, positions)
    if seen is None:
        seen = torch.ones(length, length, dtype=torch.bool)
    return [(source, target) for target, source in seen.nonzero().tolist()]


def _attention(ax: Axes, left: Number, mask: AttentionMask) -> None:
    colour = sns.color_palette("colorblind")[0]
    for layer in range(_LAYERS):
        for source, target in attended_pairs(mask, layer):
            start = (left + _STEP * source, _height(layer) + 0.26)
            arrow(ax, start, (left + _STEP * target, _height(layer + 1) - 0.26), colour=colour)
    for layer in range(_LAYERS + 1):
        for token in range(_TOKENS):
            words = f"$x_{token + 1}$" if not layer else ""
            box(ax, (left + _STEP * token, _height(layer)), words, width=0.62, height=0.5)


def _recurrence(ax: Axes, left: Number) -> None:
    """Two stacks of recurrent layers, one from either end; both states are concatenated."""
    forward, backward = sns.color_palette("colorblind")[1:3]
    for token in range(_TOKENS):
        x = left + _STEP * token
        box(ax, (x, _height(0)), f"$x_{token + 1}$", width=0.62, height=0.5)
        for shift, colour, on in ((-0.2, forward, 1), (0.2, backward, -1)):
            for layer in range(1, _LAYERS + 1):
                top = _height(layer) - 0.26
                arrow(ax, (x + shift, _height(layer - 1) + 0.26), (x + shift, top), colour=colour)
                box(ax, (x + shift, _height(layer)), "", width=0.34, height=0.5, colour=colour)
                if 0 <= token + on < _TOKENS:
                    # Behind the boxes in between, from one state to the next of its direction.
                    level = _height(layer) + (0.12 if on > 0 else -0.12)
                    start = (x + shift + 0.17 * on, level)
                    arrow(ax, start, (x + _STEP * on + shift - 0.17 * on, level), colour=colour)
    ax.text(
        left + _STEP * (_TOKENS - 1) / 2,
        _height(_LAYERS) + 0.45,
        "concatenated at the end",
        ha="center",
        fontsize=7.5,
    )


def _height(layer: int) -> float:
    return 0.4 + _LEVEL * layer
