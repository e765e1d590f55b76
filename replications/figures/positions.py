"""The sinusoidal positional encoding, and learning-rate schedules, as pictures."""

from collections.abc import Mapping

import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from replications.figures.paper_and_ours import axes, finish
from replications.layers.positions import sinusoids
from replications.objectives.schedules import Schedule


def draw_sinusoids(max_length: int = 60, d_model: int = 64) -> Figure:
    """The encoding of each position as a row: red where 1, blue where -1.

    Source: Vaswani et al. 2017, section 3.5. Sines stand in the even columns, cosines beside them.
    """
    with axes(height=4.2) as ax:
        image = ax.imshow(
            sinusoids(max_length, d_model).numpy(),
            cmap="RdBu_r",
            vmin=-1,
            vmax=1,
            aspect="auto",
            interpolation="nearest",
        )
        ax.grid(visible=False)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(integer=True))
        bar = ax.figure.colorbar(image, ax=ax, ticks=[-1, 0, 1], pad=0.02)
        bar.outline.set_visible(False)
        ax.set_xlabel("dimension of the encoding")
        ax.set_ylabel("position of the token")
    return ax.figure


def draw_schedules(schedules: Mapping[str, Schedule], steps: int) -> Figure:
    """The learning rate of each of a training's updates.

    Source: Vaswani et al. 2017, equation 3, for the schedule `noam`.
    """
    colours = sns.color_palette("colorblind", len(schedules))
    with axes(height=3.4) as ax:
        for (name, schedule), colour in zip(schedules.items(), colours, strict=True):
            rates = [schedule(step, step / steps) for step in range(steps)]
            ax.plot(range(1, steps + 1), rates, color=colour, label=name)
        ax.set_ylim(bottom=0)
        ax.ticklabel_format(axis="y", style="sci", scilimits=(-2, 3), useMathText=True)
        ax.xaxis.set_major_locator(MaxNLocator(5))
        ax.xaxis.set_major_formatter("{x:,.0f}")
        finish(ax, "updates", "learning rate", recorded=True)
    return ax.figure
