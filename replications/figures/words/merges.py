"""How byte-pair encoding builds words: a table of the merges that apply, and trees of them."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import matplotlib.pyplot as plt
import seaborn as sns
from IPython.display import Markdown
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator, StrMethodFormatter

from replications.errors import ReplicationError
from replications.figures.markdown import table
from replications.tokens.bpe import END_OF_WORD, BytePairEncoding
from replications.tokens.marked_words import JOINER, split_words
from replications.tokens.pair_merges import merge_steps

# As in figure 1 of the paper; a "</w>" would be taken for a tag of the page.
_END_SHOWN = "·"

# The figures' font has no sign for the JOINER.
_JOINER_DRAWN = "▪"

# Where characters stand on the axis of merges, which is logarithmic.
_GROUND = 0.5

# A label is so high on that axis: where a symbol is merged again soon, it stands so far below.
_LABEL = 1.6


class Node(NamedTuple):
    """A symbol of a word, the two that it was merged from, and its merge, counted from 1.

    A character has no parts, and merge 0. `x` is the middle of the symbol, in characters.
    """

    symbol: str
    x: float
    merge: int
    parts: tuple["Node", ...]


def merge_table(learned: BytePairEncoding, text: str) -> Markdown:
    """For each word of the text, its symbols before any merge and after each one that applies.

    Merges are numbered from 1 in the order of learning.
    """
    rows = []
    for word in split_words(text):
        steps = list(merge_steps(learned.spell(word), learned.ranks))
        rows.append(("", f"**{word}**", _code(steps[0])))
        for before, after in pairwise(steps):
            pair = _next_merge(learned, before)
            rows.append((f"{learned.ranks[pair] + 1:,}", _code(pair), _code(after)))
    note = f"`{_END_SHOWN}` marks the end of a word."
    return table(("merge", "word or pair", "symbols"), rows, note)


def merge_trees(learned: BytePairEncoding, word: str) -> list[Node]:
    """The final symbols of a marked word, each with the two that it was merged from."""
    steps = list(merge_steps(learned.spell(word), learned.ranks))
    nodes = [Node(symbol, float(x), 0, ()) for x, symbol in enumerate(steps[0])]
    for before, after in pairwise(steps):
        merge = learned.ranks[_next_merge(learned, before)] + 1
        left = iter(nodes)
        nodes = []
        for symbol in after:
            node = next(left)
            if node.symbol != symbol:
                other = next(left)
                node = Node(symbol, (node.x + other.x) / 2, merge, (node, other))
            nodes.append(node)
    return nodes


def draw_merge_trees(learned: BytePairEncoding, text: str) -> Figure:
    """Each word's symbols above the two they were merged from, at the height of their merge.

    Raises ReplicationError for a text without a word.
    """
    words = split_words(text)
    if not words:
        raise ReplicationError("The text to draw has no words. Give at least one.")
    with sns.axes_style("ticks"), sns.plotting_context("notebook"):
        letters = sum(len(learned.spell(word)) + 1 for word in words)
        figure, ax = plt.subplots(
            figsize=(max(4.0, 0.36 * letters), 4.4), dpi=160, layout="constrained"
        )
        start = 0
        for word in words:
            for node in merge_trees(learned, word):
                _draw(ax, node, start, ceiling=math.inf)
            start += len(learned.spell(word)) + 1
        ax.set_yscale("log")
        ax.set_ylim(_GROUND / 1.6, 2 * max(len(learned.merges), 2))
        ax.set_xlim(-0.9, start - 1.1)
        ax.xaxis.set_major_locator(NullLocator())
        ax.set_yticks([10**power for power in range(len(str(len(learned.merges))))])
        ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        ax.yaxis.set_minor_locator(NullLocator())
        ax.set_ylabel("learned as merge number")
        sns.despine(ax=ax, bottom=True)
        plt.close(figure)
    return figure


def _draw(ax: Axes, node: Node, start: int, *, ceiling: float) -> None:
    """A symbol and its parts; `ceiling` is the height of the label above it."""
    across, height = start + node.x, node.merge or _GROUND
    labelled = float(min(height, ceiling / _LABEL) if node.parts else height)
    for part in node.parts:
        foot = start + part.x
        ax.plot(
            [foot, foot, across], [part.merge or _GROUND, height, height], "0.6", lw=1, zorder=1
        )
        _draw(ax, part, start, ceiling=labelled)
    box = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "0.6", "linewidth": 0.7}
    label = _shown(node.symbol).replace(JOINER, _JOINER_DRAWN)
    ax.text(across, labelled, label, ha="center", va="center", fontsize=9, bbox=box, zorder=2)


def _next_merge(learned: BytePairEncoding, symbols: Sequence[str]) -> tuple[str, str]:
    """The first learned of the merges that apply: there is one, as another step follows."""
    return min((pair for pair in pairwise(symbols) if pair in learned.ranks), key=learned.ranks.get)


def _shown(symbols: str) -> str:
    return symbols.replace(END_OF_WORD, _END_SHOWN)


def _code(symbols: Sequence[str]) -> str:
    return f"`{_shown(' '.join(symbols))}`"
