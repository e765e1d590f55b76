"""Several models on several tasks: a table of scores, and of their means over the tasks."""

from collections.abc import Iterable, Mapping

from IPython.display import Markdown

from replications.figures.markdown import table
from replications.figures.summaries import over_seeds
from replications.records import Number, Record


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
        _cell(_mean([scores[task, variant] for task in tasks.values()]))
        for variant in models.values()
    ]
    note = "Mean over the seeds ± half of the 95 % interval; an ellipsis: no records yet."
    return table(("", *models), [*rows, ("**mean**", *means)], note)


def _mean(by_task: list[Mapping[int, Number]]) -> dict[int, Number]:
    shared = set.intersection(*(set(scores) for scores in by_task))
    return {seed: sum(scores[seed] for scores in by_task) / len(by_task) for seed in sorted(shared)}


def _cell(scores: Mapping[int, Number]) -> str:
    return over_seeds(list(scores.values())) if scores else "…"
