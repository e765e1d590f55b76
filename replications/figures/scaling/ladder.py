"""The ladder from Kaplan's exponent to Chinchilla's: one choice changed at each step."""

from collections.abc import Mapping, Sequence

import seaborn as sns
from matplotlib.figure import Figure

from replications.figures.paper_and_ours import axes, finish

Rungs = Mapping[str, tuple[float, float, float] | None]
"""By step the exponent and the ends of its interval; None where there is none yet."""


def draw_exponent_ladder(
    ladders: Mapping[str, Rungs],
    *,
    paper: Mapping[str, Mapping[str, float]] | None = None,
    marks: Mapping[str, float] | None = None,
) -> Figure:
    """A row for each step, from above; in it a point with its interval for each ladder.

    `paper` are exponents as printed, `marks` are vertical lines such as the laws of both papers.
    Source: Porian et al. 2024, figure 1.
    """
    paper, marks = paper or {}, marks or {}
    steps = list(dict.fromkeys(step for rungs in ladders.values() for step in rungs))
    names: Sequence[str] = list(dict.fromkeys((*ladders, *paper)))
    colours = dict(zip(names, sns.color_palette("colorblind", len(names)), strict=True))
    with axes(height=1.6 + 0.55 * max(len(steps), 1)) as ax:
        for index, name in enumerate(names):
            shift = 0.6 * ((index + 0.5) / len(names) - 0.5)
            known = {s: found for s, found in ladders.get(name, {}).items() if found}
            if known:
                y = [steps.index(step) + shift for step in known]
                x = [found[0] for found in known.values()]
                error = [
                    [found[0] - found[1] for found in known.values()],
                    [found[2] - found[0] for found in known.values()],
                ]
                ax.errorbar(x, y, xerr=error, fmt="o-", color=colours[name], capsize=3, label=name)
            for step, value in paper.get(name, {}).items():
                ax.plot(
                    value,
                    steps.index(step) + shift,
                    "D",
                    color=colours[name],
                    markerfacecolor="none",
                    markersize=7,
                )
        for (name, value), style in zip(marks.items(), ("--", ":", "-."), strict=False):
            ax.axvline(value, linestyle=style, color="0.4", label=f"paper: {name}, {value:g}")
        ax.set_yticks(range(len(steps)), steps)
        ax.set_ylim(max(len(steps), 1) - 0.5, -0.5)
        recorded = any(found for rungs in ladders.values() for found in rungs.values())
        finish(ax, "exponent of the best size in compute", "", recorded=recorded)
    return ax.figure
