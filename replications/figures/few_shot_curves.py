"""Accuracy against the number of examples in the prompt, with its control and its ceiling."""

from collections.abc import Mapping, Sequence

import seaborn as sns
from matplotlib.figure import Figure

from replications.figures.paper_and_ours import axes, finish, line, spread
from replications.records import Number

Curve = Mapping[int, Sequence[Number]]
"""By the number of examples, the values over the seeds; none where nothing was recorded."""


def draw_few_shots(
    models: Mapping[str, Curve],
    *,
    control: Mapping[str, Curve] | None = None,
    best: Mapping[int, Number] | None = None,
    y_label: str = "right answers, percent",
) -> Figure:
    """A line for each model, with its 95 % interval; controls dotted, the best possible in grey.

    Source: Brown et al. 2020, figure 1.2. A control has the colour of the model of its name.
    """
    control = control or {}
    colours = dict(zip(models, sns.color_palette("colorblind", len(models)), strict=True))
    with axes(height=4.6) as ax:
        if best:
            ax.plot(*zip(*sorted(best.items()), strict=True), color="0.5", label="best possible")
        for name, curve in models.items():
            if known := {k: spread(values) for k, values in sorted(curve.items()) if values}:
                line(ax, known, name, colours[name])
        for name, curve in control.items():
            if known := {k: spread(values).mean for k, values in sorted(curve.items()) if values}:
                ax.plot(
                    *zip(*known.items(), strict=True),
                    "x:",
                    color=colours.get(name, "black"),
                    label=f"{name}, shuffled",
                )
        places = sorted({k for curve in models.values() for k in curve} | set(best or {}))
        ax.set_xticks(places, [str(k) for k in places])
        ax.set_ylim(-3, 103)
        recorded = any(values for curve in models.values() for values in curve.values())
        finish(ax, "examples in the prompt", y_label, recorded=recorded)
    return ax.figure
