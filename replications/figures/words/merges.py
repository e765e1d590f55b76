"""How byte-pair encoding builds words: a table of the merges that apply, and trees of them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import matplotlib.pyplot as plt
import seaborn as sns
from IPython.display import Markdown
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replications.errors import ReplicationError
from replications.figures.markdown import table
from replications.tokens.bpe import END_OF_WORD, BytePairEncoding
from replications.tokens.marked_words import JOINER, split_words
from replications.tokens.pair_merges import merge_steps

# As in figure 1 of the paper; a "</w>" would be taken for a tag of the page.
_END_SHOWN = "·"

# The figures' font has no sign for the JOINER.
_JOINER_DRAWN = "▪"

_INCHES_PER_STEP = 0.55


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
    """Each word's symbols above the two they were merged from, in the order of the merges.

    A box has the symbol and, below it, the number of its merge. Its height is the place of that
    merge among those of the word.

    Raises ReplicationError for a text without a word.
    """
    words = split_words(text)
    if not words:
        raise ReplicationError("The text to draw has no words. Give at least one.")
    trees = {word: merge_trees(learned, word) for word in words}
    places = {word: _places(nodes) for word, nodes in trees.items()}
    highest = max(max(of.values()) for of in places.values())
    with sns.axes_style("white"), sns.plotting_context("notebook"):
        letters = sum(len(learned.spell(word)) + 1 for word in words)
        figure, ax = plt.subplots(
            figsize=(max(4.0, 0.36 * letters), _INCHES_PER_STEP * (highest + 1.2)),
            dpi=160,
            layout="constrained",
        )
        start = 0
        for word in words:
            for node in trees[word]:
                _draw(ax, node, start, places[word])
            start += len(learned.spell(word)) + 1
        ax.set_ylim(-0.6, highest + 0.6)
        ax.set_xlim(-0.9, start - 1.1)
        ax.set_axis_off()
        plt.close(figure)
    return figure


def _places(nodes: Sequence[Node]) -> dict[int, int]:
    """The place of each merge of a word among them, from 1; characters, of merge 0, have 0."""
    merges, left = {0}, list(nodes)
    while left:
        node = left.pop()
        merges.add(node.merge)
        left += node.parts
    return {merge: place for place, merge in enumerate(sorted(merges))}


def _draw(ax: Axes, node: Node, start: int, places: Mapping[int, int]) -> None:
    """A symbol, below it its parts, and the lines that join them."""
    across, height = start + node.x, places[node.merge]
    for part in node.parts:
        foot = start + part.x
        ax.plot([foot, foot, across], [places[part.merge], height, height], "0.6", lw=1, zorder=1)
        _draw(ax, part, start, places)
    box = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "0.6", "linewidth": 0.7}
    label = _shown(node.symbol).replace(JOINER, _JOINER_DRAWN)
    if node.parts:
        label += f"\n{node.merge:,}"
    ax.text(across, height, label, ha="center", va="center", fontsize=9, bbox=box, zorder=2)


def _next_merge(learned: BytePairEncoding, symbols: Sequence[str]) -> tuple[str, str]:
    """The first learned of the merges that apply: there is one, as another step follows."""
    return min((pair for pair in pairwise(symbols) if pair in learned.ranks), key=learned.ranks.get)


def _shown(symbols: str) -> str:
    return symbols.replace(END_OF_WORD, _END_SHOWN)


def _code(symbols: Sequence[str]) -> str:
    return f"`{_shown(' '.join(symbols))}`"
