"""The two architectures of Word2Vec as the papers draw them: what predicts what in a window."""

from collections.abc import Mapping, Sequence

import torch
from matplotlib.figure import Figure

from replications.errors import ReplicationError
from replications.figures.diagrams.boxes import arrow, box, drawing
from replications.models.window_predictors import WindowPredictor

_COLUMN, _SIDE = 4.7, 0.9


def draw_window_predictors(
    predictors: Mapping[str, WindowPredictor], words: Sequence[str], centre: int
) -> Figure:
    """Side by side, for one centre word: the input words, their mean, the words predicted.

    Source: Mikolov et al. 2013a, figure 1. The arrows are those of the predictors, found from their
    targets and their predictions for one-hot vectors.

    Raises ReplicationError where the centre is no word of the window.
    """
    if not 0 <= centre < len(words):
        raise ReplicationError(f"The window has {len(words)} words: {centre} is none of them.")
    height = 0.75 * len(words) + 1.0
    with drawing(_COLUMN * len(predictors), height, inches=6.0, tall=0.5 * len(words) + 0.5) as ax:
        for number, (name, predictor) in enumerate(predictors.items()):
            inputs, outputs = _wiring(predictor, len(words), centre)
            left, middle, right = (_COLUMN * number + x for x in (0.85, 2.35, 3.85))
            rows = [height - 1.2 - 0.75 * n for n in range(len(words))]
            box(ax, (middle, rows[centre]), "mean" if len(inputs) > 1 else "vector",
                width=0.9, height=0.6, colour="#fde2b3", size=8)  # fmt: skip
            for row, word in enumerate(words):
                for x, used, colour in ((left, inputs, "#cfe6f5"), (right, outputs, "#d8efdf")):
                    if row in used:
                        box(ax, (x, rows[row]), word, width=1.3, height=0.55, colour=colour, size=8)
                if row in inputs:
                    arrow(ax, (left + 0.65, rows[row]), (middle - 0.45, rows[centre]))
                if row in outputs:
                    arrow(ax, (middle + 0.45, rows[centre]), (right - 0.65, rows[row]))
            ax.text(middle, height - 0.3, name, ha="center", va="center", fontsize=10)
        return ax.figure


def _wiring(predictor: WindowPredictor, words: int, centre: int) -> tuple[set[int], set[int]]:
    """The input words of the centre's prediction, and those that it predicts."""
    ids = torch.arange(words)[None]
    in_window = torch.ones(1, words, words, dtype=torch.bool)
    in_window[0].fill_diagonal_(False)
    found = predictor.predict(torch.eye(words), ids, ids, in_window)
    inputs = found.hidden[0, centre].nonzero()[:, 0]
    outputs = found.targets[0][found.weights[0, centre] > 0]
    return set(inputs.tolist()), set(outputs.tolist())
