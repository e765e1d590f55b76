"""Chapter 11's figures of records: the first picture, the ladder, constants, the calculator."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from IPython.display import HTML
from matplotlib.figure import Figure

from replications.claims.intervals import interval
from replications.claims.measures import Measure
from replications.claims.measures.accounting import CHINCHILLA, LAYERS_ALONE
from replications.figures.curves.power_laws import LOSS, WATCHED, each_seed
from replications.figures.paper_and_ours import axes
from replications.figures.quoted import NOTHING
from replications.figures.scaling.calculator import (
    calculator,
    our_allocation,
    printed_allocation,
    refitted_allocation,
)
from replications.figures.scaling.growth import Growth, Law, growth_of, growth_on
from replications.figures.scaling.ladder import Rungs
from replications.figures.scaling.runs import recorded_courses
from replications.figures.scaling.valleys import valleys_on
from replications.figures.tables import current_records
from replications.fits.approaches import EnvelopeApproach, IsoFlopApproach, ParametricApproach
from replications.fits.parametric import ParametricLaw
from replications.fits.sweep import Course, ends_of
from replications.papers.chinchilla.claims import OWN_SCHEDULES
from replications.papers.kaplan.claims import SWEPT, one_schedule
from replications.papers.kaplan.sweep import BUDGETS
from replications.records import Record, load_items

APPROACHES = {
    "training curves": (EnvelopeApproach(), WATCHED),
    "parabolas": (IsoFlopApproach(), LOSS),
    "parametric law": (ParametricApproach(), LOSS),
}
SPAN = (min(map(float, BUDGETS)), max(map(float, BUDGETS)))
# Up to where the calculator extends our own line: some thirty times the largest budget.
FARTHEST = 1e14
PAPERS_EXPONENTS = {"Kaplan et al.": 0.73, "Hoffmann et al.": 0.50}


def growths(records: Iterable[Record], *, samples: int = 200) -> dict[str, Growth | None]:
    """How the best size grows in the sweep by each of the three approaches, all seeds together."""
    held = list(records)
    return {
        name: growth_of(recorded_courses(held, SWEPT, metric), approach, samples=samples)
        for name, (approach, metric) in APPROACHES.items()
    }


def without_largest_budget(records: Iterable[Record]) -> list[Record]:
    """The records without those of the sweep's largest budget."""
    largest = f"isoflop-{max(BUDGETS, key=float)}-"
    return [record for record in records if not record.recipe.startswith(largest)]


def exponent_by_parabolas(records: Iterable[Record]) -> str:
    """The exponent through the bottoms of the valleys, all seeds together, as "0.46"."""
    courses = runs_of_sweep(records)
    return f"{IsoFlopApproach().growth(courses).slope[0]:.2f}" if courses else NOTHING


def draw_chinchilla_first() -> Figure:
    """Our valleys, and the best size against compute with lines of both papers' exponents.

    The papers' lines are drawn through the middle of ours: their slope alone is theirs.
    Source: Hoffmann et al. 2022, figure 3.
    """
    courses = recorded_courses(current_records("chinchilla"), SWEPT, LOSS)
    growth = growth_of(courses, IsoFlopApproach())
    with axes(height=4.2, width=7.8) as first:
        figure = first.figure
        first.remove()
        left, right = figure.subplots(1, 2)
        valleys_on(left, courses, IsoFlopApproach())
        left.set_xlabel("parameters; at each line its operations")
        left.set_ylabel("loss, nats per token")
        laws = {} if growth is None else {n: _through(growth, a) for n, a in _exponents()}
        growth_on(right, {"parabolas": growth}, laws, flops=SPAN, vertices=courses)
        right.set_xlabel("operations of training")
        right.set_ylabel("best number of parameters")
        for ax in (left, right):
            ax.tick_params(labelsize=9, which="both")
            if ax.get_legend_handles_labels()[1]:
                ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), frameon=False, fontsize=9)
        if not courses:
            figure.suptitle("Ours: no records yet")
    return figure


