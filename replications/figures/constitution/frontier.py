"""Harmlessness against helpfulness: each model at each seed, and their means."""

from collections.abc import Iterable, Mapping
from statistics import fmean

import seaborn as sns
from matplotlib.figure import Figure

from replications.figures.paper_and_ours import axes, finish
from replications.figures.tables import current_records
from replications.records import Record

MODELS: Mapping[str, str] = {
    "helpful": "helpful",
    "unrevised": "unrevised",
    "SL-CAI": "sl-cai",
    "RL-CAI": "rl-cai",
    "RL-CAI, close": "rl-cai-close",
    "simulated crowd": "rl-people",
    "simulated crowd, close": "rl-people-close",
}
"""What a point is called, and its recipe."""
_HEIGHT_INCHES = 5.2


def draw_constitution_first() -> Figure:
    """Chapter 13's first picture."""
    return draw_frontier(current_records("constitutional_ai"))


def draw_frontier(records: Iterable[Record], models: Mapping[str, str] = MODELS) -> Figure:
    """A small dot for each seed of a model, and a large one for their mean.

    Both axes are per cent of the test prompts of their kind: up is more harmless, right is more
    helpful. Large marks are hollow, so that those which overlap are all seen.
    """
    found: dict[str, list] = {name: [] for name in models}
    names = {recipe: name for name, recipe in models.items()}
    for record in records:
        if record.recipe in names and not record.failed:
            point = record.metric("helpful"), record.metric("harmless")
            found[names[record.recipe]].append(point)
    colours = sns.color_palette("colorblind", len(models))
    markers = "osDv^<>"
    with axes(height=_HEIGHT_INCHES) as ax:
        for (name, points), colour, marker in zip(found.items(), colours, markers, strict=False):
            if not points:
                continue
            xs, ys = zip(*points, strict=True)
            ax.plot(xs, ys, marker, ms=3, color=colour, alpha=0.5)
            ax.plot(
                fmean(xs), fmean(ys), marker, ms=10, mew=2, mfc="none", color=colour, label=name
            )
        if any(found.values()):
            # Marks at 0 and at 100 % are whole.
            ax.set_xlim(-4, 104)
            ax.set_ylim(0, 105)
        finish(ax, "helpful, %", "harmless, %", recorded=any(found.values()))
    return ax.figure
