"""Comparisons over the kinds of test questions, which an interval over seeds leaves as they are."""

from collections.abc import Iterable, Mapping, Sequence

from IPython.display import Markdown

from replications.claims.intervals import LOOK_ERROR, interval
from replications.figures.claim_words import with_minus_signs
from replications.figures.markdown import table
from replications.records import Number, Record

CONFIDENCE = 1 - 2 * LOOK_ERROR
"""That of the verdicts' intervals: 98 %."""


def leads(
    records: Iterable[Record], first: str, second: str, metrics: Sequence[str]
) -> list[Number]:
    """By how much the first recipe is ahead in each of the metrics, in the mean over its seeds.

    Empty unless both recipes have records, all with these metrics.
    """
    runs = list(records)
    of = {name: [run for run in runs if run.recipe == name] for name in (first, second)}
    if not all(of.values()) or not all(
        set(metrics) <= run.metrics.keys() for those in of.values() for run in those
    ):
        return []

    def mean(name: str, metric: str) -> Number:
        return sum(run.metric(metric) for run in of[name]) / len(of[name])

    return [mean(first, metric) - mean(second, metric) for metric in metrics]


def table_over_kinds(
    records: Iterable[Record],
    comparisons: Mapping[str, tuple[str, str, Sequence[str]]],
    *,
    unit: str = "points",
) -> Markdown:
    """For each comparison of two recipes: in how many kinds the first leads, and by how much.

    `comparisons` maps a heading to two recipes and a metric for each kind. The interval is
    Student's, over the kinds, of which each counts alike. Comparisons without records are left out.
    """
    runs = list(records)
    rows = []
    for name, (first, second, metrics) in comparisons.items():
        if found := leads(runs, first, second, metrics):
            over = interval(found, CONFIDENCE)
            ahead = sum(lead > 0 for lead in found)
            rows.append(
                (
                    name,
                    f"{ahead} of {len(found)}",
                    with_minus_signs(f"{over.mean:.1f} [{over.low:.1f}, {over.high:.1f}]"),
                )
            )
    return table(("", "ahead in kinds", f"{unit}, 98 % interval over the kinds"), rows)
