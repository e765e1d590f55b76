"""Our results for use in sentences, from the records that exist when the page is built."""

from collections.abc import Sequence
from pathlib import Path

from replications.claims import Verdict
from replications.errors import ReplicationError
from replications.figures.claim_words import our_value, with_minus_signs
from replications.figures.judged import verdicts_of
from replications.figures.summaries import over_seeds
from replications.paths import RECORDS
from replications.records import Number, Record

NOTHING = "(no records yet)"


def mean_of(
    records: Sequence[Record], recipe: str, metric: str, *, decimals: int = 1, scale: Number = 1
) -> str:
    """The mean of a recipe's metric over its seeds: "36.9", or that there are no records yet."""
    values = [scale * r.metric(metric) for r in records if r.recipe == recipe]
    return _rounded(values, decimals)


def mean_at_end(records: Sequence[Record], recipe: str, name: str, *, decimals: int = 2) -> str:
    """The mean over seeds of what a recipe's trajectory ends with, such as "loss"."""
    ends = [record.trajectory[-1][name] for record in records if record.recipe == recipe]
    return _rounded(ends, decimals)


def mean_difference(
    records: Sequence[Record],
    recipes: tuple[str, str],
    metric: str,
    *,
    decimals: int = 1,
    scale: Number = 1,
) -> str:
    """The mean over seeds of the first recipe's metric minus the second's at the same seed."""
    left, right = (
        {r.seed: scale * r.metric(metric) for r in records if r.recipe == name} for name in recipes
    )
    return _rounded([left[seed] - right[seed] for seed in sorted(left.keys() & right)], decimals)


def each_of(records: Sequence[Record], recipe: str, metric: str, *, decimals: int = 0) -> str:
    """A recipe's metric seed by seed, as "58, 69, 59"."""
    values = [record.metric(metric) for record in records if record.recipe == recipe]
    return ", ".join(_rounded([value], decimals) for value in values) or NOTHING


def spread_of(records: Sequence[Record], recipe: str, metric: str) -> str:
    """Its mean ± half of the 95 % interval over the seeds: "36.9 ± 0.4"."""
    values = [record.metric(metric) for record in records if record.recipe == recipe]
    return over_seeds(values) if values else NOTHING


def of_claim(paper: str, slug: str, folder: Path = RECORDS) -> str:
    """Our value of a claim with its interval and unit, as the table of verdicts has it.

    Raises ReplicationError for a claim that the paper does not have.
    """
    verdict = _verdicts(paper, folder).get(slug)
    if verdict is None:
        raise ReplicationError(f"{paper} has no claim {slug!r}.")
    return our_value(verdict) if verdict.measured is not None else NOTHING


def _verdicts(paper: str, folder: Path) -> dict[str, Verdict]:
    return {each.claim.slug: each for each in verdicts_of(paper, folder)}


def _rounded(values: Sequence[Number], decimals: int) -> str:
    if not values:
        return NOTHING
    return with_minus_signs(f"{sum(values) / len(values):.{decimals}f}")
