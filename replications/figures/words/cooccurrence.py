"""Co-occurrence counts as tables and pictures, and the ratios that vectors are to encode."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
import torch
from IPython.display import Markdown
from jaxtyping import Float, Int64
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from replications.corpora.texts.cooccurrence import Cooccurrences
from replications.figures.markdown import table
from replications.figures.paper_and_ours import axes, finish
from replications.objectives.cooccurrence_regression import count_weight
from replications.records import Number
from replications.tokens.words import Vocabulary

_PIXELS = 150


def draw_count_weights(x_max: Mapping[str, Number], *, exponent: float) -> Figure:
    """The weight of an entry against its count, a line for each name's `x_max`.

    Source: Pennington et al. 2014, equation 9 and figure 1.
    """
    counts = torch.linspace(0, 150, 301)
    looks = zip(sns.color_palette("colorblind"), ("-", "--", ":"), strict=False)
    with axes(height=3.2) as ax:
        for (name, where), (colour, dashes) in zip(x_max.items(), looks, strict=False):
            weights = count_weight(counts, float(where), exponent)
            label = f"{name}: $x_{{max}}$ = {where:g}"
            ax.plot(counts, weights, dashes, color=colour, label=label)
        finish(ax, "count x", "weight f(x)", recorded=True)
    return ax.figure


def count_table(
    cooccurrences: Cooccurrences, vocabulary: Vocabulary, words: Sequence[str]
) -> Markdown:
    """The counts X_ij of some words with each other."""
    rows = [
        (
            f"**{word}**",
            *(
                _count(cooccurrences.between(vocabulary.id(word), vocabulary.id(other)))
                for other in words
            ),
        )
        for word in words
    ]
    return table(("", *words), rows)


def _count(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "·"


def ratio_table(
    rows: Sequence[Mapping[str, float | str]], first: str, second: str, note: str = ""
) -> Markdown:
    """What `probability_ratios` gives, a probe a row: counts, probabilities and their ratio.

    A row may hold the `planted` ratio as well; then all do.
    """
    planted = ("planted ratio",) if rows and "planted" in rows[0] else ()
    header = (
        "probe k",
        f"count with {first}",
        f"with {second}",
        f"P(k given {first})",
        f"P(k given {second})",
        "ratio",
        *planted,
    )
    return table(
        header,
        [
            (
                f"**{row['probe']}**",
                f"{row['first_count']:,.1f}",
                f"{row['second_count']:,.1f}",
                f"{row['first_probability']:.2g}",
                f"{row['second_probability']:.2g}",
                f"{row['ratio']:.2f}",
                *(f"{row['planted']:.2f}" for _ in planted),
            )
            for row in rows
        ],
        note,
    )


def draw_matrix(
    cooccurrences: Cooccurrences, permutation: Int64[Tensor, " word"], block: int
) -> Figure:
    """The matrix's density: by falling frequency, and with its words at `permutation`, in blocks.

    A pixel is the share of entries above zero in a square of some words by some words.
    """
    with sns.axes_style("white"), sns.plotting_context("notebook"):
        figure, panels = plt.subplots(
            1, 2, figsize=(6.4, 3.7), dpi=160, layout="constrained", sharey=True
        )
        in_order = torch.arange(cooccurrences.size)
        for panel, order in zip(panels, (in_order, permutation), strict=True):
            image = panel.imshow(
                share_of_entries(cooccurrences, order, _PIXELS),
                cmap="viridis",
                vmin=0,
                vmax=1,
                extent=(0, cooccurrences.size, cooccurrences.size, 0),
                interpolation="nearest",
            )
            panel.set_xlabel("context word")
            panel.set_xticks([0, cooccurrences.size // 2, cooccurrences.size])
        panels[0].set_ylabel("word")
        panels[0].set_title("frequent words first", fontsize=11)
        panels[1].set_title("words shuffled, blocks drawn in", fontsize=11)
        for edge in range(0, cooccurrences.size, block):
            panels[1].axhline(edge, color="white", linewidth=0.6)
            panels[1].axvline(edge, color="white", linewidth=0.6)
        bar = figure.colorbar(image, ax=panels, location="bottom", shrink=0.6, aspect=30)
        bar.set_label("share of entries above zero")
        plt.close(figure)
    return figure


def share_of_entries(
    cooccurrences: Cooccurrences, permutation: Int64[Tensor, " word"], pixels: int
) -> Float[np.ndarray, "row column"]:
    """The share of entries above zero in each of `pixels` by `pixels` parts of the matrix."""
    pixels = min(pixels, cooccurrences.size)
    rows, columns, _ = cooccurrences.symmetric()
    edges = np.linspace(0, cooccurrences.size, pixels + 1)
    found, _, _ = np.histogram2d(
        permutation[rows].numpy(), permutation[columns].numpy(), bins=[edges, edges]
    )
    # A part that does not end between two words holds a few entries more or less than the others.
    words = np.histogram(np.arange(cooccurrences.size), edges)[0]
    return found / np.outer(words, words)


def draw_scores(truth: Mapping[str, float], scores: Float[Tensor, " probe"]) -> Figure:
    """Log ratios of probes against those of the vectors, and the line of slope 1."""
    x, y = np.array(list(truth.values())), scores.double().numpy()
    with axes() as ax:
        ends = np.array([x.min(), x.max()])
        ax.plot(ends, ends - x.mean() + y.mean(), color="0.6", linewidth=1, label="slope 1")
        ax.plot(x, y, "o", color="#0072b2")
        _name_points(ax, list(truth), x, y)
        ax.margins(0.14)
        ax.set_xlabel("log ratio, nats")
        ax.set_ylabel("difference of words · context, nats")
        ax.legend(loc="upper left", frameon=False)
    return ax.figure


def _name_points(ax: Axes, names: Sequence[str], x: np.ndarray, y: np.ndarray) -> None:
    """Alternately to the left and to the right, so that neighbours on a line have room."""
    for number, place in enumerate(np.argsort(x)):
        right = number % 2 == 1
        ax.annotate(
            names[place],
            (x[place], y[place]),
            xytext=(8 if right else -8, -4 if right else 4),
            textcoords="offset points",
            ha="left" if right else "right",
            va="center",
            fontsize=10,
        )
