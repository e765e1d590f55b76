"""A Huffman tree over words: the paths of hierarchical softmax."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from replications.figures.diagrams.boxes import arrow, box, drawing
from replications.objectives.hierarchical_softmax import huffman_paths
from replications.records import Number

_LEVEL = 1.0


def draw_huffman_tree(words: Sequence[str], occurrences: Sequence[int], highlighted: str) -> Figure:
    """The tree with the words at its leaves, and the path to the `highlighted` one in colour.

    Source: Mikolov et al. 2013b, section 2.1. The paths are those of the output layer; a step to
    the left is a positive decision.
    """
    path, left, on_path = huffman_paths(tuple(occurrences))
    codes = {
        word: "".join("L" if side else "R" for side in left[n][on_path[n]].tolist())
        for n, word in enumerate(words)
    }
    # From left to right: L sorts before R.
    order = sorted(codes, key=codes.__getitem__)
    place = {codes[word]: float(n) for n, word in enumerate(order)}
    depth = max(map(len, codes.values()))
    inner = sorted({code[:n] for code in codes.values() for n in range(len(code))}, key=len)
    for code in reversed(inner):
        place[code] = (place[code + "L"] + place[code + "R"]) / 2
    height = _LEVEL * depth + 1.6
    with drawing(len(words) + 0.2, height, inches=6.0, tall=0.62 * depth + 0.9) as ax:

        def at(code: str) -> tuple[Number, Number]:
            return place[code] + 0.6, height - 0.5 - _LEVEL * len(code)

        for code in place:
            if code:
                (x, y), (below, under) = at(code[:-1]), at(code)
                own = codes[highlighted].startswith(code)
                colour, width = ("#b35900", 2.2) if own else ("0.35", 0.9)
                arrow(ax, (x, y - 0.2), (below, under + 0.2), colour=colour, width=width)
        for code in inner:
            own = codes[highlighted].startswith(code)
            box(ax, at(code), "", width=0.34, height=0.34, colour="#fde2b3" if own else "0.93")
        for n, word in enumerate(words):
            x, y = at(codes[word])
            fill = "#fde2b3" if word == highlighted else "#cfe6f5"
            box(ax, (x, y - 0.1), word, width=0.92, height=0.5, colour=fill, size=8)
            ax.text(x, y - 0.52, f"{occurrences[n]:,}", ha="center", va="top", fontsize=7)
        return ax.figure
