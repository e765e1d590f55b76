"""The parametric law as a map: contours of equal loss, the runs, and the best size by compute."""

import numpy as np
from matplotlib.figure import Figure

from replications.figures.paper_and_ours import axes, finish
from replications.fits.parametric import ParametricLaw
from replications.fits.sweep import Sweep


def draw_surface(law: ParametricLaw | None, sweep: Sweep | None) -> Figure:
    """Loss over compute and parameters: contours of the law, runs coloured by their own loss.

    Source: Hoffmann et al. 2022, figure 4. The line is where the law is lowest at each compute.
    """
    with axes(height=4.6) as ax:
        if law is not None and sweep is not None:
            flops = np.geomspace(sweep.flops.min() / 2, sweep.flops.max() * 2, 80)
            sizes = np.geomspace(sweep.parameters.min() / 2, sweep.parameters.max() * 2, 80)
            c, n = np.meshgrid(flops, sizes)
            loss = law.loss(n, c / (sweep.operations * n))
            low, high = sweep.loss.min(), np.quantile(sweep.loss, 0.95)
            levels = np.geomspace(max(low * 0.97, law.irreducible * 1.01), high * 1.1, 12)
            drawn = ax.contour(c, n, loss, levels=levels, cmap="viridis", linewidths=1)
            ax.clabel(drawn, fontsize=8, fmt="%.2f")
            ax.scatter(
                sweep.flops,
                sweep.parameters,
                c=np.clip(sweep.loss, levels[0], levels[-1]),
                cmap="viridis",
                s=16,
                edgecolors="0.3",
                linewidths=0.4,
                label="runs",
            )
            best, _ = law.optimum(flops, operations=sweep.operations)
            label = f"best size, exponent {law.exponent:.2f}"
            ax.plot(flops, best, "-", color="#d55e00", linewidth=2, label=label)
            ax.set_ylim(sizes[0], sizes[-1])
        ax.set_xscale("log")
        ax.set_yscale("log")
        finish(ax, "operations of training", "parameters", recorded=law is not None)
    return ax.figure
