"""Several models on several tasks: a table of scores, and of their means over the tasks."""

from collections.abc import Iterable, Mapping

from IPython.display import Markdown

from replications.figures.claim_words import with_minus_signs
from replications.figures.markdown import table
from replications.figures.summaries import over_seeds
from replications.records import Number, Record

_FEWEST = 3
"""Seeds of which a mean has an interval."""


def task_scores(
    records: Iterable[Record],
    tasks: Mapping[str, str],
    models: Mapping[str, str],
    *,
    metric: str = "score",
) -> Markdown:
    """A row for each task, a column for each model: mean ± half of the 95 % interval over seeds.

    `tasks` maps a row's heading to a task, `models` a column's heading to a variant; their recipe
    is named `<task>-<variant>`. The last row is the mean over all tasks, for seeds that have all.
    Of fewer than three seeds a cell has the mean alone, without an interval, and the last row
    nothing: means of other seeds than the ones beside them are no comparison.
    """
    records = list(records)
    scores = {
        (task, variant): {
            record.seed: record.metric(metric)
            for record in records
            if record.recipe == f"{task}-{variant}"
        }
        for task in tasks.values()
        for variant in models.values()
    }
    rows = [
        (heading, *(_cell(scores[task, variant]) for variant in models.values()))
        for heading, task in tasks.items()
    ]
    means = [
        _cell(found) if len(found) >= _FEWEST else "…"
        for variant in models.values()
        for found in [_mean([scores[task, variant] for task in tasks.values()])]
    ]
    note = (
        "Mean over the seeds ± half of the 95 % interval; an ellipsis: not recorded yet. "
        "A mean over the tasks takes three seeds of each."
    )
    return table(("", *models), [*rows, ("**mean**", *means)], note)


def _mean(by_task: list[Mapping[int, Number]]) -> dict[int, Number]:
    shared = set.intersection(*(set(scores) for scores in by_task))
    return {seed: sum(scores[seed] for scores in by_task) / len(by_task) for seed in sorted(shared)}


def _cell(scores: Mapping[int, Number]) -> str:
    values = list(scores.values())
    if 1 < len(values) < _FEWEST:
        # An interval of two seeds is some twenty times as wide as what lies between them.
        return with_minus_signs(f"{sum(values) / len(values):.1f} (two seeds)")
    return over_seeds(values) if values else "…"
