"""Records read from their folder, under today's names."""

import dataclasses
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from replications.errors import ReplicationError
from replications.paths import RECORDS
from replications.recipes import hash_of
from replications.records.compact import compact_files, read_compact
from replications.records.record import Record
from replications.records.schema import OPTIONAL, faults_of, field_names, numbers_in
from replications.renames import upgraded, upgraded_metrics, upgraded_recipe

if TYPE_CHECKING:
    from replications.items import Items


def load_items(record: Record, folder: Path = RECORDS) -> dict[str, "Items"]:
    """The items of each metric that has any, by the metric's name; of older records none.

    Raises ReplicationError, naming the file, where it is missing or is not the one that the run
    wrote.
    """
    from replications.items import read_items

    path = folder / record.paper / record.items_filename
    return read_items(path, record.items) if record.items else {}


def load_record(path: Path) -> Record:
    """Read one record. Raises ReplicationError, naming the file, for anything but a whole one."""

    def refuse(what: str) -> ReplicationError:
        return ReplicationError(
            f"{path} is not a whole record: {what}. Delete it and run the recipe again, or restore "
            "it with `git checkout`."
        )

    def refuse_constant(constant: str) -> float:
        raise refuse(f"it holds {constant}")

    try:
        tree = json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse_constant)
    except OSError as error:
        raise ReplicationError(f"Cannot read the record {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise refuse("it is not UTF-8 text") from error
    except (ValueError, RecursionError) as error:
        raise refuse(f"it is not JSON ({error})") from error
    if not isinstance(tree, dict):
        raise refuse("its outermost value is not an object")
    record = _record_of(tree, refuse)
    if path.name != record.filename:
        raise refuse(f"by its contents its name would be {record.filename}")
    return _in_todays_names(record)


def _load_compact(path: Path) -> list[Record]:
    def refuse(what: str) -> ReplicationError:
        return ReplicationError(
            f"{path} holds what is no whole record: {what}. Restore it with `git checkout`, or "
            "delete it and run the sweep again."
        )

    return [
        dataclasses.replace(_in_todays_names(_record_of(tree, refuse)), stored_in=path.name)
        for tree in read_compact(path)
    ]


def _record_of(tree: dict, refuse: Callable[[str], ReplicationError]) -> Record:
    if missing := [name for name in field_names() if name not in {*tree, *OPTIONAL}]:
        raise refuse(f"it lacks {', '.join(sorted(missing))}")
    if faults := faults_of(tree):
        raise refuse(faults)
    for where, value in numbers_in(tree):
        if not math.isfinite(value):
            raise refuse(f"{where} is {value}")
    return Record(**tree, stored_as=tree["recipe"])


def _in_todays_names(record: Record) -> Record:
    paper, items = record.paper, record.items
    parts, hashed = record.recipe_parts, record.recipe_hash
    # Parts that are not those of the hash have been edited: the hash stays that of the run.
    if hash_of(parts) == hashed:
        parts = upgraded(parts)
        hashed = hash_of(parts)
    if items:
        items = {**items, "metrics": upgraded_metrics(paper, items["metrics"])}
    return dataclasses.replace(
        record,
        recipe=upgraded_recipe(paper, record.recipe),
        recipe_parts=parts,
        recipe_hash=hashed,
        metrics=upgraded_metrics(paper, record.metrics),
        trajectory=[upgraded_metrics(paper, point) for point in record.trajectory],
        items=items,
    )


def load_records(paper: str, tier: str | None = None, folder: Path = RECORDS) -> list[Record]:
    """All records of a paper (of one tier), by recipe, tier and seed; none is an empty list.

    A record under an earlier name of its recipe counts until there is one under today's; of a run
    that several files hold, such as those of a sweep on two machines, the latest counts.
    """
    found: list[Record] = []
    for path in sorted((folder / paper).glob("*.json")):
        found.append(load_record(path))
        if found[-1].paper != paper:
            raise ReplicationError(
                f"{path} is a record of {found[-1].paper!r}: move it to {folder / found[-1].paper}."
            )
    for path in compact_files(paper, folder):
        found.extend(_load_compact(path))
        if others := {record.paper for record in found} - {paper}:
            raise ReplicationError(
                f"{path} holds records of {', '.join(sorted(others))}: move it to the folder of "
                "that paper."
            )
    records: dict[tuple[str, str, int], Record] = {}
    for record in found:
        key = record.recipe, record.tier, record.seed
        if tier in (None, record.tier) and (
            key not in records or _rank(record) >= _rank(records[key])
        ):
            records[key] = record
    return [records[key] for key in sorted(records)]


def _rank(record: Record) -> tuple[bool, str]:
    return record.stored_as == record.recipe, record.date
