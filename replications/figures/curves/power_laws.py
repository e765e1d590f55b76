"""Loss against parameters, data and compute, and what else Kaplan et al. plot of their runs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, LogLocator

from replications.claims import values_by_seed
from replications.claims.measures import Measure, NoValue
from replications.claims.measures.accounting import layer_weights
from replications.claims.measures.early_stopping import EarlyStopped, GridCollapse
from replications.figures.paper_and_ours import axes, finish, line, spread, values_over_seeds
from replications.figures.tables import current_records
from replications.fits.envelope import Spent, lower_envelope
from replications.fits.power_law import fit_power_law
from replications.papers.kaplan.grids import DEPTHS
from replications.papers.kaplan.sweep import VOCABULARY, weights_of
from replications.records import Number, Record

LOSS, WATCHED = "nats_per_token", "validation_nats_per_token"

Points = Mapping[Number, Sequence[Number]]


def draw_kaplan_first() -> Figure:
    """Chapter 10's first picture: loss against compute, different tokens and parameters.

    Source: Kaplan et al. 2020, figure 1. Both axes are logarithmic; each line is a power law,
    fitted to the means over seeds that are drawn, or to the lower envelope of all single runs.
    """
    records = [record for record in current_records("kaplan") if not record.failed]
    with axes(height=3.1, width=6.4) as first:
        figure = first.figure
        first.remove()
        compute, data, size = figure.subplots(1, 3, sharey=True)
        _draw_compute(compute, records)
        _draw_law(data, by_unique_tokens(records, "d48"), "different tokens")
        _draw_law(size, by_weights(records), "parameters without\nembeddings")
        compute.set_ylabel("loss, nats per token")
        for ax in (compute, data, size):
            ax.set_xscale("log")
            ax.set_yscale("log")
            ax.yaxis.set_major_formatter("{x:g}")
            ax.yaxis.set_minor_formatter("{x:g}")
            # Over little more than a decade all numbers between the powers would overlap.
            ax.xaxis.set_minor_formatter("")
            ax.tick_params(labelsize=9, which="both")
            ax.xaxis.label.set_size(10)
        for ax in (data, size):
            ax.xaxis.set_major_locator(LogLocator(subs=(1, 3)))
            ax.xaxis.set_major_formatter(EngFormatter(sep=""))
        if not records:
            figure.suptitle("Ours: no records yet")
    return figure


def by_weights(records: Iterable[Record]) -> dict[Number, list[Number]]:
    """The loss of the runs that differ in size alone, by parameters without embeddings."""
    found = defaultdict(list)
    for record in records:
        if record.recipe.startswith("size-"):
            found[layer_weights(record)].append(record.metric(LOSS))
    return dict(sorted(found.items()))


def by_unique_tokens(records: Iterable[Record], size: str) -> dict[Number, list[Number]]:
    """The early-stopped loss of one size, by the number of unique training tokens."""
    found = defaultdict(list)
    for record in records:
        if record.recipe.startswith(f"grid-{size}-"):
            unique = record.recipe_parts["data"]["unique_tokens"]
            found[unique].append(EarlyStopped(record.recipe, WATCHED).at({record.recipe: record}))
    return dict(sorted(found.items()))


def by_depth(
    records: Iterable[Record], *, with_embeddings: bool
) -> dict[str, dict[Number, list[Number]]]:
    """The loss of the runs that differ in depth and width, by their layers and parameters."""
    series: dict[str, dict[Number, list[Number]]] = {}
    held = list(records)
    for name, shape in sorted(DEPTHS.items(), key=lambda each: each[1]):
        embeddings = VOCABULARY * shape[1] if with_embeddings else 0
        losses = values_over_seeds(held, f"shape-{name}", LOSS)
        series.setdefault(f"{shape[0]} layers", {})[weights_of(shape) + embeddings] = losses
    return series


def each_seed(measure: Measure, records: Iterable[Record]) -> list[Number]:
    """The measure at every seed that is recorded; none where it has no value there."""
    try:
        return [*values_by_seed(measure, records).values()]
    except NoValue:
        return []


def _draw_compute(ax: Axes, records: Sequence[Record]) -> None:
    runs = [record for record in records if record.recipe.startswith("isoflop-")]
    widths = sorted({_width(record) for record in runs})
    colours = dict(zip(widths, sns.color_palette("viridis", len(widths)), strict=True))
    curves = []
    for record in sorted(runs, key=_width):
        points = [Spent(point["flops"], point[WATCHED]) for point in record.trajectory]
        curves.append(points)
        ax.plot(*zip(*points, strict=True), color=colours[_width(record)], lw=0.5, alpha=0.6)
    envelope = lower_envelope(curves)
    if len(envelope) > 2:
        # At their first points the smallest runs have learned little more than token frequencies.
        kept = [point for point in envelope if point.flops >= 3e9]
        _draw_fit(ax, *np.array(kept if len(kept) > 2 else envelope).T)
    ax.set_xlabel("operations", fontsize=10)


def _width(record: Record) -> int:
    return record.recipe_parts["learner"]["objective"]["model"]["d_model"]


def _draw_law(ax: Axes, points: Points, x_label: str) -> None:
    known = {x: spread(values) for x, values in points.items() if values}
    if known:
        line(ax, known, "", sns.color_palette("colorblind")[0])
        ax.containers[-1].lines[0].set_linestyle("none")
    if len(known) > 2:
        _draw_fit(ax, np.array([*known], float), np.array([each.mean for each in known.values()]))
    ax.set_xlabel(x_label, fontsize=10)


def _draw_fit(ax: Axes, x: np.ndarray, loss: np.ndarray) -> None:
    law = fit_power_law(x, loss)
    ends = np.array([x.min(), x.max()])
    ax.plot(ends, law.at(ends), "--", color="0.2", lw=1.5)
    ax.set_title(f"power −{law.exponent:.3f}", fontsize=10)


def draw_overfitting(
    records: Iterable[Record], grid: GridCollapse, sizes: Mapping[int, str]
) -> Figure:
    """Overfitting of the grid's runs against N ** 0.74 / D, a colour for each size.

    `sizes` names each N. Source: Kaplan et al. 2020, figure 9, right.
    """
    by_seed: dict[int, dict[str, Record]] = defaultdict(dict)
    for record in records:
        by_seed[record.seed][record.recipe] = record
    whole = [each for each in by_seed.values() if set(grid.recipes) <= each.keys()]
    colours = dict(zip(sizes, sns.color_palette("viridis", len(sizes)), strict=True))
    with axes() as ax:
        for number, weights in enumerate(sizes):
            of_size = [i for i, each in enumerate(grid.weights) if each == weights]
            part = GridCollapse(
                *(
                    tuple(column[i] for i in of_size)
                    for column in (grid.recipes, grid.weights, grid.unique_tokens)
                ),
                grid.name,
                grid.exponent,
            )
            points = [point for each in whole for point in part.points(each)]
            if points:
                x, y = np.array(points).T
                mark = "os^D"[number % 4]
                ax.plot(x, 100 * y, mark, color=colours[weights], label=sizes[weights], ms=6)
        ax.set_xscale("log")
        label = f"$N^{{{grid.exponent:g}}} / D$" if grid.exponent else "$1 / D$"
        finish(ax, label, "loss above that with most data, %", recorded=bool(whole))
    return ax.figure
