"""The ledger of criteria: when each claim's measure, criterion and reading were first committed.

`data/claims_ledger.json` only grows. A claim is entered in the commit that states it (by
`python tools/claims_ledger.py`), so that git dates the entry; entries made from the history before
the ledger name their commit. A pure rename goes into `renamed`, and leaves fingerprints alone.
"""

import dataclasses
import hashlib
import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from replications.claims.claim import Claim
from replications.errors import ReplicationError
from replications.paths import CLAIMS_LEDGER

EVERY_PAPER = "*"


@dataclass(frozen=True)
class Entry:
    """A measure and a criterion that a claim has or had, as text and as a fingerprint.

    `commits` stated them first, on each branch one; none where it is the commit that brought the
    entry into the ledger.
    """

    claim: str
    fingerprint: str
    measure: str
    criterion: str
    commits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What else decides a claim's verdict, as text and as a fingerprint.

    That is the tier, the looks and their first seed, the effect that counts, what a baseline gets,
    what varies, and whether seeds are paired. Other words for the same, and pure renames, leave the
    fingerprint alone.
    """

    claim: str
    fingerprint: str
    words: str


@dataclass(frozen=True)
class Disclosure:
    """Something that was changed after it was first stated, and is therefore disclosed.

    `paper` is "*" for all. `excused` are the claims, by slug, that rest on records older than their
    criterion's commit, with the recipes of those records; all others of the claim must be younger.
    `read_anew` are those whose reading was changed after their records.
    """

    paper: str
    reason: str
    commit: str = ""
    excused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    read_anew: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ledger:
    """All entries, in the order in which they were stated.

    `renamed` has new names of recipes, metrics, measures and claims with their old ones, by paper;
    those under "*" hold for all papers. The first readings of all claims came into the ledger in
    one commit, later than their criteria.
    """

    entries: tuple[Entry, ...]
    disclosures: tuple[Disclosure, ...]
    renamed: Mapping[str, Mapping[str, str]]
    readings: tuple[Reading, ...] = ()

    def old_name(self, paper: str, name: str) -> str:
        return {**self.renamed.get(EVERY_PAPER, {}), **self.renamed.get(paper, {})}.get(name, name)

    def reading_of(self, paper: str, claim: Claim) -> Reading:
        """How the claim is read now, whether the ledger has that or not."""
        name, fingerprint = self.identify_tree(
            paper, claim.slug, [paper, claim.slug, _reading(claim)]
        )
        return Reading(name, fingerprint, _reading_in_words(claim))

    def identify(self, paper: str, claim: Claim) -> tuple[str, str]:
        """The claim's name and fingerprint in the ledger."""
        return self.identify_tree(paper, claim.slug, as_tree((claim.measure, claim.criterion)))

    def identify_tree(self, paper: str, slug: str, tree: Any) -> tuple[str, str]:
        name = f"{paper}/{self.old_name(paper, slug)}"
        return name, _fingerprint(self._with_old_names(paper, tree))

    def keys(self, paper: str, slug: str, tree: Any) -> tuple[tuple[str, str], tuple[str, str]]:
        """Names and fingerprints that an entry may have: as it stands now, and with old names.

        One tier's recipe may have had a name from the first that another tier's got later.
        """
        return (f"{paper}/{slug}", _fingerprint(tree)), self.identify_tree(paper, slug, tree)

    def _with_old_names(self, paper: str, tree: Any) -> Any:
        if isinstance(tree, list):
            return [self._with_old_names(paper, part) for part in tree]
        return self.old_name(paper, tree) if isinstance(tree, str) else tree


def _fingerprint(tree: Any) -> str:
    return hashlib.sha256(json.dumps(tree, ensure_ascii=False).encode()).hexdigest()[:16]


def _reading(claim: Claim) -> Any:
    floor = claim.informative
    baseline = None if floor is None else (floor.measure, floor.criterion)
    looks = (claim.looks, claim.first_seed, claim.paired)
    return as_tree((claim.tier, claim.spread, looks, claim.effect_that_counts, baseline))


def _reading_in_words(claim: Claim) -> str:
    counts, floor = claim.effect_that_counts, claim.informative
    parts = (
        f"tier {claim.tier}",
        f"looks at {', '.join(map(str, claim.looks))} seeds from {claim.first_seed} on",
        f"over {claim.spread}",
        "paired" if claim.paired else "",
        "" if counts is None else f"counts from {float(counts):.6g}",
        "" if floor is None else f"informative where {floor.measure}: {floor.criterion}",
    )
    return "; ".join(filter(None, parts))


def as_tree(part: object) -> Any:
    """A measure or criterion as lists of names and numbers; names of its fields do not count.

    A function, such as how an Accounting counts, is its name.
    """
    if inspect.isfunction(part):
        return part.__qualname__
    if dataclasses.is_dataclass(part):
        values = (getattr(part, field.name) for field in dataclasses.fields(part))
        return [type(part).__name__, *map(as_tree, values)]
    if isinstance(part, tuple | list):
        return list(map(as_tree, part))
    return float(part) if isinstance(part, int | float) else part


def load_ledger(path: Path = CLAIMS_LEDGER) -> Ledger:
    """Raises ReplicationError, naming the file, for anything but a ledger."""
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
        entries = tuple(
            Entry(**{**each, "commits": tuple(each.get("commits", ()))})
            for each in tree["criteria"]
        )
        disclosures = tuple(
            Disclosure(
                **{
                    **each,
                    "excused": {
                        name: tuple(those) for name, those in each.get("excused", {}).items()
                    },
                    "read_anew": tuple(each.get("read_anew", ())),
                }
            )
            for each in tree["disclosures"]
        )
        readings = tuple(Reading(**each) for each in tree["readings"])
        return Ledger(entries, disclosures, tree["renamed"], readings)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReplicationError(
            f"{path} is no ledger of criteria: {error}. Restore it with `git checkout`."
        ) from error


def save_ledger(ledger: Ledger, path: Path = CLAIMS_LEDGER) -> None:
    tree = {
        "renamed": ledger.renamed,
        "disclosures": [_filled(each) for each in ledger.disclosures],
        "criteria": [_filled(each) for each in ledger.entries],
        "readings": [_filled(each) for each in ledger.readings],
    }
    text = json.dumps(tree, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _filled(part: Entry | Disclosure | Reading) -> dict[str, Any]:
    return {name: value for name, value in dataclasses.asdict(part).items() if value}
