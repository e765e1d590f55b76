"""Maps of pairs of residues: contacts, true and predicted, and distograms."""

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Bool, Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure


def draw_contact_maps(
    contacts: Bool[np.ndarray, "residue residue"],
    scores: dict[str, Float[np.ndarray, "residue residue"]],
    *,
    separation: int = 6,
) -> Figure:
    """A square a method: true contacts above the diagonal, its best L/2 pairs below.

    A filled dot is a contact, a cross none.
    """
    length = len(contacts)
    figure, axes = plt.subplots(
        1,
        len(scores),
        figsize=(2.05 * len(scores), 2.75),
        dpi=160,
        layout="constrained",
        squeeze=False,
        sharey=True,
    )
    i, j = np.triu_indices(length, separation)
    for axis, (name, score) in zip(axes[0], scores.items(), strict=True):
        there = contacts[i, j]
        axis.scatter(j[there], i[there], s=6, color="0.6", marker="s", label="contact")
        best = np.argsort(-score[i, j], kind="stable")[: length // 2]
        right = contacts[i[best], j[best]]
        axis.scatter(
            i[best][right], j[best][right], s=8, color="#0072b2", label="predicted, a contact"
        )
        axis.scatter(
            i[best][~right],
            j[best][~right],
            s=11,
            lw=1.1,
            color="#d55e00",
            marker="x",
            label="predicted, no contact",
        )
        _square(axis, length, f"{name}: {100 * right.mean():.0f} %")
    axes[0][0].set_ylabel("residue")
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(
        handles,
        labels,
        loc="outside lower center",
        ncols=3,
        frameon=False,
        fontsize=8.5,
        handletextpad=0.2,
        columnspacing=1,
    )
    # A cell shows the figure once.
    plt.close(figure)
    return figure


def draw_distogram(
    probabilities: Float[np.ndarray, "residue residue bin"],
    distances: Float[np.ndarray, "residue residue"],
    edges: tuple[int, ...],
    pairs: tuple[tuple[int, int], ...],
) -> Figure:
    """The distributions of some pairs, each with its true distance as a line."""
    figure, axes = plt.subplots(
        1, len(pairs), figsize=(2.05 * len(pairs), 2.2), dpi=160, layout="constrained", sharey=True
    )
    bounds = np.array([2.0, *edges, 24.0])
    for axis, (i, j) in zip(np.atleast_1d(axes), pairs, strict=True):
        axis.bar(bounds[:-1], probabilities[i, j], np.diff(bounds), align="edge", color="#56b4e9")
        axis.axvline(min(float(distances[i, j]), 23.5), color="#d55e00", lw=2)
        axis.set_title(f"residues {i + 1} and {j + 1}", fontsize=9)
        axis.set_xlabel("distance, Å")
    np.atleast_1d(axes)[0].set_ylabel("probability")
    plt.close(figure)
    return figure


def _square(axis: Axes, length: int, title: str) -> None:
    axis.plot([0, length - 1], [0, length - 1], color="0.8", lw=0.8)
    axis.set_xlim(-1, length)
    axis.set_ylim(length, -1)
    axis.set_aspect("equal")
    axis.set_title(title, fontsize=9)
    axis.set_xlabel("residue")
