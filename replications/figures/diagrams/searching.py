"""The unrolled translator of Bahdanau et al. 2014, as its figure 1, read off the model."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from replications.figures.diagrams.boxes import (
    ATTENTION,
    EMBEDDING,
    FEED_FORWARD,
    OUTPUT,
    Point,
    arrow,
    bent,
    box,
    drawing,
    note,
)
from replications.models.attentive_recurrent import AttentiveRecurrent
from replications.models.source_contexts import CrossAttention, ForwardEncoder

_APART = 2.1
_STATE, _ANNOTATED = 7.6, 3.1


def draw_translator(model: AttentiveRecurrent, weights: Sequence[float]) -> Figure:
    """One step of the decoder: from the source below to the token that it writes, above.

    `weights` are those of the annotations at this step, as many as there are source tokens; the
    thicker an arrow, the greater its weight. A model with a fixed vector has one arrow, from the
    last state of the encoder.
    """
    searches = isinstance(model.context, CrossAttention)
    forward_only = isinstance(model.encoder, ForwardEncoder)
    width = _APART * len(weights) + 2.0
    with drawing(max(width, 10.0), 9.7) as ax:
        xs = [1.6 + _APART * number for number in range(len(weights))]
        for number, x in enumerate(xs):
            note(ax, Point(x, 0.3), f"$x_{number + 1}$", size=11)
            arrow(ax, Point(x, 0.6), Point(x, 1.15))
            _state(ax, Point(x, 1.5), "→")
            if not forward_only:
                _state(ax, Point(x, _ANNOTATED - 0.75), "←")
            if number:
                arrow(ax, Point(xs[number - 1] + 0.55, 1.5), Point(x - 0.55, 1.5))
                if not forward_only:
                    y = _ANNOTATED - 0.75
                    arrow(ax, Point(x - 0.55, y), Point(xs[number - 1] + 0.55, y))
            if searches:
                note(ax, Point(x + 0.62, _ANNOTATED - 0.1), f"$h_{number + 1}$", size=10)
        middle = Point(sum(xs) / len(xs), 5.6)
        box(ax, middle, "context $c_j$" + (" = Σ α h" if searches else ""), ATTENTION, width=3.2)
        for number, (x, weight) in enumerate(zip(xs, weights, strict=True)):
            if not searches and number < len(xs) - 1:
                continue
            start = Point(x, _ANNOTATED - 0.35 if not forward_only else 1.88)
            end = Point(middle.x + (x - middle.x) * 0.25, middle.y - 0.4)
            thick = 0.5 + 3.5 * weight if searches else 1.5
            arrow(ax, start, end, colour="#b07d00", width=thick)
            if searches:
                share = Point(
                    start.x + 0.45 * (end.x - start.x), start.y + 0.45 * (end.y - start.y)
                )
                ax.text(
                    *share,
                    f"{weight:.2f}",
                    fontsize=8.5,
                    ha="center",
                    va="center",
                    bbox={"fc": "white", "ec": "none", "pad": 0.8},
                )
        states = {"$s_{j-1}$": middle.x - 2.9, "$s_j$": middle.x + 0.9}
        for name, x in states.items():
            _state(ax, Point(x, _STATE), name, FEED_FORWARD)
        before, now = states.values()
        arrow(ax, Point(before + 0.55, _STATE), Point(now - 0.55, _STATE))
        arrow(ax, Point(middle.x + 0.5, 6.0), Point(now - 0.1, _STATE - 0.38))
        if searches:
            bent(
                ax,
                Point(before, _STATE - 0.38),
                Point(before, middle.y),
                Point(middle.x - 1.6, middle.y),
                colour="#b07d00",
            )
            note(ax, Point(before - 0.1, 6.6), "query", size=9, ha="right")
        # The token is made of the state before, the context and the token before.
        token = Point(now, 9.0)
        box(ax, token, "token $y_j$", OUTPUT, width=3.0, height=0.7)
        arrow(ax, Point(before + 0.3, _STATE + 0.38), Point(now - 1.5, 8.9))
        side = now + 1.0
        bent(
            ax,
            Point(middle.x + 1.6, middle.y),
            Point(side, middle.y),
            Point(side, token.y - 0.35),
        )
        last = Point(now + 2.6, _STATE)
        box(ax, last, "$y_{j-1}$", EMBEDDING, width=1.2, height=0.7)
        arrow(ax, Point(last.x - 0.6, _STATE), Point(now + 0.55, _STATE))
        arrow(ax, Point(last.x, _STATE + 0.35), Point(token.x + 1.5, token.y - 0.15))
    return ax.figure


def _state(ax: object, centre: Point, text: str, colour: str = "0.94") -> None:
    box(ax, centre, text, colour, width=1.1, height=0.72, size=10)
