"""Each criterion stood in a commit before the first record that its verdict rests on."""

from __future__ import annotations

import functools
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from replications.claims import (
    Above,
    Below,
    Between,
    Claim,
    Difference,
    Informative,
    Value,
    Verdict,
    check_paper,
)
from replications.claims.ledger import Entry, Ledger, as_tree, load_ledger, save_ledger
from replications.errors import ReplicationError
from replications.papers import PAPERS
from replications.paths import CLAIMS_LEDGER, REPOSITORY
from replications.records import Record, load_records

EVERY_CLAIM = [
    pytest.param(slug, claim, id=f"{slug}-{claim.slug}")
    for slug, paper in PAPERS.items()
    for claim in paper.CLAIMS
    if claim.measure is not None
]
EMPTY = Ledger((), (), {})
LEDGER = CLAIMS_LEDGER.relative_to(REPOSITORY).as_posix()


def git(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run(["git", *words], cwd=REPOSITORY, capture_output=True, text=True)


@functools.cache
def ancestors(commit: str) -> frozenset[str]:
    """The commit and all before it; empty where git does not know it."""
    return frozenset(git("rev-list", commit).stdout.split())


@functools.cache
def brought_by(fingerprint: str) -> tuple[str, ...]:
    """The commit that brought this text into the ledger; none for one not committed yet."""
    log = git("log", "--format=%H", f"-S{fingerprint}", "--", LEDGER)
    return tuple(log.stdout.split()[-1:])


def entry_of(ledger: Ledger, paper: str, claim: Claim) -> Entry | None:
    """The entry of the claim's present measure and criterion; None for one that has none."""
    keys = ledger.keys(paper, claim.slug, as_tree((claim.measure, claim.criterion)))
    found = {(each.claim, each.fingerprint): each for each in ledger.entries}
    return next((found[key] for key in keys if key in found), None)


@functools.cache
def recorded() -> dict[tuple[str, str], Record]:
    """All records by their papers and files: a sweep's file is read once, and chapters borrow."""
    return {(slug, record.filename): record for slug in PAPERS for record in load_records(slug)}


@functools.cache
def judged(slug: str) -> list[Verdict]:
    return check_paper(slug, PAPERS[slug])


@pytest.fixture(scope="module")
def history() -> None:
    try:
        shallow = git("rev-parse", "--is-shallow-repository").stdout.strip()
    except FileNotFoundError:
        pytest.skip("git is not installed: the history cannot be read")
    if shallow != "false":
        pytest.skip(
            "this copy has no whole history: clone without --depth, or `git fetch --unshallow`"
        )


@pytest.mark.parametrize(("slug", "claim"), EVERY_CLAIM)
def test_each_claim_is_in_the_ledger_as_it_stands(slug, claim):
    assert entry_of(load_ledger(), slug, claim), (
        "its measure or criterion is not in data/claims_ledger.json: run "
        "`python tools/claims_ledger.py` and commit both, before any run; a pure rename goes into "
        "`renamed` there"
    )


def test_no_claim_of_the_ledger_has_two_entries_of_one_fingerprint():
    keys = [(entry.claim, entry.fingerprint) for entry in load_ledger().entries]
    assert len(set(keys)) == len(keys)


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("slug", PAPERS)
def test_each_criterion_was_committed_before_the_records_that_its_verdict_rests_on(slug):
    ledger = load_ledger()
    excused = {}
    for each in ledger.disclosures:
        excused |= each.excused if each.paper == slug else {}
    older: dict[str, set[str]] = {}
    for verdict in judged(slug):
        if not verdict.records:
            continue
        entry = entry_of(ledger, slug, verdict.claim)
        stated = set(entry.commits or brought_by(entry.fingerprint))
        for path in verdict.records:
            record = recorded()[Path(path).parent.name, Path(path).name]
            commit, _, _ = record.commit.partition("-")
            if not stated & ancestors(commit):
                older.setdefault(verdict.claim.slug, set()).add(record.recipe)
    known = {v.claim.slug for v in judged(slug) if v.records}
    disclosed = {name: set(recipes) for name, recipes in excused.items() if name in known}
    assert older == disclosed, (
        "the records of just the disclosed recipes may be older than the criterion that judges them"
    )


@pytest.mark.parametrize(("slug", "claim"), EVERY_CLAIM)
def test_each_claim_is_read_as_the_ledger_has_it(slug, claim):
    ledger = load_ledger()
    known = {each.fingerprint for each in ledger.readings}
    assert ledger.reading_of(slug, claim).fingerprint in known, (
        "its looks, its tier, the effect that counts, its baseline or what varies is not in "
        "data/claims_ledger.json: run `python tools/claims_ledger.py` and commit both"
    )


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("slug", PAPERS)
def test_no_reading_was_changed_after_the_records_that_its_verdict_rests_on(slug):
    """The readings that came into the ledger with the first of all are older than they look."""
    ledger = load_ledger()
    oldest = brought_by(ledger.readings[0].fingerprint) or ("HEAD",)
    first = git("show", f"{oldest[0]}:{LEDGER}").stdout
    read_anew = {name for d in ledger.disclosures if d.paper == slug for name in d.read_anew}
    late = []
    for verdict in judged(slug):
        if not verdict.records or verdict.claim.slug in read_anew:
            continue
        fingerprint = ledger.reading_of(slug, verdict.claim).fingerprint
        if fingerprint in first:
            continue
        stated = brought_by(fingerprint)
        for path in verdict.records:
            commit, _, _ = recorded()[Path(path).parent.name, Path(path).name].commit.partition("-")
            if not set(stated) & ancestors(commit):
                late.append(f"{verdict.claim.slug}: {path}, made from {commit[:9]}")
    assert late == [], "these records are older than the reading that judges them"


@pytest.mark.usefixtures("history")
def test_the_ledgers_commits_are_in_the_history():
    ledger = load_ledger()
    named = {commit for entry in ledger.entries for commit in entry.commits}
    named |= {each.commit for each in ledger.disclosures if each.commit}
    assert [commit for commit in sorted(named) if not ancestors(commit)] == []


def claim(criterion=None, measure=None) -> Claim:
    measure = measure or Difference(Value("bert", "masked_nll"), Value("short", "masked_nll"))
    return Claim("deeper", "Deeper.", "table 1", "deeper", measure, criterion or Above(0))


def test_a_moved_bound_and_another_metric_have_another_fingerprint():
    _, fingerprint = EMPTY.identify("bert", claim())
    assert EMPTY.identify("bert", claim())[1] == fingerprint
    assert EMPTY.identify("bert", claim(Above(0.0)))[1] == fingerprint
    other = Difference(Value("bert", "masked_nll"), Value("short", "nll"))
    for changed in (claim(Above(1)), claim(Between(0, 1)), claim(measure=other)):
        assert EMPTY.identify("bert", changed)[1] != fingerprint


def test_a_new_reading_of_the_same_measure_keeps_the_fingerprint():
    changed = replace(claim(), smallest=3, role="secondary", statement="It is deeper.")
    assert EMPTY.identify("bert", changed) == EMPTY.identify("bert", claim())


@pytest.mark.parametrize(
    "changed",
    [
        {"smallest": 3},
        {"looks": (3, 5)},
        {"first_seed": 3},
        {"paired": True},
        {"spread": "items"},
        {"tier": "gpu"},
        {"informative": Informative(Value("bert", "nll"), Below(5), "chance")},
    ],
)
def test_whatever_else_decides_a_verdict_changes_the_reading(changed):
    before = EMPTY.reading_of("bert", claim())
    after = EMPTY.reading_of("bert", replace(claim(), **changed))
    assert after.fingerprint != before.fingerprint
    assert EMPTY.reading_of("glove", claim()).fingerprint != before.fingerprint
    assert EMPTY.reading_of("bert", replace(claim(), statement="It is deeper.")) == before


def test_a_reading_keeps_its_fingerprint_where_a_metric_has_a_new_name():
    old, new = (
        replace(claim(), informative=Informative(Value("bert", metric), Below(5), "chance"))
        for metric in ("nll", "cross_entropy")
    )
    renamed = Ledger((), (), {"bert": {"cross_entropy": "nll"}})
    before = EMPTY.reading_of("bert", old).fingerprint
    assert renamed.reading_of("bert", new).fingerprint == before
    assert EMPTY.reading_of("bert", new).fingerprint != before


def test_a_pure_rename_keeps_the_fingerprint_where_the_ledger_says_so():
    @dataclass(frozen=True)
    class Metric:
        """Value, under a new name, with fields of other names."""

        run: str
        key: str

        @property
        def recipes(self):
            return (self.run,)

        def at(self, records):
            return records[self.run].metric(self.key)

    renamed = {
        "*": {"Metric": "Value"},
        "bert": {"masked_cross_entropy": "masked_nll", "brief": "short", "deep": "deeper"},
    }
    new = Difference(
        Metric("bert", "masked_cross_entropy"), Metric("brief", "masked_cross_entropy")
    )
    after = replace(claim(measure=new), slug="deep")
    before = EMPTY.identify("bert", claim())
    assert before[0] == "bert/deeper"
    assert Ledger((), (), renamed).identify("bert", after) == before
    assert Ledger((), (), renamed).identify("glove", after) != before
    assert EMPTY.identify("bert", after)[1] != before[1]


def test_what_was_entered_under_the_new_name_is_found_beside_what_had_the_old_one():
    tree = as_tree((claim().measure, claim().criterion))
    renamed = {"bert": {"short": "brief"}}
    fingerprint = EMPTY.identify("bert", claim())[1]
    entry = Entry("bert/deeper", fingerprint, "measure", "criterion")
    ledger = Ledger((entry,), (), renamed)
    assert ledger.identify("bert", claim())[1] != fingerprint
    assert entry_of(ledger, "bert", claim()) == entry
    old = replace(entry, fingerprint=ledger.identify_tree("bert", "deeper", tree)[1])
    assert entry_of(Ledger((old,), (), renamed), "bert", claim()) == old
    assert entry_of(Ledger((old,), (), {}), "bert", claim()) is None


def test_the_ledger_is_read_as_it_was_written(tmp_path):
    ledger = load_ledger()
    save_ledger(ledger, tmp_path / "ledger.json")
    assert (tmp_path / "ledger.json").read_bytes() == CLAIMS_LEDGER.read_bytes()
    assert load_ledger(tmp_path / "ledger.json") == ledger


@pytest.mark.parametrize("text", ["", "{}", '{"criteria": [{"claim": 1}], "disclosures": []}'])
def test_a_broken_ledger_is_named(tmp_path, text):
    path = tmp_path / "ledger.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReplicationError, match=r"ledger\.json is no ledger"):
        load_ledger(path)
