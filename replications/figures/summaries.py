"""Measures of several seeds in a few characters, and tables of them beside the paper's."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from IPython.display import Markdown

from replications.claims.intervals import interval
from replications.figures.claim_words import with_minus_signs
from replications.figures.markdown import table
from replications.records import Number, Record


def summary_table(
    records: Iterable[Record],
    *,
    metrics: Mapping[str, str],
    recipes: Mapping[str, str],
    paper: Mapping[str, Mapping[str, float]],
    shares: Collection[str] = (),
) -> Markdown:
    """The paper's rows first, then a row for each recipe: mean ± half the 95 % interval.

    `metrics` maps a column's heading to a metric, or to "minutes" of training; `recipes` a row's
    heading to a recipe; `paper` a row's heading to its numbers by column heading. `shares` are the
    headings of columns that hold shares in per cent.
    Raises ReplicationError for a metric that no row has.
    """
    by_recipe = {name: [] for name in recipes.values()}
    for record in records:
        if record.recipe in by_recipe:
            by_recipe[record.recipe].append(record)
    rows = [
        (
            name,
            *(
                with_minus_signs(f"{numbers[column]:g}") if column in numbers else "–"
                for column in metrics
            ),
        )
        for name, numbers in paper.items()
    ]
    for name, recipe in recipes.items():
        runs = by_recipe[recipe]
        if not runs:
            rows.append((name, "no records yet", *[""] * (len(metrics) - 1)))
            continue
        others = [those for each, those in by_recipe.items() if each != recipe]
        cells = (
            _cell(runs, metric, others, share_over_seeds if column in shares else over_seeds)
            for column, metric in metrics.items()
        )
        rows.append((name, *cells))
    note = "Ours: mean over the seeds ± half of the 95 % interval; a dash: not measured."
    if shares:
        note += " In brackets: an interval that ends at 0 or at 100, as shares do."
    return table(("", *metrics), rows, note)


# What every record has, and no metric is.
_OF_TRAINING = ("minutes", "processor minutes")


def _cell(
    runs: Sequence[Record],
    metric: str,
    others: Iterable[Sequence[Record]],
    in_words: Callable[[Sequence[Number]], str],
) -> str:
    """A dash for what these runs do not measure, and other rows do, or may once they are run.

    A metric that no row has is misspelt: `Record.metric` says so.
    """
    elsewhere = any(not those or metric in those[0].metrics for those in others)
    if elsewhere and metric not in _OF_TRAINING and metric not in runs[0].metrics:
        return "–"
    return in_words([_measured(run, metric) for run in runs])


def _measured(record: Record, metric: str) -> Number:
    if metric == "minutes":
        return record.seconds / 60
    if metric == "processor minutes":
        return record.trajectory[-1]["processor_seconds"] / 60
    return record.metric(metric)


def over_seeds(values: Sequence[Number]) -> str:
    """Mean ± half of the 95 % interval, with the decimals that it warrants; one seed at least."""
    return with_minus_signs(_mean_and_half(values))


def _mean_and_half(values: Sequence[Number]) -> str:
    if len(values) < 2:
        decimals = 2 if abs(values[0]) < 10 else 1
        return f"{values[0]:.{decimals}f} (one seed)"
    found = interval(values)
    half = (found.high - found.low) / 2
    if half <= 1e-4 * abs(found.mean):
        # Values as good as equal have no spread to judge by: "± 0.00" would look like certainty.
        return f"{found.mean:.{2 if abs(found.mean) < 10 else 1}f} (all alike)"
    decimals = 2 if half < 0.1 else 1
    # Spaces that do not break: a narrow column keeps a number whole.
    return f"{found.mean:.{decimals}f}\u00a0±\u00a0{half:.{decimals}f}"


def share_over_seeds(values: Sequence[Number]) -> str:
    """As `over_seeds`, of shares in per cent: "98.4 [95.2, 100]" where ± would pass 0 or 100."""
    if len(values) < 2:
        return over_seeds(values)
    found = interval(values)
    if found.low >= 0 and found.high <= 100:
        return over_seeds(values)
    low, high = max(found.low, 0), min(found.high, 100)
    decimals = 2 if high - low < 0.2 else 1
    first, last = (f"{end:.{decimals}f}" if 0 < end < 100 else f"{end:g}" for end in (low, high))
    return f"{found.mean:.{decimals}f}\u00a0[{first},\u00a0{last}]"
