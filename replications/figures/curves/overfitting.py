"""Overfitting in a grid of model and data sizes: Kaplan's joint law, and tables of the grid."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from IPython.display import Markdown

from replications.claims.measures.accounting import layer_weights
from replications.claims.measures.early_stopping import EarlyStopped, GridCollapse
from replications.claims.measures.trends import rank_correlation
from replications.figures.curves.power_laws import WATCHED, each_seed
from replications.figures.markdown import table
from replications.figures.tables import no_records_yet
from replications.fits.bootstrap import draw_runs
from replications.fits.joint import JointLaw, fit_joint
from replications.fits.parametric import ParametricLaw, fit_parametric
from replications.fits.sweep import Sweep
from replications.records import Number, Record

SQUARES = 1e3
"""A bound of Huber's loss beyond any residual, so that both forms are fitted by least squares."""


def grid_sweep(records: Iterable[Record]) -> Sweep:
    """The grid's runs: N without embeddings, D the unique tokens, and the early-stopped loss."""
    runs = [record for record in records if record.recipe.startswith("grid-")]
    size = np.array([layer_weights(run) for run in runs], dtype=float)
    data = np.array([run.recipe_parts["data"]["unique_tokens"] for run in runs], dtype=float)
    loss = [EarlyStopped(run.recipe, WATCHED).at({run.recipe: run}) for run in runs]
    return Sweep(size, data, size * data, np.array(loss, dtype=float))


def joint_table(records: Iterable[Record], *, paper: tuple[Number, Number]) -> Markdown:
    """The exponents of L(N, D), fitted to the grid, beside the paper's; intervals of a bootstrap.

    The note has R² of this form, and of the sum of powers of chapter 11 (Hoffmann et al. 2022,
    equation 2), which has a constant more: a close fit alone does not single out a form.
    `paper` are its exponents of size and of data. Source: Kaplan et al. 2020, equation 1.5 and
    table 2.
    """
    sweep = grid_sweep(records)
    if len(sweep) < 5:
        return no_records_yet("kaplan")
    (law,) = fit_joint(sweep)
    cells = np.unique(np.stack([sweep.parameters, sweep.tokens]), axis=1, return_inverse=True)[1]
    drawn = fit_joint(
        sweep,
        draw_runs(np.zeros(len(np.unique(cells)), dtype=int), samples=200)[:, np.ravel(cells)],
    )
    fits, rival = (_r_squared(sweep, form) for form in (law, fit_parametric(sweep, delta=SQUARES)))
    values = {
        "size, $\\alpha_N$": (paper[0], [each.size_exponent for each in (law, *drawn)]),
        "data, $\\alpha_D$": (paper[1], [each.data_exponent for each in (law, *drawn)]),
        "their quotient": (
            paper[0] / paper[1],
            [each.size_exponent / each.data_exponent for each in (law, *drawn)],
        ),
    }
    rows = []
    for name, (theirs, (ours, *samples)) in values.items():
        low, high = np.percentile(samples, [2.5, 97.5])
        rows.append((name, f"{theirs:.3g}", f"{ours:.3f}", f"{low:.3f} to {high:.3f}"))
    note = f"R² of log loss: {fits:.3f}, over {len(sweep)} runs; the interval is of a bootstrap "
    note += "over the grid's cells, each with all of its seeds. R² of the form of chapter 11, "
    note += f"$E + A / N^\\alpha + B / D^\\beta$, in the same runs: {rival:.3f}."
    return table(("exponent", "the paper", "ours", "95 % interval"), rows, note)


def _r_squared(sweep: Sweep, law: JointLaw | ParametricLaw) -> float:
    left = np.log(sweep.loss) - np.log(law.loss(sweep.parameters, sweep.tokens))
    return 1 - left.var() / np.log(sweep.loss).var()


def still_falling(records: Iterable[Record]) -> Markdown:
    """In how many runs of each sample the loss was lowest at the very end: no overfitting yet."""
    counts: dict[int, list[bool]] = defaultdict(list)
    read: dict[int, int] = {}
    for record in records:
        if record.recipe.startswith("grid-"):
            unique = record.recipe_parts["data"]["unique_tokens"]
            losses = [point[WATCHED] for point in record.trajectory]
            counts[unique].append(losses.index(min(losses)) == len(losses) - 1)
            read[unique] = record.tokens_seen
    if not counts:
        return no_records_yet("kaplan")
    rows = [
        (f"{unique:,}", f"{read[unique] / unique:.0f}", f"{sum(ends)} of {len(ends)}")
        for unique, ends in sorted(counts.items())
    ]
    return table(("different tokens", "times read", "lowest loss at the end, runs"), rows)


def collapse_table(records: Iterable[Record], grid: GridCollapse, law: JointLaw) -> Markdown:
    """Spearman's correlation of overfitting with N to some powers, over D: after the fact.

    Beside it, what `law` would give in the same grid, measured in the same way.
    """
    held, rows = list(records), []
    sizes, tokens = np.array(grid.weights, dtype=float), np.array(grid.unique_tokens, dtype=float)
    by_law = [float(loss) for loss in law.loss(sizes, tokens)]
    for power in (0.0, 0.3, grid.exponent, 1.0):
        each = replace(grid, exponent=power)
        seeds = ", ".join(f"{value:.2f}" for value in each_seed(each, held))
        label = f"$N^{{{power:g}}} / D$" if power else "$1 / D$"
        theirs = rank_correlation(*zip(*each.points_of(by_law), strict=True))
        rows.append((label, seeds or "–", f"{theirs:.2f}"))
    return table(("overfitting against", "ours, each seed", "the paper's own law"), rows)
