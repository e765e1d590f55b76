"""What smaller budgets predict of the largest, what came out, and why it was off."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any

import numpy as np
import seaborn as sns
from IPython.display import Markdown
from matplotlib.figure import Figure

from replications.claims.measures.accounting import CHINCHILLA
from replications.figures.curves.power_laws import LOSS, WATCHED
from replications.figures.markdown import table
from replications.figures.paper_and_ours import axes, draw_training, finish, values_over_seeds
from replications.figures.scaling.runs import recorded_courses
from replications.figures.tables import no_records_yet
from replications.fits.parametric import fit_parametric
from replications.fits.power_law import fit_power_law
from replications.fits.sweep import ends_of
from replications.papers.kaplan.sweep import BUDGETS, LARGEST, VOCABULARY, isoflop
from replications.records import Record

# In nats, a little below the unigram entropy (6.0): above it a network has learned little more
# than token frequencies.
FREQUENCIES = 5.7


def lowest_runs(records: Iterable[Record]) -> dict[float, str]:
    """The recipe of the lowest mean loss at each of the sweep's budgets, by operations."""
    losses: dict[str, list[float]] = defaultdict(list)
    for record in records:
        if record.recipe.startswith("isoflop-") and not record.failed:
            losses[record.recipe].append(float(record.metric(LOSS)))
    found = {}
    for budget, sizes in BUDGETS.items():
        those = [isoflop(budget, size).name for size in sizes]
        known = {name: fmean(losses[name]) for name in those if name in losses}
        if known:
            found[float(budget)] = min(known, key=known.__getitem__)
    return found


def draw_prediction(records: Iterable[Record], prediction: Mapping[str, Any] | None) -> Figure:
    """The lowest loss of each budget, the law of these, the predicted interval, what was trained.

    The law is drawn through the lowest runs; the prediction came from two fits, whose interval is
    the grey bar.
    """
    held = [record for record in records if not record.failed]
    lowest = {
        at: fmean(values_over_seeds(held, name, LOSS)) for at, name in lowest_runs(held).items()
    }
    trained = values_over_seeds(held, LARGEST.name, LOSS)
    blue, orange = sns.color_palette("colorblind", 2)
    with axes(height=3.6) as ax:
        if len(lowest) > 1:
            places, losses = np.array([*lowest]), np.array([*lowest.values()])
            law = fit_power_law(places, losses)
            span = np.geomspace(places[0], 1e13, 40)
            ax.plot(places, losses, "o", color=blue, label="ours: lowest run of a budget")
            label = f"power law of these, exponent −{law.exponent:.3f}"
            ax.plot(span, law.at(span), "--", color=blue, label=label)
        if prediction:
            ends, bar = (prediction["low"], prediction["high"]), "predicted beforehand"
            ax.plot([1e13, 1e13], ends, color="0.6", lw=7, label=bar, solid_capstyle="butt")
        if trained:
            ax.plot([1e13] * len(trained), trained, "D", color=orange, label="ours: then trained")
        ax.set_xscale("log")
        ax.set_yscale("log")
        # A logarithmic axis of less than a decade would have two numbers.
        ticks = np.arange(3.6, 5.5, 0.4)
        ax.set_yticks(ticks, [f"{tick:.1f}" for tick in ticks])
        ax.minorticks_off()
        finish(ax, "operations of training", "loss, nats per token", recorded=bool(lowest))
    return ax.figure


