"""The mean of a measure over the seeds of a claim, and its error."""

import math
from collections.abc import Iterable, Mapping
from typing import Protocol, runtime_checkable

from replications.claims.claim import Claim
from replications.claims.intervals import Covers, Estimate, StandardError
from replications.claims.measures import Measure, NoValue
from replications.claims.measures.transitions import ShareOfRuns, share_of_runs
from replications.claims.scatter import BySeed, scatter
from replications.records import Record


@runtime_checkable
class ErrorOverItems(Protocol):
    """What is required of `replications.claims.items.Resampled`."""

    def error(
        self, measure: Measure, by_seed: Iterable[Mapping[str, Record]]
    ) -> tuple[float, int] | None:
        """The part of the mean's error that comes from the items, and their number, if known."""


class SeedsAlone:
    """For records that kept no items."""

    def error(self, measure: Measure, by_seed: Iterable[Mapping[str, Record]]) -> None:
        """None, as there are no items."""


def estimate(
    measure: Measure, claim: Claim, by_seed: BySeed, chapter: list[Record], items: ErrorOverItems
) -> Estimate | ShareOfRuns:
    """The mean over seeds; its error is that of the seeds and, where they are kept, of the items.

    The seeds take Student's distribution, as a bootstrap of three values has ten samples; the items
    are resampled. The two errors are independent, and their variances add. The interval is never
    narrower than that over the seeds alone.
    """
    if share := share_of_runs(measure, by_seed.values()):
        return share
    values = [measure.at(records) for records in by_seed.values()]
    mean = values[0] if len(set(values)) == 1 else math.fsum(values) / len(values)
    parts: list[tuple[float, float]] = []
    covered: list[Covers] = []
    over_seeds = claim.spread == "seeds"
    if over_seeds and (found := scatter(measure, by_seed, chapter, paired=claim.paired)):
        parts.append((found.variance / len(values), found.degrees))
        covered.append("seeds")
    if resampled := items.error(measure, by_seed.values()):
        error, count = resampled
        parts.append((error**2, count - 1))
        covered.append("items")
    total = math.fsum(variance for variance, _ in parts)
    # Seeds that all agree leave the items alone no claim to certainty about seeds.
    if total == 0 or (over_seeds and "seeds" not in covered):
        return Estimate(mean, None, 0, "nothing")
    degrees = total**2 / math.fsum(variance**2 / d for variance, d in parts)
    if len(covered) == 1:
        return Estimate(mean, math.sqrt(total), degrees, covered[0])
    of_seeds, seeds_degrees = parts[0]
    alone = StandardError(math.sqrt(of_seeds), seeds_degrees)
    return Estimate(mean, math.sqrt(total), degrees, "both", alone)


def seeds_without_value(
    measure: Measure, by_seed: BySeed, seeds: Iterable[int]
) -> dict[int, NoValue]:
    """The seeds at which the measure has no value, and why."""
    found = {}
    for seed in seeds:
        try:
            measure.at(by_seed[seed])
        except NoValue as reason:
            found[seed] = reason
    return found
