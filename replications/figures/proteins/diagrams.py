"""The diagrams that the paper is known by: the Evoformer block, the triangles, the frames."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replications.figures.diagrams.boxes import box
from replications.models.protein.evoformer import EvoformerBlock

_WORDS = {
    "RowAttention": "row attention\n+ pair bias",
    "ColumnAttention": "column\nattention",
    "AlignmentTransition": "transition",
    "Transition": "transition",
}


def draw_evoformer(block: EvoformerBlock) -> Figure:
    """The updates of a block, read off the block itself: MSA above, pairs below."""
    msa = [_name(part) for part in block.msa_updates]
    pair = [_name(part) for part in block.pair_updates]
    steps = len(msa) + len(pair) + 2
    figure, axis = plt.subplots(figsize=(10, 3.2))
    tops = {"MSA": 2.0, "pairs": 0.4}
    for name, y in tops.items():
        axis.annotate(
            "", (steps + 0.4, y), (-0.6, y), arrowprops={"arrowstyle": "->", "color": "0.5"}
        )
        axis.text(-0.7, y, name, ha="right", va="center", weight="bold")
    for number, name in enumerate(msa):
        box(axis, (number + 0.5, tops["MSA"]), name, "#cfe6f5", width=0.86, height=0.72, size=7.5)
    if "bias" in msa[0]:
        axis.annotate(
            "", (0.5, 1.62), (0.0, 0.45), arrowprops={"arrowstyle": "->", "color": "#0072b2"}
        )
    place = len(msa) + 0.5
    if block.outer is not None:
        box(axis, (place, 1.2), "outer product\nmean", "#f5e3b8", width=0.86, height=0.72, size=7.5)
        for start, end in (((place, 1.95), (place, 1.58)), ((place, 0.82), (place, 0.45))):
            axis.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": "#b07d00"})
    for number, name in enumerate(pair):
        box(
            axis,
            (len(msa) + 1.5 + number, tops["pairs"]),
            name,
            "#d8efdf",
            width=0.86,
            height=0.72,
            size=7.5,
        )
    axis.set_xlim(-1.6, steps + 0.6)
    axis.set_ylim(-0.2, 2.6)
    axis.axis("off")
    return figure


def draw_triangles() -> Figure:
    """Which two edges each triangle operation reads to update the edge from i to j."""
    operations = {
        "multiplication,\noutgoing edges": (("i", "k"), ("j", "k")),
        "multiplication,\nincoming edges": (("k", "i"), ("k", "j")),
        "attention around\nthe starting node": (("i", "k"), ("j", "k")),
        "attention around\nthe ending node": (("k", "j"), ("k", "i")),
    }
    corners = {"i": np.array([0.0, 0]), "j": np.array([1.0, 0]), "k": np.array([0.5, 0.9])}
    figure, axes = plt.subplots(1, 4, figsize=(10, 2.7))
    for axis, (name, edges) in zip(axes, operations.items(), strict=True):
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
    return figure


def draw_frames(points: np.ndarray, rotations: np.ndarray) -> Figure:
    """A few residues' frames: each alpha carbon with its three axes, seen from the front."""
    figure, axis = plt.subplots(figsize=(6, 3.4))
    axis.plot(points[:, 0], points[:, 1], color="0.7", lw=3, zorder=0)
    for colour, column, name in (("#d55e00", 0, "x"), ("#009e73", 1, "y"), ("#0072b2", 2, "z")):
        arrows = 1.6 * rotations[:, :, column]
        axis.quiver(
            points[:, 0],
            points[:, 1],
            arrows[:, 0],
            arrows[:, 1],
            color=colour,
            angles="xy",
            scale_units="xy",
            scale=1,
            width=0.006,
            label=name,
        )
    axis.scatter(points[:, 0], points[:, 1], color="0.3", s=18)
    axis.set_aspect("equal")
    axis.set_xlabel("Å")
    axis.set_ylabel("Å")
    axis.legend(title="axis", frameon=False)
    return figure


def _name(part: object) -> str:
    kind = type(part).__name__
    if kind == "RowAttention" and part.bias is None:
        return "row\nattention"
    if kind == "TriangleMultiplication":
        return "triangle ×\n" + ("incoming" if part.incoming else "outgoing")
    if kind == "TriangleAttention":
        head = "triangle att.\n" if part.bias is not None else "axial att.\n"
        return head + ("ending" if part.ending else "starting")
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