def without_the_smallest(records: Iterable[Record]) -> Markdown:
    """The prediction made again from fewer and fewer budgets, the smallest left out first.

    After the fact: nothing here was committed before the largest budget was trained.
    """
    held = [record for record in records if not record.failed]
    lowest, trained = lowest_runs(held), values_over_seeds(held, LARGEST.name, LOSS)
    if len(lowest) < len(BUDGETS) or not trained:
        return no_records_yet("kaplan")
    largest = next(record for record in held if record.recipe == LARGEST.name)
    parameters, tokens = sum(largest.parameters.values()), largest.tokens_seen
    rows = []
    for left_out in range(len(lowest) - 1):
        kept = [*lowest][left_out:]
        law = fit_power_law(
            np.array(kept),
            np.array([fmean(values_over_seeds(held, lowest[at], LOSS)) for at in kept]),
        )
        names = [isoflop(b, s).name for b in [*BUDGETS][left_out:] for s in BUDGETS[b]]
        ends = ends_of(recorded_courses(held, names, LOSS, CHINCHILLA))
        parametric = fit_parametric(ends)
        rows.append(
            (
                f"{kept[0]:.0e} to {kept[-1]:.0e}".replace("e+", "e"),
                f"{law.exponent:.3f}",
                f"{law.at(largest.flops):.2f}",
                f"{parametric.loss(parameters, tokens):.2f}",
            )
        )
    note = (
        f"Losses in nats per token, all seeds together; what came out: {fmean(trained):.2f}. The "
        "power law is fitted to the lowest run of each budget, the parametric law to all runs."
    )
    header = ("budgets fitted", "exponent of the power law", "it predicts", "the parametric law")
    return table(header, rows, note)


def saved_by_budget(records: Iterable[Record]) -> Markdown:
    """By how much the loss falls from budget to budget, and how long it is near the unigram one.

    The exponent of a step is that of the power law through its two losses alone.
    """
    held = [record for record in records if not record.failed]
    names = lowest_runs(held)
    if values_over_seeds(held, LARGEST.name, LOSS):
        names[1e13] = LARGEST.name
    if len(names) < 2:
        return no_records_yet("kaplan")
    rows, before = [], None
    for at, name in names.items():
        runs = [record for record in held if record.recipe == name]
        loss = fmean(float(run.metric(LOSS)) for run in runs)
        saved = ("–", "–")
        if before is not None:
            budget, higher = before
            exponent = math.log(higher / loss) / math.log(at / budget)
            saved = (f"{100 * (1 - loss / higher):.1f} %", f"{exponent:.3f}")
        early = fmean(_share_above(run, FREQUENCIES) for run in runs)
        size = name.rsplit("-d", 1)[1]
        rows.append((f"{at:.0e}".replace("e+", "e"), size, f"{loss:.2f}", *saved, f"{early:.0%}"))
        before = (at, loss)
    spent = f"spent above {FREQUENCIES} nats"
    header = ("operations", "best d", "loss", "fall", "exponent", spent)
    note = (
        "The fall and the exponent are from the budget before. The last column is the share of "
        "the training during which the loss is close to the unigram entropy of 6.0 nats, or above."
    )
    return table(header, rows, note)


def _share_above(record: Record, level: float) -> float:
    """The share of the operations until the validation loss passes the level, linear in between.

    It starts at the loss of a uniform distribution.
    """
    flops, loss = 0.0, math.log(VOCABULARY)
    for point in record.trajectory:
        if point[WATCHED] < level:
            gone = (loss - level) / (loss - point[WATCHED])
            return (flops + gone * (point["flops"] - flops)) / record.flops
        flops, loss = point["flops"], point[WATCHED]
    return 1.0


def draw_long_curves(records: Sequence[Record]) -> Figure:
    """The validation loss of the best size of the three largest budgets, against the tokens read.

    The axis of the tokens is logarithmic: what each doubling of them saves is the slope.
    """
    names = {**lowest_runs(records), 1e13: LARGEST.name}
    shown = {
        f"{at:.0e} operations, d = {names[at].rsplit('-d', 1)[1]}".replace("e+", "e"): names[at]
        for at in [*names][-3:]
    }
    figure = draw_training(
        records, shown, metric=WATCHED, y_label="validation loss, nats per token", against="tokens"
    )
    ax = figure.axes[0]
    ax.set_xlim(left=0.1)
    ax.set_xscale("log")
    ticks = (0.1, 0.3, 1, 3, 6)
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    return figure
