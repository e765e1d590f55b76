"""Judge the claims of a paper on records. Nothing here trains or reads a model."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from replications.claims.claim import Claim
from replications.claims.estimates import ErrorOverItems, SeedsAlone, estimate, seeds_without_value
from replications.claims.intervals import Estimate
from replications.claims.measures import Measure, NotReached, NoValue, leaves_out_failed
from replications.claims.measures.trajectory import takes_time
from replications.claims.measures.transitions import ShareOfRuns
from replications.claims.scatter import BySeed
from replications.claims.shared_recipes import judged_recipes, records_to_judge
from replications.claims.verdicts import (
    CONTRADICTED,
    NO_RECORDS,
    NOT_TESTABLE,
    UNDECIDED,
    Verdict,
    judge,
)
from replications.errors import ReplicationError
from replications.paths import RECORDS
from replications.records import Hashed, Number, Record, fresh, load_items


@runtime_checkable
class Paper(Protocol):
    """What is required of a package of `replications.papers`. It may also have BORROWED."""

    RECIPES: Mapping[str, Sequence[Hashed]]
    CLAIMS: Sequence[Claim]


def values_by_seed(measure: Measure, records: Iterable[Record]) -> dict[int, Number]:
    """The measure at every seed for which each recipe it needs has a record, in order of seeds.

    `records` are of one tier. Raises NoValue when a run did not come as far as the measure asks.
    """
    by_seed = records_by_seed(measure.recipes, records)
    return {seed: measure.at(those) for seed, those in by_seed.items()}


def records_by_seed(
    recipes: Sequence[str], records: Iterable[Record]
) -> dict[int, dict[str, Record]]:
    """Of every seed for which each recipe has a record, in order of seeds, those records by recipe.

    `records` are of one tier.
    """
    by_seed: dict[int, dict[str, Record]] = {}
    for record in records:
        if record.recipe in recipes:
            by_seed.setdefault(record.seed, {})[record.recipe] = record
    return {
        seed: {name: by_seed[seed][name] for name in recipes}
        for seed in sorted(by_seed)
        if len(by_seed[seed]) == len(recipes)
    }


def check(
    claim: Claim,
    records: Iterable[Record],
    recipes: Mapping[str, Sequence[Hashed]],
    over_items: "ErrorOverItems | None" = None,
) -> Verdict:
    """Judge one claim. `recipes` is `judged_recipes` of the paper: records of others are stale.

    Stale records never count. Too few seeds, or recipes that saw different copies of a corpus,
    leave the claim without a verdict, and the note says so. A failed run leaves it undecided, but
    for a measure that says that it leaves such runs out. Seeds count from the claim's first, which
    is 0 but for few, without a gap: one that is missing could be one that was dropped for its
    result. A claim about time takes only seeds all of whose runs were on one kind of machine.
    `records` are all of the chapter, as the scatter over seeds may be pooled over it.
    Raises ReplicationError when the measure names an unknown recipe or metric.
    """
    if claim.not_testable:
        return Verdict(claim, NOT_TESTABLE, note=claim.not_testable)
    known = [recipe.name for recipe in recipes.get(claim.tier, ())]
    if unknown := [name for name in claim.recipes if name not in known]:
        raise ReplicationError(
            f"The claim {claim.slug!r} needs {', '.join(unknown)}, which tier {claim.tier!r} does "
            f"not have. It has: {', '.join(known) or 'no recipes'}."
        )
    of_tier = [record for record in records if record.tier == claim.tier]
    chapter = fresh(of_tier, recipes)
    by_seed = _by_seed(claim, chapter)
    apart = _timed_apart(claim, by_seed)
    by_seed = {seed: those for seed, those in by_seed.items() if seed not in apart}
    recorded = next(n for n in range(len(by_seed) + 1) if claim.first_seed + n not in by_seed)
    looks = [look for look in claim.looks if look <= recorded]
    used = [
        record for seed in _seeds(claim, max(looks, default=0)) for record in by_seed[seed].values()
    ]
    stale = sum(record.recipe in claim.recipes for record in of_tier) - sum(
        record.recipe in claim.recipes for record in chapter
    )
    timed = f"Left out, as timed on different machines: seeds {_listed(apart)}." if apart else ""
    if obstacle := _too_few(claim, by_seed, recorded, stale) or _different_copies(used):
        return Verdict(claim, NO_RECORDS, seeds=recorded, note=_joined(obstacle, timed))
    failed = [record for record in used if record.failed]
    note = f"A value is missing: {_failures(failed)}." if failed else ""
    whole = looks
    if failed and all(map(leaves_out_failed, _measures(claim))):
        note = f"Failed runs are left out: {_failures(failed)}."
    elif failed:
        # What an earlier look decided, a later failure does not reopen.
        whole = [look for look in looks if not _any_failed(claim, by_seed, look)]
    if whole:
        verdict = _judged(claim, whole, by_seed, chapter, over_items or SeedsAlone())
        verdict = replace(verdict, note=_joined(verdict.note, note))
    else:
        verdict = Verdict(claim, UNDECIDED, look=max(looks), note=note)
    return replace(
        verdict,
        seeds=recorded,
        data=_corpora(used),
        records=tuple(f"data/records/{record.paper}/{record.filename}" for record in used),
        note=_joined(verdict.note, timed, _different_data(used)),
    )


def check_paper(
    slug: str,
    paper: Paper,
    folder: Path = RECORDS,
    items_of: Callable[[Record], Mapping[str, Any]] | None = None,
) -> list[Verdict]:
    """Judge all claims of a paper on the records in the folder, in the paper's order.

    `items_of` gives a record's `replications.claims.items.Items` by metric; it reads those that lie
    beside the record, unless given. Where records kept none, intervals are over the seeds alone.

    Raises ReplicationError, naming the file, for a damaged record or items that are not there.
    """
    # It needs numpy, for which `replicate --help` need not wait.
    from replications.claims.items import Resampled

    records, recipes = records_to_judge(slug, paper, folder), judged_recipes(paper)
    over_items = Resampled(items_of or partial(load_items, folder=folder))
    return [check(claim, records, recipes, over_items) for claim in paper.CLAIMS]


def _judged(
    claim: Claim,
    looks: Sequence[int],
    by_seed: BySeed,
    chapter: list[Record],
    items: ErrorOverItems,
) -> Verdict:
    seeds = _seeds(claim, max(looks))
    lacking = seeds_without_value(claim.measure, by_seed, seeds)
    floor = claim.informative and claim.informative.measure
    without_floor = seeds_without_value(floor, by_seed, seeds) if floor else {}
    missing = {**without_floor, **lacking}
    earlier = [look for look in looks if not missing.keys() & set(_seeds(claim, look))]
    if missing and earlier:
        # What an earlier look decided, a value that is missing later does not reopen.
        verdict = _judged(claim, earlier, by_seed, chapter, items)
        return replace(verdict, note=_joined(verdict.note, _reasons(missing)))
    if lacking:
        # A level that no seed reached speaks against the claim; one that some did is open.
        never = all(isinstance(lacking.get(seed), NotReached) for seed in seeds)
        verdict = CONTRADICTED if never else UNDECIDED
        return Verdict(claim, verdict, look=max(looks), note=_reasons(lacking))
    if without_floor:
        return Verdict(claim, NOT_TESTABLE, look=max(looks), note=_reasons(without_floor))

    def at_looks(measure: Measure) -> dict[int, Estimate | ShareOfRuns]:
        return {
            look: estimate(
                measure, claim, {s: by_seed[s] for s in _seeds(claim, look)}, chapter, items
            )
            for look in looks
        }

    informative = at_looks(claim.informative.measure) if claim.informative else None
    return judge(claim, at_looks(claim.measure), informative)


def _reasons(lacking: Mapping[int, NoValue]) -> str:
    return _joined(*(f"At seed {seed}, {reason}." for seed, reason in lacking.items()))


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _listed(seeds: Iterable[int]) -> str:
    return ", ".join(map(str, seeds))


def _seeds(claim: Claim, count: int) -> range:
    return range(claim.first_seed, claim.first_seed + count)


def _any_failed(claim: Claim, by_seed: BySeed, look: int) -> bool:
    return any(run.failed for seed in _seeds(claim, look) for run in by_seed[seed].values())


def _by_seed(claim: Claim, records: Iterable[Record]) -> dict[int, dict[str, Record]]:
    """The records that the claim needs by seed, those seeds alone at which all are there."""
    return {
        seed: those
        for seed, those in records_by_seed(claim.recipes, records).items()
        if seed >= claim.first_seed
    }


def _timed_apart(claim: Claim, by_seed: BySeed) -> list[int]:
    """The seeds whose runs were on different machines, where the claim compares their times."""
    if not any(map(takes_time, _measures(claim))):
        return []
    return [seed for seed, those in by_seed.items() if len(_machines(those.values())) > 1]


def _machines(records: Iterable[Record]) -> set[str]:
    """The processors or cards of the runs, whatever the number of threads."""
    return {device.split(",")[0] for record in records for device in record.devices}


def _measures(claim: Claim) -> list[Measure]:
    baseline = [claim.informative.measure] if claim.informative else []
    return [*([] if claim.measure is None else [claim.measure]), *baseline]


def _failures(failed: Sequence[Record], most: int = 3) -> str:
    more = len(failed) - most
    named = "; ".join(record.failure for record in failed[:most])
    return named + (f"; and {more} more" if more > 0 else "")


def _too_few(claim: Claim, by_seed: BySeed, recorded: int, stale: int) -> str:
    if recorded >= claim.looks[0]:
        return ""
    left_out = f" {stale} stale records do not count." if stale else ""
    last = max(by_seed, default=claim.first_seed)
    if missing := sorted(set(range(claim.first_seed, last)) - by_seed.keys()):
        return f"Seeds are missing: {_listed(missing)}.{left_out}"
    return f"{recorded} of {claim.looks[0]} seeds are recorded.{left_out}"


def _different_copies(used: Sequence[Record]) -> str:
    seen: dict[tuple[str, str], str] = {}
    for corpus in _corpora(used):
        # The synthetic world is drawn anew for each seed; a real corpus is one set of rows.
        if corpus["kind"] == "synthetic":
            continue
        if seen.setdefault((corpus["name"], corpus["split"]), corpus["sha256"]) != corpus["sha256"]:
            return (
                f"The records were made from different copies of {corpus['name']} "
                f"({corpus['split']}): run them again on one."
            )
    return ""


def _corpora(records: Iterable[Record]) -> tuple[dict, ...]:
    shown = ("name", "split", "kind", "sha256", "expected")
    distinct = {
        tuple(corpus[key] for key in shown): None for record in records for corpus in record.corpora
    }
    return tuple(dict(zip(shown, corpus, strict=True)) for corpus in distinct)


def _different_data(records: Iterable[Record]) -> str:
    different = sorted({c["name"] for c in _corpora(records) if not c["expected"]})
    if not different:
        return ""
    return f"Made from data that differs from the registry: {', '.join(different)}."
