"""BERT's input at each position: the sum of three embeddings, with the ids of a sequence."""

from collections.abc import Sequence

import seaborn as sns
from matplotlib.figure import Figure
from torch import nn

from replications.errors import ReplicationError
from replications.figures.diagrams.boxes import box, drawing

_CELL, _LEVEL = 1.0, 0.82


def draw_input_sum(
    model: nn.Module, tokens: Sequence[str], segments: Sequence[int], *, start: int = 0
) -> Figure:
    """A column for each position of a sequence, a row for each embedding that the model adds.

    Source: Devlin et al. 2019, figure 2. The first token stands at position `start`. The rows are
    the model's own: its `embedding`, its `segments` and its `positions` (models/encoder_only.py).
    One that it lacks is left out, so that a decoder has two rows. Raises ReplicationError
    where tokens and segments do not fit.
    """
    if len(tokens) != len(segments):
        raise ReplicationError(
            f"{len(tokens)} tokens have {len(segments)} segments: give each token its segment."
        )
    rows: dict[str, list[str]] = {"token": [f"$E_{{{token}}}$" for token in map(_plain, tokens)]}
    if hasattr(model, "segments"):
        rows["segment"] = [f"$S_{'AB'[segment]}$" for segment in segments]
    if hasattr(model, "positions"):
        rows["position"] = [f"$P_{{{start + number}}}$" for number in range(len(tokens))]
    pale = [(*colour, 0.3) for colour in sns.color_palette("colorblind", 4)]
    # A sheet of so many columns shrinks the letters: few tokens are easier to read.
    size = 9.0 if len(tokens) <= 8 else 7.0
    width, height = 1.9 + _CELL * len(tokens), _LEVEL * (len(rows) + 1) + 0.3
    with drawing(width, height, inches=6.0, tall=0.62 * (len(rows) + 1) + 0.2) as ax:
        for level, (name, cells) in enumerate(reversed([("", tokens), *rows.items()])):
            y = 0.45 + _LEVEL * level
            ax.text(1.75, y, f"{name} embedding" if name else "input", ha="right", va="center",
                    fontsize=8)  # fmt: skip
            for column, words in enumerate(cells):
                x = 1.9 + _CELL * (column + 0.5)
                fill = pale[level] if name else "white"
                box(ax, (x, y), words, width=0.9, height=0.5, colour=fill, size=size)
                if name and level < len(rows) - 1:
                    ax.text(x, y + _LEVEL / 2, "+", ha="center", va="center", fontsize=9)
        return ax.figure


def _plain(token: str) -> str:
    """A token within a formula, where brackets and marks have a meaning."""
    shown = "".join(c for c in token if c.isalnum() or c in ".,;:!?")
    return rf"\mathrm{{{shown}}}"
