"""The diagrams that the paper is known by: the Evoformer block, the triangles, the frames."""

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replications.figures.diagrams.boxes import Point, arrow, box, drawing, note
from replications.figures.paper_and_ours import axes as book_axes
from replications.models.protein.evoformer import EvoformerBlock

_WORDS = {
    "RowAttention": "row attention\nwith pair bias",
    "ColumnAttention": "column attention",
    "AlignmentTransition": "transition",
    "Transition": "transition",
}
_MSA, _OUTER, _PAIR = "#cfe6f5", "#f5e3b8", "#d8efdf"
_BIAS_COLOUR, _OUTER_COLOUR = "#0072b2", "#b07d00"
# Positions of the two columns, and the height of a row of boxes.
_LEFT, _RIGHT, _ROW = 2.3, 7.7, 1.1


def draw_evoformer(block: EvoformerBlock) -> Figure:
    """The updates of a block, read off the block itself, downwards: MSA left, pairs right.

    Source: Jumper et al. 2021, figure 3a, rotated by a right angle so that it fits on a phone.
    """
    msa = [_name(part) for part in block.msa_updates]
    pair = [_name(part) for part in block.pair_updates]
    rows = len(msa) + (block.outer is not None) + len(pair)
    height = _ROW * rows + 1.7
    with drawing(10, height, inches=4.8) as ax:
        for title, x in (("MSA", _LEFT), ("pairs", _RIGHT)):
            note(ax, Point(x, height - 0.35), title, size=10, weight="bold")
            arrow(ax, Point(x, height - 0.7), Point(x, 0.1), colour="0.5")
        places = [height - 1.35 - _ROW * row for row in range(rows)]
        for y, name in zip(places, msa, strict=False):
            box(ax, (_LEFT, y), name, _MSA, width=4.2, height=0.85)
        if "bias" in msa[0]:
            arrow(ax, Point(_RIGHT, places[0]), Point(_LEFT + 2.1, places[0]), colour=_BIAS_COLOUR)
        if block.outer is not None:
            y = places[len(msa)]
            box(ax, (5, y), "outer product mean", _OUTER, width=4.2, height=0.85)
            arrow(ax, Point(_LEFT, y), Point(2.9, y), colour=_OUTER_COLOUR)
            arrow(ax, Point(7.1, y), Point(_RIGHT, y), colour=_OUTER_COLOUR)
        for y, name in zip(places[rows - len(pair) :], pair, strict=True):
            box(ax, (_RIGHT, y), name, _PAIR, width=4.2, height=0.85)
        return ax.figure


def draw_triangles() -> Figure:
    """Which two edges each triangle operation reads to update the edge from i to j."""
    operations = {
        "multiplication,\noutgoing edges": (("i", "k"), ("j", "k")),
        "multiplication,\nincoming edges": (("k", "i"), ("k", "j")),
        "attention around\nthe starting node": (("i", "k"), ("j", "k")),
        "attention around\nthe ending node": (("k", "j"), ("k", "i")),
    }
    corners = {"i": np.array([0.0, 0]), "j": np.array([1.0, 0]), "k": np.array([0.5, 0.9])}
    figure, axes = plt.subplots(2, 2, figsize=(4.8, 4.6), dpi=160, layout="constrained")
    for axis, (name, edges) in zip(axes.flat, operations.items(), strict=True):
        _edge(axis, corners, ("i", "j"), "#d55e00", 3)
        for number, edge in enumerate(edges):
            # In attention the second edge is the bias.
            style = "--" if "attention" in name and number else "-"
            _edge(axis, corners, edge, "#0072b2", 2, style)
        for corner, (x, y) in corners.items():
            axis.text(
                x,
                y,
                corner,
                ha="center",
                va="center",
                weight="bold",
                bbox={"boxstyle": "circle", "fc": "white", "ec": "0.4"},
            )
        axis.set_title(name, fontsize=9)
        axis.set_xlim(-0.25, 1.25)
        axis.set_ylim(-0.25, 1.15)
        axis.set_aspect("equal")
        axis.axis("off")
    # A cell shows the figure once.
    plt.close(figure)
    return figure


def draw_frames(
    points: Float[np.ndarray, "residue 3"], rotations: Float[np.ndarray, "residue 3 3"]
) -> Figure:
    """A few residues' frames: each alpha carbon with its three axes, seen where they spread most.

    `points` in angstrom. Lengths in the picture are those of the projection.
    """
    centred = points - points.mean(0)
    # Rows of the last factor are the directions of the points, the widest first.
    seen_from = np.linalg.svd(centred)[2]
    chain, turned = centred @ seen_from.T, seen_from @ rotations
    with book_axes(height=3.6) as axis:
        axis.plot(chain[:, 0], chain[:, 1], color="0.7", lw=3, zorder=1)
        for colour, column, name in (("#d55e00", 0, "x"), ("#009e73", 1, "y"), ("#0072b2", 2, "z")):
            arrows = 1.6 * turned[:, :, column]
            axis.quiver(
                chain[:, 0],
                chain[:, 1],
                arrows[:, 0],
                arrows[:, 1],
                color=colour,
                angles="xy",
                scale_units="xy",
                scale=1,
                width=0.006,
                label=f"{name} axis",
                zorder=2,
            )
        axis.scatter(chain[:, 0], chain[:, 1], color="0.3", s=22, zorder=3)
        # Arrows do not count for the limits, and those at the ends would be cut.
        axis.margins(0.12, 0.25)
        axis.set_aspect("equal", adjustable="datalim")
        axis.set_xlabel("Å")
        axis.set_ylabel("Å")
        axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=3, frameon=False)
        return axis.figure


def _name(part: object) -> str:
    kind = type(part).__name__
    if kind == "RowAttention" and part.bias is None:
        return "row attention"
    if kind == "TriangleMultiplication":
        return "triangle multiplication,\n" + (
            "incoming edges" if part.incoming else "outgoing edges"
        )
    if kind == "TriangleAttention":
        head = "triangle attention,\n" if part.bias is not None else "axial attention,\n"
        return head + ("ending node" if part.ending else "starting node")
    return _WORDS[kind]


def _edge(
    axis: Axes,
    corners: dict[str, np.ndarray],
    edge: tuple[str, str],
    colour: str,
    width: int,
    style: str = "-",
) -> None:
    start, end = (corners[name] for name in edge)
    along = end - start
    axis.annotate(
        "",
        start + 0.84 * along,
        start + 0.16 * along,
        arrowprops={"arrowstyle": "-|>", "color": colour, "lw": width, "ls": style},
    )
