"""Accuracy against the number of examples in the prompt, with its control and its ceiling."""

from collections.abc import Mapping, Sequence
from statistics import fmean

import seaborn as sns
from matplotlib.figure import Figure

from replications.figures.paper_and_ours import axes, finish
from replications.records import Number

Curve = Mapping[int, Sequence[Number]]
"""By the number of examples, the values over the seeds; none where nothing was recorded."""


def draw_few_shots(
    models: Mapping[str, Curve],
    *,
    control: Mapping[str, Curve] | None = None,
    best: Mapping[int, Number] | None = None,
    y_label: str = "right answers, per cent",
) -> Figure:
    """A line for each model's mean over the seeds, and a thin one for each of several runs.

    Controls are dotted, the best possible is grey. Runs in place of intervals, as in-context
    learning comes in steps: runs form clusters, with a mean that none of them has.
    Source: Brown et al. 2020, figure 1.2. A control has the colour of the model of its name.
    """
    control = control or {}
    colours = dict(zip(models, sns.color_palette("colorblind", len(models)), strict=True))
    with axes(height=4.6) as ax:
        if best:
            ax.plot(*zip(*sorted(best.items()), strict=True), color="0.5", label="best possible")
        for name, curve in models.items():
            known = {k: values for k, values in sorted(curve.items()) if values}
            runs = list(zip(*known.values(), strict=True))
            for run in runs if len(runs) > 1 else ():
                ax.plot(list(known), run, color=colours[name], linewidth=0.8, alpha=0.6)
            if known:
                means = [fmean(values) for values in known.values()]
                ax.plot(list(known), means, "o-", color=colours[name], label=name)
        for name, curve in control.items():
            if known := {k: fmean(values) for k, values in sorted(curve.items()) if values}:
                ax.plot(
                    *zip(*known.items(), strict=True),
                    "x:",
                    color=colours.get(name, "black"),
                    label=f"{name}, shuffled",
                )
        shots = sorted({k for curve in models.values() for k in curve} | set(best or {}))
        ax.set_xticks(shots, [str(k) for k in shots])
        ax.set_ylim(-3, 103)
        recorded = any(values for curve in models.values() for values in curve.values())
        finish(ax, "examples in the prompt", y_label, recorded=recorded)
    return ax.figure
