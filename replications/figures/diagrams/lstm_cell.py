"""An LSTM cell, with the gates that the layer has."""

from matplotlib.figure import Figure

from replications.figures.diagrams.boxes import arrow, box, drawing
from replications.layers.recurrent import KernelLSTM
from replications.records import Number

_GATE, _CELL, _CANDIDATE = "#fde2b3", "#cfe6f5", "#d8efdf"


def draw_lstm_cell(layer: KernelLSTM) -> Figure:
    """The path of the cell state c from the last step to this one, and the gates on it.

    Source: the equations of the layer (layers/recurrent.py). Three parts of its matrices are the
    input gate, the output gate and the candidate; only a fourth is a forget gate, and without one
    the cell state is passed on unchanged.
    """
    forgets = len(layer.input.bias) // layer.hidden == 4
    with drawing(10.0, 5.6, inches=6.0, tall=3.5) as ax:
        ax.text(0.45, 4.6, "$c_{t-1}$", ha="center", va="center", fontsize=11)
        ax.text(0.45, 0.9, "$x_t$\n$h_{t-1}$", ha="center", va="center", fontsize=11)
        stops = [0.85]
        if forgets:
            _product(ax, 2.4, 4.6)
            box(ax, (2.4, 2.6), "forget\ngate f", width=1.3, height=0.95, colour=_GATE, size=8.5)
            arrow(ax, (2.4, 3.1), (2.4, 4.32))
            stops += [2.4]
        box(ax, (4.2, 2.6), "input\ngate i", width=1.3, height=0.95, colour=_GATE, size=8.5)
        box(ax, (5.9, 2.6), "candidate\ng", width=1.4, height=0.95, colour=_CANDIDATE, size=8.5)
        _product(ax, 5.05, 3.75)
        arrow(ax, (4.2, 3.1), (4.8, 3.62))
        arrow(ax, (5.9, 3.1), (5.3, 3.62))
        box(ax, (5.05, 4.6), "+", width=0.56, height=0.56, colour="white", size=12)
        arrow(ax, (5.05, 4.03), (5.05, 4.32))
        stops += [5.05]
        box(ax, (7.4, 2.6), "output\ngate o", width=1.3, height=0.95, colour=_GATE, size=8.5)
        for start, end in zip(stops, [*stops[1:], 9.2], strict=True):
            first = start + (0.28 if start > 0.9 else 0)
            arrow(
                ax, (first, 4.6), (end - (0.28 if end < 9 else 0), 4.6), colour="#1f6fa8", width=2.4
            )
        ax.text(9.55, 4.6, "$c_t$", ha="center", va="center", fontsize=11)
        _product(ax, 8.6, 3.5)
        arrow(ax, (8.6, 4.6), (8.6, 3.78))
        ax.text(8.75, 4.2, "squashed", ha="left", va="center", fontsize=8)
        arrow(ax, (7.75, 3.08), (8.32, 3.4))
        arrow(ax, (8.88, 3.5), (9.3, 3.5))
        ax.text(9.6, 3.5, "$h_t$", ha="center", va="center", fontsize=11)
        ax.plot([0.95, 7.4], [0.9, 0.9], color="0.35", lw=1)
        for x in ((2.4,) if forgets else ()) + (4.2, 5.9, 7.4):
            arrow(ax, (x, 0.9), (x, 2.1))
        return ax.figure


def _product(ax: object, x: Number, y: Number) -> None:
    box(ax, (x, y), r"$\times$", width=0.56, height=0.56, colour="white", size=11)
