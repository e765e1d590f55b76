"""An encoder and a decoder, unrolled over the tokens that they read and write."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from replications.figures.diagrams.boxes import arrow, box, drawing
from replications.models.sequence_to_sequence import SequenceToSequence

_STEP, _LEVEL = 1.3, 1.05
_ENCODER, _DECODER = "#cfe6f5", "#d8efdf"


def draw_unrolled(
    model: SequenceToSequence, source: Sequence[str], target: Sequence[str]
) -> Figure:
    """A column a step, a box for each layer; the thick arrows hand over the last states.

    Source: Sutskever et al. 2014, figure 1. The layers are the model's own. `source` stands in the
    order in which it is read; `target` is what the decoder reads, its start token first, and above
    stands what it is to write.
    """
    levels = len(model.encoder.layers)
    columns = len(source) + len(target)
    width, height = _STEP * columns + 0.2, _LEVEL * levels + 2.2
    with drawing(width, height, inches=6.0, tall=0.55 * levels + 1.4) as ax:
        places = [_STEP * (n + 0.5) + 0.1 for n in range(columns)]
        for n, (x, token) in enumerate(zip(places, [*source, *target], strict=True)):
            reads = n < len(source)
            ax.text(x, 0.35, token, ha="center", va="center", fontsize=8.5)
            arrow(ax, (x, 0.6), (x, 0.9))
            for level in range(levels):
                y = 1.2 + _LEVEL * level
                box(ax, (x, y), "LSTM", width=0.9, height=0.6, size=7.5,
                    colour=_ENCODER if reads else _DECODER)  # fmt: skip
                if level:
                    arrow(ax, (x, y - 0.75), (x, y - 0.3))
                if n + 1 < columns:
                    over = n == len(source) - 1
                    colour, width = ("#b35900", 2.6) if over else ("0.35", 1.0)
                    next_one = (places[n + 1] - 0.45, y)
                    arrow(ax, (x + 0.45, y), next_one, colour=colour, width=width)
            if not reads:
                top = 1.2 + _LEVEL * (levels - 1)
                arrow(ax, (x, top + 0.3), (x, top + 0.62))
                written = [*target[1:], "END"][n - len(source)]
                ax.text(x, top + 0.85, written, ha="center", va="center", fontsize=8.5)
        return ax.figure