def _exponents() -> list[tuple[str, float]]:
    return [(f"{name}, {value:g}", value) for name, value in PAPERS_EXPONENTS.items()]


def _through(growth: Growth, exponent: float) -> Law:
    middle = math.sqrt(SPAN[0] * SPAN[1])
    at = float(growth.band(np.array([middle]))[0][0])
    return lambda flops: at * (flops / middle) ** exponent


STEPS = (
    "as Kaplan et al.",
    "output layer counted",
    "short warm-up",
    "a schedule for each run",
    "tuned to each size",
)
"""Porian et al.'s five, in words."""


def our_rungs(records: Iterable[Record]) -> Rungs:
    """The exponent of our runs at the first four steps, with its 95 % interval over the seeds."""
    held = list(records)
    measures: Sequence[Measure] = (
        one_schedule("long-warmup", LAYERS_ALONE),
        one_schedule("long-warmup", CHINCHILLA),
        one_schedule("short-warmup", CHINCHILLA),
        OWN_SCHEDULES,
    )
    rungs: dict[str, tuple[float, float, float] | None] = {}
    for step, measure in zip(STEPS, measures, strict=False):
        values = each_seed(measure, held)
        found = interval(values) if len(values) > 1 else None
        rungs[step] = None if found is None else (found.mean, found.low, found.high)
    return rungs


def porian_rungs(records: Iterable[Record], dataset: str) -> Rungs:
    """Those of Porian et al.'s runs, fitted again, with intervals over the sizes."""
    record = next((r for r in records if r.recipe == "porian-ladder"), None)
    if record is None:
        return dict.fromkeys(STEPS)
    items = load_items(record)
    stages = ("kaplan", "output-layer", "warm-up", "cosine", "tuned")
    rungs = {}
    for step, stage in zip(STEPS, stages, strict=True):
        name = f"{dataset}:{stage}"
        values = items[name].values[:, 0].astype(float)
        half = 1.96 * float(np.std(values, ddof=1)) / len(values) ** 0.5
        rungs[step] = (record.metric(name), record.metric(name) - half, record.metric(name) + half)
    return rungs


def runs_of_sweep(records: Iterable[Record]) -> list[Course]:
    """The ends of the sweep's runs, all seeds."""
    return recorded_courses(records, SWEPT, LOSS)


def constants_with_errors(record: Record | None) -> dict[str, str]:
    """E, A, B, alpha, beta and a of a recorded fit, each with its bootstrap's standard error."""
    if record is None:
        return {}
    items = load_items(record)
    found = {}
    for symbol in ("E", "A", "B", "alpha", "beta", "exponent"):
        values = items[symbol].values[:, 0].astype(float)
        error = float(np.std(values, ddof=1)) / len(values) ** 0.5
        decimals = 0 if error > 1 else 3
        found[symbol] = f"{record.metric(symbol):,.{decimals}f} ({error:,.{decimals}f})"
    return found


def chinchilla_calculator(records: Iterable[Record], printed: ParametricLaw) -> HTML:
    """The calculator with the paper's constants as printed, the refit of its points, and ours."""
    held = list(records)
    known = (6e18, 3e21)
    rows = [printed_allocation("the paper's constants, as printed", printed, known)]
    refit = next((r for r in held if r.recipe == "refit"), None)
    if refit is not None:
        name = "the paper's points, fitted again"
        rows.append(refitted_allocation(name, refit, load_items(refit), known))
    courses = runs_of_sweep(held)
    growth = growth_of(courses, IsoFlopApproach())
    if growth is not None:
        operations = ends_of(courses).operations
        name = "our own small runs, with a vocabulary of 1,024"
        ours = our_allocation(name, growth, SPAN, operations=operations)
        rows.append(replace(ours, farthest=FARTHEST))
    examples = {
        "an hour of two cores": 7e13,
        "GPT-2, 1.5 billion": 1.5e21,
        "GPT-3": 3.14e23,
        "Chinchilla": 5.76e23,
    }
    return calculator(rows, examples=examples, start=5.76e23)
