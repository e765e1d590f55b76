"""Claims of the papers, each judged on records: measure, interval over seeds, criterion, verdict.

A claim is written before the run that tests it. Nothing here trains or reads a model.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, runtime_checkable

from replications.claims.criteria import Criterion, interval
from replications.claims.measures import (
    Measure,
    NoValue,
)
from replications.claims.shared_recipes import judged_recipes, records_to_judge
from replications.errors import ReplicationError
from replications.paths import RECORDS
from replications.records import Hashed, Number, Record, fresh

REPRODUCED = "reproduced"
REPRODUCED_AT_REDUCED_SCALE = "reproduced at reduced scale"
NOT_REPRODUCED = "not reproduced"
NOT_TESTABLE = "not testable here"
NO_RECORDS = "no records yet"
VERDICTS = (REPRODUCED, REPRODUCED_AT_REDUCED_SCALE, NOT_REPRODUCED, NOT_TESTABLE, NO_RECORDS)
FEWEST_SEEDS = 3


@dataclass(frozen=True)
class Claim:
    """One sentence of a paper, and what would count as reproducing it here.

    `source` names the table or figure; `paper_value` is the paper's own number or numbers, `unit`
    theirs and ours. `not_testable` is the reason why nothing at our scale could decide the claim;
    then neither measure nor criterion is needed.
    """

    slug: str
    statement: str
    source: str
    paper_value: dict[str, Number] | str
    measure: Measure | None = None
    criterion: Criterion | None = None
    unit: str = ""
    tier: str = "laptop"
    seeds: int = FEWEST_SEEDS
    verdict_if_met: str = REPRODUCED_AT_REDUCED_SCALE
    not_testable: str = ""

    def __post_init__(self) -> None:
        if self.verdict_if_met not in (REPRODUCED, REPRODUCED_AT_REDUCED_SCALE):
            raise ValueError(f"claim {self.slug}: no such verdict_if_met: {self.verdict_if_met!r}")
        if not self.not_testable and (self.measure is None or self.criterion is None):
            raise ValueError(f"claim {self.slug}: give a measure and a criterion, or not_testable")
        if self.seeds < FEWEST_SEEDS:
            raise ValueError(f"claim {self.slug}: an interval takes {FEWEST_SEEDS} seeds or more")


@dataclass(frozen=True)
class Verdict:
    """What the records say of a claim.

    `measured` is the mean over `seeds` seeds, `low` and `high` its 95 % t-interval: None without
    enough records, or where a run did not come as far as the measure asks. `data` holds each
    corpus once (name, split, kind, sha256, expected) and `records` the paths of the records used,
    relative to the repository.
    """

    claim: Claim
    verdict: str
    measured: Number | None = None
    low: Number | None = None
    high: Number | None = None
    seeds: int = 0
    data: tuple[dict, ...] = ()
    records: tuple[str, ...] = ()
    note: str = ""


@runtime_checkable
class Paper(Protocol):
    """What is asked of a package of `replications.papers` here. It may also have BORROWED."""

    RECIPES: Mapping[str, Sequence[Hashed]]
    CLAIMS: Sequence[Claim]


def values_by_seed(measure: Measure, records: Iterable[Record]) -> dict[int, Number]:
    """The measure at every seed for which each recipe it needs has a record, in order of seeds.

    `records` are of one tier. Raises NoValue when a run did not come as far as the measure asks.
    """
    return {seed: measure.at(those) for seed, those in _paired(measure, records).items()}


def check(
    claim: Claim, records: Iterable[Record], recipes: Mapping[str, Sequence[Hashed]]
) -> Verdict:
    """Judge one claim. `recipes` is `judged_recipes` of the paper: records of others are stale.

    Stale records never count; recipes are paired by seed; too few seeds, a gap in them, or
    recipes that saw different copies of a corpus leave the claim without a verdict, and the note
    says so. A run that did not come as far as the measure asks, at one seed or more, makes the
    claim not reproduced, and the note says which. Raises ReplicationError when the measure names
    an unknown recipe or metric.
    """
    if claim.not_testable:
        return Verdict(claim, NOT_TESTABLE, note=claim.not_testable)
    known = [recipe.name for recipe in recipes.get(claim.tier, ())]
    if unknown := [name for name in claim.measure.recipes if name not in known]:
        raise ReplicationError(
            f"The claim {claim.slug!r} needs {', '.join(unknown)}, which tier {claim.tier!r} does "
            f"not have. It has: {', '.join(known) or 'no recipes'}."
        )
    of_tier = [r for r in records if r.tier == claim.tier and r.recipe in claim.measure.recipes]
    current = fresh(of_tier, recipes)
    by_seed = _paired(claim.measure, current)
    stale = len(of_tier) - len(current)
    obstacle = _obstacle(claim, by_seed, stale)
    if obstacle:
        return Verdict(claim, NO_RECORDS, seeds=len(by_seed), note=obstacle)
    used = [record for those in by_seed.values() for record in those.values()]
    verdict = Verdict(
        claim,
        NOT_REPRODUCED,
        seeds=len(by_seed),
        data=_corpora(used),
        records=tuple(f"data/records/{record.paper}/{record.filename}" for record in used),
    )
    values, unreached = _values(claim.measure, by_seed)
    if unreached:
        return replace(verdict, note=_joined(*unreached, _different_data(used)))
    complaint = claim.criterion.complaint(values)
    found = interval(values)
    return replace(
        verdict,
        verdict=NOT_REPRODUCED if complaint else claim.verdict_if_met,
        measured=found.mean,
        low=found.low,
        high=found.high,
        note=_joined(complaint, _different_data(used)),
    )


def check_paper(slug: str, paper: Paper, folder: Path = RECORDS) -> list[Verdict]:
    """Judge all claims of a paper on the records in the folder, in the paper's order."""
    records, recipes = records_to_judge(slug, paper, folder), judged_recipes(paper)
    return [check(claim, records, recipes) for claim in paper.CLAIMS]


