"""The same outputs by several measures: a picture with a slider over sizes, without Python."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from IPython.display import HTML, Markdown

from replications.claims.measures.accounting import layer_weights
from replications.figures.curves.emergence_page import PAGE
from replications.records import Number, Record


@dataclass(frozen=True)
class Measured:
    """A measure as a page shows it: a metric of the records, its words, and the end of its axis.

    `best` and `worst` are the ends of the axis, the better one on top. `uniform` is what a uniform
    distribution has: a dashed line, where it lies between them.
    """

    metric: str
    words: str
    worst: Number
    best: Number
    unit: str = ""
    uniform: Number | None = None


@dataclass(frozen=True)
class ScoredTask:
    """A task whose outputs are scored by several measures; its recipes begin with `prefix`."""

    name: str
    prefix: str
    measures: tuple[Measured, ...]


def scores(records: Iterable[Record], task: ScoredTask) -> list[dict]:
    """For each size, the smallest first: its parameters, each measure at each seed, and the means.

    Of a size that was trained with several budgets it is the run with the largest.
    """
    records = [r for r in records if r.recipe.startswith(task.prefix) and not r.failed]
    by_size: dict[int, list[Record]] = {}
    for record in records:
        by_size.setdefault(layer_weights(record), []).append(record)
    found = []
    for size, runs in sorted(by_size.items()):
        most = max(run.flops for run in runs)
        runs = [run for run in runs if run.flops > 0.8 * most]
        seeds = [[run.metric(each.metric) for run in runs] for each in task.measures]
        found.append({"size": size, "seeds": seeds, "values": [fmean(each) for each in seeds]})
    return found


def explore_emergence(records: Sequence[Record], tasks: Sequence[ScoredTask]) -> HTML:
    """A picture of each task's scores against size, with a switch of measure and a slider of size.

    It works in a built page, as all numbers are in it; a list below has the same as text.
    """
    scored = [
        {
            "name": task.name,
            "measures": [vars(each) for each in task.measures],
            "points": scores(records, task),
        }
        for task in tasks
    ]
    shown = [task for task in scored if task["points"]]
    if not shown:
        return HTML("<p><em>No records yet.</em></p>")
    data = json.dumps(shown).replace("<", "\\u003c")
    return HTML(PAGE.substitute(id="emergence", data=data, rows=_rows(shown)))


def _rows(tasks: Sequence[Mapping]) -> str:
    rows = []
    for task in tasks:
        for point in task["points"]:
            cells = "; ".join(
                f"{each['words']} {value:.3g}{each['unit']} "
                f"(seeds: {', '.join(f'{one:.3g}' for one in seeds)})"
                for each, value, seeds in zip(
                    task["measures"], point["values"], point["seeds"], strict=True
                )
            )
            rows.append(f"<li>{task['name']}, {point['size']:,} parameters: {cells}</li>")
    return "".join(rows)


def leap_in_words(records: Iterable[Record], task: ScoredTask) -> Markdown:
    """Whether the runs of a task fall into two groups by its first measure, and by its last.

    The groups are separated at the widest gap between two runs in the first measure; in the last
    they stand apart where their ranges have no value in common.
    """
    runs = [r for r in records if r.recipe.startswith(task.prefix) and not r.failed]
    if len(runs) < 3:
        return Markdown("*No records yet.*")
    first, last = task.measures[0], task.measures[-1]
    runs.sort(key=lambda run: run.metric(first.metric))
    gaps = [b.metric(first.metric) - a.metric(first.metric) for a, b in pairwise(runs)]
    cut = gaps.index(max(gaps)) + 1
    below, above = runs[:cut], runs[cut:]
    sizes = sorted({layer_weights(run) for run in runs})
    made_it = [(sum(layer_weights(run) == size for run in above), size) for size in sizes]
    able = ", ".join(
        f"{made} of {sum(layer_weights(run) == size for run in runs)} at {size:,} parameters"
        for made, size in made_it
        if made
    )
    ends = [run.metric(last.metric) for run in above], [run.metric(last.metric) for run in below]
    apart = max(map(min, ends)) > min(map(max, ends))
    return Markdown(
        f"Of {len(runs)} runs, {len(above)} are at {above[0].metric(first.metric):.0f}{first.unit} "
        f"{first.words} or more, and the others at {below[-1].metric(first.metric):.0f}"
        f"{first.unit} or less, with nothing in between. By {last.words} the same two groups "
        f"{'stand apart' if apart else 'overlap'}: {min(ends[0]):.2f} to {max(ends[0]):.2f}, and "
        f"{min(ends[1]):.2f} to {max(ends[1]):.2f}. The runs that made it: {able}."
    )
