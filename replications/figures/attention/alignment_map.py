"""Alignment maps: the attention from the words of a translation to those of its source."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

import matplotlib.pyplot as plt
import torch
from einops import reduce
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor

from replications.decoding.inference import device_of, inference
from replications.decoding.translation import translate
from replications.errors import ReplicationError
from replications.metrics.translation.alignment import Link, word_weights, words_of_tokens
from replications.models.translator import AttentiveTranslator, Translator
from replications.tokens.languages import Languages
from replications.tokens.marked_words import JOINER

# The figures' font has no sign for the JOINER.
_JOINER_DRAWN = "▪"

# An orange that stands out from black, from white and from all between.
_GOLD = "#e69f00"

_WIDTH_INCHES, _DPI, _LETTER_INCHES = 6.0, 160, 0.075
_LARGEST_CELL_INCHES = 0.28


@dataclass(frozen=True)
class Alignment:
    """A sentence, its translation, and the attention of each target word to each source word.

    `sure` and `possible` are gold links (source word, target word), counted from 0.
    """

    weights: Float[Tensor, "target source"]
    source: Sequence[str]
    target: Sequence[str]
    sure: Set[Link] = frozenset()
    possible: Set[Link] = frozenset()
    title: str = ""

    def __post_init__(self) -> None:
        if self.weights.shape != (len(self.target), len(self.source)):
            raise ReplicationError(
                f"Weights of shape {tuple(self.weights.shape)} do not fit {len(self.target)} "
                f"target words and {len(self.source)} source words."
            )


def align(
    model: Translator,
    languages: Languages,
    source: str,
    target: str | None = None,
    *,
    layer: int | None = None,
    head: int | None = None,
    sure: Set[Link] = frozenset(),
    possible: Set[Link] = frozenset(),
    title: str = "",
) -> Alignment:
    """The attention with which a model writes a translation: its own where `target` is None.

    Source: Bahdanau et al. 2014, section 5.2.1. The weights are the mean over heads and layers, or
    of one layer, one head (0 is the first), summed to words by `word_weights`. Words are separated
    by blanks. Unknown words are allowed.

    Raises ReplicationError for a model without attention, a layer or head out of range, and a
    translation without words.
    """
    if not isinstance(model, AttentiveTranslator):
        raise ReplicationError(
            f"{type(model).__name__} has no attention, so there is nothing to draw; choose another "
            "model."
        )
    source = " ".join(source.split())
    if target is None:
        (target,) = translate(model, languages, [source], unknown_allowed=True)
    target = " ".join(target.split())
    if not target:
        raise ReplicationError(f"The model's translation of {source!r} has no words.")
    with inference(model):
        weights = _chosen(_attention(model, languages, source, target), layer, head)
    between = word_weights(
        weights,
        languages.order(words_of_tokens(languages.source, source)),
        words_of_tokens(languages.target, target),
    )
    return Alignment(between.cpu(), source.split(), target.split(), sure, possible, title)


def _attention(
    model: AttentiveTranslator, languages: Languages, source: str, target: str
) -> Float[Tensor, "layer head target source"]:
    ids = (
        languages.encode_source(source, unknown_allowed=True),
        languages.encode_target(target, unknown_allowed=True),
    )
    device = device_of(model)
    return model.attention(*(torch.tensor([each], device=device) for each in ids))[0].float()


def _chosen(
    weights: Float[Tensor, "layer head target source"], layer: int | None, head: int | None
) -> Float[Tensor, "target source"]:
    layers, heads = weights.shape[:2]
    for name, asked, count in (("layer", layer, layers), ("head", head, heads)):
        if asked is not None and not 0 <= asked < count:
            raise ReplicationError(
                f"{name} is {asked}, but the attention to the source has {count}, counted from 0."
            )
    if layer is not None:
        weights = weights[layer : layer + 1]
    if head is not None:
        weights = weights[:, head : head + 1]
    return reduce(weights, "layer head target source -> target source", "mean")


def draw_alignments(*alignments: Alignment) -> Figure:
    """Each sentence as a map: source above, translation at the side, white where all weight is.

    Source: Bahdanau et al. 2014, figure 3. Orange squares are the sure gold links, dashed ones the
    possible ones. Short sentences stand two in a row.

    Raises ReplicationError without a sentence.
    """
    if not alignments:
        raise ReplicationError("There is no alignment to draw. Give at least one.")
    columns = (
        2 if len(alignments) > 1 and all(_full_width(each) <= 3.0 for each in alignments) else 1
    )
    rows = [alignments[start : start + columns] for start in range(0, len(alignments), columns)]
    heights = [max(_height(each, columns) for each in row) for row in rows]
    width = min(_WIDTH_INCHES, columns * max(map(_full_width, alignments)))
    figure, axes = plt.subplots(
        len(rows),
        columns,
        figsize=(width, sum(heights)),
        height_ratios=heights,
        dpi=_DPI,
        layout="constrained",
        squeeze=False,
    )
    for ax in axes.flat[len(alignments) :]:
        ax.axis("off")
    for ax, alignment in zip(axes.flat, alignments, strict=False):
        _draw(ax, alignment)
    plt.close(figure)
    return figure


def _letters(words: Sequence[str]) -> float:
    """The room that the longest of the words needs, in inches."""
    return _LETTER_INCHES * max(map(len, words)) + 0.15


def _full_width(alignment: Alignment) -> float:
    """With the largest cells, and room for the title."""
    words = _letters(alignment.target) + _LARGEST_CELL_INCHES * len(alignment.source)
    return max(words, _letters(alignment.target) + _letters([alignment.title])) + 0.1


def _height(alignment: Alignment, columns: int) -> float:
    across = _WIDTH_INCHES / columns - _letters(alignment.target)
    cell = min(across / len(alignment.source), _LARGEST_CELL_INCHES)
    title = 0.3 if alignment.title else 0.1
    return cell * len(alignment.target) + _letters(alignment.source) + title


def _draw(ax: Axes, alignment: Alignment) -> None:
    ax.imshow(alignment.weights.numpy(), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    ax.xaxis.tick_top()
    labels = {"fontsize": 9}
    ax.set_xticks(range(len(alignment.source)), _drawn(alignment.source), rotation=90, **labels)
    ax.set_yticks(range(len(alignment.target)), _drawn(alignment.target), **labels)
    ax.tick_params(length=0, pad=3)
    for lines, words in ((ax.axvline, alignment.source), (ax.axhline, alignment.target)):
        for place in range(1, len(words)):
            lines(place - 0.5, color="0.25", lw=0.4)
    for style, links in (("--", alignment.possible - alignment.sure), ("-", alignment.sure)):
        for source, target in links:
            square = Rectangle(
                (source - 0.42, target - 0.42), 0.84, 0.84, fill=False, ec=_GOLD, lw=1.4, ls=style
            )
            ax.add_patch(square)
    if alignment.title:
        ax.set_title(alignment.title, fontsize=10, loc="left")


def _drawn(words: Sequence[str]) -> list[str]:
    # A pair of dollars would be read as a formula.
    return [word.replace(JOINER, _JOINER_DRAWN).replace("$", r"\$") for word in words]
