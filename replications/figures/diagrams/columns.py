"""Stacks of blocks, as in the papers' first figures: the Transformer, GPT-1, pre- and post-norm."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import nn

from replications.figures.diagrams.boxes import (
    ATTENTION,
    EMBEDDING,
    FEED_FORWARD,
    NORM,
    OUTPUT,
    Point,
    arrow,
    bent,
    box,
    drawing,
    frame,
    note,
)
from replications.models.decoder_only import DecoderOnly
from replications.models.transformer import Transformer
from replications.records import Number

_STEP = 1.1
_LOWEST = 2.25
"""Where the first sub-layer of a column begins: above the embedding."""
_WIDTH = 3.5
_ADDED = {"Sinusoidal": "+ sinusoids", "LearnedPositions": "+ learned positions"}


class _SubLayer(NamedTuple):
    """A sub-layer in words, and the residual block around it; `source`, of cross-attention."""

    text: str
    colour: str
    residual: nn.Module
    source: bool = False


def draw_transformer(model: Transformer) -> Figure:
    """Encoder and decoder, read off the model: as figure 1 of Vaswani et al. 2017."""
    heads, positions = model.encoder[0].attention.heads, type(model.positions).__name__
    encoder, decoder = model.encoder[0], model.decoder[0]
    left = [
        _SubLayer(f"self-attention\n{heads} heads", ATTENTION, encoder.attention_residual),
        _SubLayer(_feed_forward(encoder), FEED_FORWARD, encoder.feed_forward_residual),
    ]
    right = [
        _SubLayer(
            f"causal self-attention\n{heads} heads", ATTENTION, decoder.self_attention_residual
        ),
        _SubLayer(
            f"cross-attention\n{heads} heads", ATTENTION, decoder.cross_attention_residual, True
        ),
        _SubLayer(_feed_forward(decoder), FEED_FORWARD, decoder.feed_forward_residual),
    ]
    shared = model.output.weight is model.embedding.weight
    added = _ADDED.get(positions, "no positions")
    norm = not isinstance(model.encoder_final_norm, nn.Identity)
    with drawing(12.2, _top(right) + (1.1 if norm else 0.55) + 2.1) as ax:
        tops = []
        for x, sublayers, layers, below in (
            (2.9, left, len(model.encoder), "source tokens"),
            (9.2, right, len(model.decoder), "target tokens so far"),
        ):
            tops.append(_column(ax, x, sublayers, layers, below, added))
        encoded = _closed(ax, tops[0], norm)
        top = _closed(ax, tops[1], norm)
        words = "output\ntied weights" if shared else "output\na matrix of its own"
        box(ax, Point(top.x, top.y + 0.75), words, OUTPUT, width=_WIDTH)
        arrow(ax, top, Point(top.x, top.y + 0.35))
        arrow(ax, Point(top.x, top.y + 1.15), Point(top.x, top.y + 1.6))
        note(ax, Point(top.x, top.y + 1.85), "softmax: the next token")
        # The encoder's last states are the keys and values of each decoder layer.
        turn = Point(encoded.x, encoded.y + 0.5)
        cross = _heights(right)[0][1]
        bent(
            ax,
            encoded,
            turn,
            Point(6.05, turn.y),
            Point(6.05, cross),
            Point(9.2 - _WIDTH / 2, cross),
            colour="#b07d00",
        )
        note(ax, Point(4.6, turn.y + 0.3), "keys, values", size=8.5)
    return ax.figure


def draw_decoder(model: DecoderOnly) -> Figure:
    """One stack that predicts the next token, read off the model: figure 1 (left) of GPT-1."""
    block = model.stack.blocks[0]
    sublayers = [
        _SubLayer(
            f"causal self-attention\n{block.attention.heads} heads",
            ATTENTION,
            block.attention_residual,
        ),
        _SubLayer(_feed_forward(block), FEED_FORWARD, block.feed_forward_residual),
    ]
    added = _ADDED.get(type(model.positions).__name__, "no positions")
    with drawing(10.4, _top(sublayers) + 1.95) as ax:
        top = _column(ax, 4.4, sublayers, len(model.stack.blocks), "tokens so far", added)
        top = _closed(ax, top, not isinstance(model.stack.final_norm, nn.Identity))
        for x, text in ((top.x, "text prediction"), (top.x + 3.9, "task classifier")):
            box(ax, Point(x, top.y + 0.85), text, OUTPUT, width=_WIDTH)
        arrow(ax, top, Point(top.x, top.y + 0.45))
        bent(
            ax,
            Point(top.x, top.y + 0.2),
            Point(top.x + 3.9, top.y + 0.2),
            Point(top.x + 3.9, top.y + 0.45),
        )
    return ax.figure


def draw_residual_orders(kinds: Sequence[Callable[..., nn.Module]]) -> Figure:
    """A sub-layer in each kind of residual block, as the block runs it: post-norm and pre-norm."""
    with drawing(5.3 * len(kinds), 5.2) as ax:
        for number, kind in enumerate(kinds):
            x = 5.3 * number + 2.3
            residual = kind(4, 0.0)
            arrow(ax, Point(x, 0.3), Point(x, 0.95))
            sublayer = _SubLayer("sub-layer", ATTENTION, residual)
            top = _sublayer(ax, Point(x, 1.0), sublayer)
            arrow(ax, Point(x, top), Point(x, top + 0.6))
            note(ax, Point(x, top + 0.85), kind.__name__, weight="bold")
    return ax.figure


def order_of(residual: nn.Module) -> list[str]:
    """ "norm", "sub-layer", "add" in the order in which a residual block does them."""
    done: list[str] = []

    def sublayer(x: torch.Tensor) -> torch.Tensor:
        done.append("sub-layer")
        return x

    hook = residual.norm.register_forward_hook(lambda *_: done.append("norm"))
    width = residual.norm.weight.shape[0]
    with torch.no_grad():
        residual(torch.zeros(1, 1, width, device=residual.norm.weight.device), sublayer)
    hook.remove()
    # The sum is the first thing after the sub-layer.
    after = done.index("sub-layer") + 1
    return [*done[:after], "add", *done[after:]]


def _column(
    ax: Axes, x: Number, sublayers: Sequence[_SubLayer], layers: int, below: str, added: str
) -> Point:
    note(ax, Point(x, 0.3), below)
    arrow(ax, Point(x, 0.55), Point(x, 0.8))
    box(ax, Point(x, 1.2), f"embedding\n{added}", EMBEDDING, width=_WIDTH, height=0.85)
    y = _LOWEST
    arrow(ax, Point(x, 1.62), Point(x, y))
    for sublayer in sublayers:
        y = _sublayer(ax, Point(x, y), sublayer)
    frame(ax, Point(x - 2.45, 1.95), Point(x + 1.95, y + 0.12), f"{layers} ×")
    return Point(x, y)


def _heights(sublayers: Sequence[_SubLayer]) -> tuple[list[float], float]:
    """The middle of each sub-layer's own box in a column, and the column's upper end."""
    found, y = [], _LOWEST
    for sublayer in sublayers:
        for step in order_of(sublayer.residual):
            if step == "sub-layer":
                found.append(y + _STEP / 2)
            y += _STEP if step == "sub-layer" else _STEP / 2
    return found, y


def _top(sublayers: Sequence[_SubLayer]) -> float:
    return _heights(sublayers)[1]


def _sublayer(ax: Axes, low: Point, sublayer: _SubLayer) -> float:
    """Boxes from `low` on, and the residual connection around them; gives the upper end."""
    y, x = low.y, low.x
    skip = y + 0.02
    for step in order_of(sublayer.residual):
        if step == "sub-layer":
            box(
                ax,
                Point(x, y + _STEP / 2),
                sublayer.text,
                sublayer.colour,
                width=_WIDTH,
                height=0.82,
                size=8.2,
            )
            y += _STEP
        elif step == "norm":
            box(ax, Point(x, y + 0.25), "norm", NORM, width=_WIDTH, height=0.36)
            y += _STEP / 2
        else:
            box(ax, Point(x, y + 0.25), "add", "white", width=1.0, height=0.36)
            side = x - _WIDTH / 2 - 0.35
            bent(
                ax,
                Point(x, skip),
                Point(side, skip),
                Point(side, y + 0.25),
                Point(x - 0.5, y + 0.25),
            )
            y += _STEP / 2
    ax.plot([x, x], [low.y, y], color="0.25", lw=1.0, zorder=1)
    return y


def _closed(ax: Axes, top: Point, norm: bool) -> Point:
    """The norm that closes a stack, where there is one."""
    above = Point(top.x, top.y + 0.55)
    if not norm:
        ax.plot([top.x, top.x], [top.y, above.y], color="0.25", lw=1.0, zorder=1)
        return above
    box(ax, Point(top.x, top.y + 0.75), "norm", NORM, width=_WIDTH, height=0.36)
    ax.plot([top.x, top.x], [top.y, top.y + 1.1], color="0.25", lw=1.0, zorder=1)
    return Point(top.x, top.y + 1.1)


def _feed_forward(layer: nn.Module) -> str:
    return f"feed-forward\n{layer.feed_forward.inner.out_features:,} wide"
