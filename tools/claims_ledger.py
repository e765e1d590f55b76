"""Enter claims into data/claims_ledger.json: run it before committing a new or changed claim.

    python tools/claims_ledger.py                  what the ledger does not have yet
    python tools/claims_ledger.py --from-history   also what git's history has, with its commits

Entries are added, never changed or removed. The commit that adds an entry is its date, so commit
the ledger together with the claim, before any run that tests it.
"""

import argparse
import functools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from replications.claims.ledger import Entry, Ledger, as_tree, load_ledger, save_ledger
from replications.papers import PAPERS
from replications.paths import CLAIMS_LEDGER, REPOSITORY

States = Mapping[str, Mapping[str, Any]]
"""Of each claim, "paper/slug", its measure and criterion: as `tree`, and as text."""

# Where claims and measures have stood. What is not there in an early commit is passed over.
PLACES = ("replications/papers", "replications/claims", "replications/claims.py")

# Runs in a tree of the past, whose package may have no ledger yet.
AT_A_COMMIT = """
import dataclasses, json
from replications.papers import PAPERS
def tree(part):
    if dataclasses.is_dataclass(part):
        fields = dataclasses.fields(part)
        return [type(part).__name__, *(tree(getattr(part, field.name)) for field in fields)]
    if isinstance(part, (tuple, list)):
        return [tree(each) for each in part]
    return float(part) if isinstance(part, (int, float)) else part
print(json.dumps({
    f"{paper}/{claim.slug}": {
        "tree": tree((claim.measure, claim.criterion)),
        "measure": str(claim.measure),
        "criterion": str(claim.criterion),
    }
    for paper in PAPERS for claim in PAPERS[paper].CLAIMS if claim.measure is not None
}))
"""


def now() -> States:
    """The claims of this working tree."""
    return {
        f"{paper}/{claim.slug}": {
            "tree": as_tree((claim.measure, claim.criterion)),
            "measure": str(claim.measure),
            "criterion": str(claim.criterion),
        }
        for paper, module in PAPERS.items()
        for claim in module.CLAIMS
        if claim.measure is not None
    }


def history() -> Iterator[tuple[str, States]]:
    """The claims at each commit that touched them, the oldest first."""
    commits = _git(
        "log", "--full-history", "--date-order", "--reverse", "--format=%H", "--", *PLACES
    ).split()
    for commit in commits:
        with tempfile.TemporaryDirectory() as folder:
            archive = subprocess.run(
                ["git", "archive", commit, "replications", "data"],
                cwd=REPOSITORY,
                capture_output=True,
                check=True,
            )
            subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
            done = subprocess.run(
                [sys.executable, "-c", AT_A_COMMIT],
                cwd=folder,
                env={**os.environ, "PYTHONPATH": folder},
                capture_output=True,
                text=True,
            )
        if done.returncode:
            print(f"{commit[:9]}: no claims to be had ({done.stderr.strip().splitlines()[-1]})")
            continue
        yield commit, json.loads(done.stdout)


def entered(ledger: Ledger, states: Iterable[tuple[str, States]]) -> Ledger:
    """The ledger with what it did not have; each state comes with its commit, "" for this one.

    A criterion that was stated on two branches has a commit of each.
    """
    entries = {(entry.claim, entry.fingerprint): entry for entry in ledger.entries}
    for commit, claims in states:
        for name, state in claims.items():
            stated, key = ledger.keys(*name.split("/"), state["tree"])
            key = stated if stated in entries else key
            commits = (commit,) if commit else ()
            if key not in entries:
                entries[key] = Entry(*key, state["measure"], state["criterion"], commits)
            elif commit and not any(_is_ancestor(old, commit) for old in entries[key].commits):
                both = (*entries[key].commits, commit)
                entries[key] = replace(entries[key], commits=both)
    return replace(ledger, entries=tuple(entries.values()))


def read(ledger: Ledger) -> Ledger:
    """The ledger with how each claim is read now."""
    readings = {each.fingerprint: each for each in ledger.readings}
    for paper, module in PAPERS.items():
        for claim in module.CLAIMS:
            if claim.measure is not None:
                reading = ledger.reading_of(paper, claim)
                readings.setdefault(reading.fingerprint, reading)
    return replace(ledger, readings=tuple(readings.values()))


@functools.cache
def _is_ancestor(old: str, new: str) -> bool:
    words = ["git", "merge-base", "--is-ancestor", old, new]
    return subprocess.run(words, cwd=REPOSITORY).returncode == 0


def _git(*words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    return done.stdout


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--from-history", action="store_true")
    chosen = options.parse_args()
    ledger = load_ledger()
    states = [*(history() if chosen.from_history else ()), ("", now())]
    grown = read(entered(ledger, states))
    added = grown.entries[len(ledger.entries) :]
    for entry in added:
        print(f"{entry.claim}: {entry.measure}: {entry.criterion}")
    read_anew = grown.readings[len(ledger.readings) :]
    for reading in read_anew:
        print(f"{reading.claim}: {reading.words}")
    save_ledger(grown)
    print(
        f"{len(added)} entries and {len(read_anew)} readings added to {CLAIMS_LEDGER.name}: commit "
        "it together with the claims."
    )


if __name__ == "__main__":
    main()