def as_json(slug: str, verdict: Verdict) -> dict:
    """The object that `replicate claims --json` prints for one claim."""
    claim = verdict.claim
    return {
        "paper": slug,
        "claim": claim.slug,
        "statement": claim.statement,
        "source": claim.source,
        "paper_value": claim.paper_value,
        "unit": claim.unit,
        "measure": "" if claim.measure is None else str(claim.measure),
        "criterion": "" if claim.criterion is None else str(claim.criterion),
        "tier": claim.tier,
        "seeds": verdict.seeds,
        "data": list(verdict.data),
        "measured": verdict.measured,
        "low": verdict.low,
        "high": verdict.high,
        "verdict": verdict.verdict,
        "records": list(verdict.records),
        "note": verdict.note,
    }


def _values(
    measure: Measure, by_seed: Mapping[int, Mapping[str, Record]]
) -> tuple[list[Number], list[str]]:
    """The values, and a sentence for each seed that has none."""
    values, unreached = [], []
    for seed, records in by_seed.items():
        try:
            values.append(measure.at(records))
        except NoValue as reason:
            unreached.append(f"At seed {seed}, {reason}.")
    return values, unreached


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _paired(measure: Measure, records: Iterable[Record]) -> dict[int, dict[str, Record]]:
    by_seed: dict[int, dict[str, Record]] = {}
    for record in records:
        if record.recipe in measure.recipes:
            by_seed.setdefault(record.seed, {})[record.recipe] = record
    return {
        seed: {name: by_seed[seed][name] for name in measure.recipes}
        for seed in sorted(by_seed)
        if len(by_seed[seed]) == len(measure.recipes)
    }


def _obstacle(claim: Claim, by_seed: Mapping[int, Mapping[str, Record]], stale: int) -> str:
    left_out = f" {stale} stale records do not count." if stale else ""
    if len(by_seed) < claim.seeds:
        return f"{len(by_seed)} of {claim.seeds} seeds are recorded.{left_out}"
    # A seed left out between others could be one that was dropped for its result.
    if missing := sorted(set(range(max(by_seed))) - by_seed.keys()):
        return f"Seeds are missing: {', '.join(map(str, missing))}.{left_out}"
    used = [record for those in by_seed.values() for record in those.values()]
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
