"""Whether a recipe is still the one that made a record."""

import typing
from collections.abc import Iterable, Mapping
from pathlib import Path

from replications.paths import RECORDS
from replications.records.reading import load_records
from replications.records.record import Record


@typing.runtime_checkable
class Hashed(typing.Protocol):
    """What is required of a recipe here: its name, and a hash of all that shapes its result."""

    @property
    def name(self) -> str: ...

    @property
    def hash(self) -> str: ...


def is_stale(record: Record, recipe: Hashed) -> bool:
    """True when the recipe has changed since the record was made."""
    return record.recipe_hash != recipe.hash


def fresh(records: Iterable[Record], recipes: Mapping[str, Iterable[Hashed]]) -> list[Record]:
    """The records whose recipe, found by tier and name, is still the one that made them."""
    now = {(tier, recipe.name): recipe for tier, those in recipes.items() for recipe in those}
    return [
        record
        for record in records
        if (recipe := now.get((record.tier, record.recipe))) and not is_stale(record, recipe)
    ]


def stale_records(
    paper: str, recipes: Mapping[str, Iterable[Hashed]], folder: Path = RECORDS
) -> list[Record]:
    """The paper's records whose recipe has changed or is gone."""
    records = load_records(paper, folder=folder)
    current = fresh(records, recipes)
    return [record for record in records if record not in current]
