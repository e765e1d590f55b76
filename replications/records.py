"""A record: what one training run was, what it cost and what it measured, as a JSON file.

Records lie in `data/records/<paper>/<recipe>.<tier>.seed<seed>.json`, are written by runs alone
and are committed. `data/records/schema.json` describes them to other programs.
"""

import contextlib
import dataclasses
import json
import math
import os
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from replications.atomic_write import written_whole
from replications.errors import ReplicationError
from replications.paths import RECORDS

Number = int | float


@typing.runtime_checkable
class Hashed(typing.Protocol):
    """What is asked of a recipe here: its name, and a hash of all that shapes its result."""

    @property
    def name(self) -> str: ...

    @property
    def hash(self) -> str: ...


@dataclass(frozen=True)
class Record:
    """One recipe trained once, with one seed.

    Units: `seconds` is training alone, without the preparation of data and without evaluation;
    `flops` are floating-point operations of training; `parameters` counts numbers, by kind.
    `texts` are what a recipe keeps of its model to be read, such as translations with their scores.
    """

    paper: str
    recipe: str
    tier: str
    seed: int
    recipe_hash: str
    recipe_parts: dict
    commit: str
    command: str
    device: str
    date: str
    versions: dict[str, str]
    corpora: list[dict]
    parameters: dict[str, int]
    tokens_seen: int
    flops: Number
    seconds: Number
    peak_memory_bytes: int
    trajectory: list[dict[str, Number]]
    metrics: dict[str, Number]
    texts: list[dict[str, str | Number]] = field(default_factory=list)

    @property
    def filename(self) -> str:
        return record_filename(self.recipe, self.tier, self.seed)

    def metric(self, name: str) -> Number:
        """The measured value. Raises ReplicationError where the run did not measure it."""
        if name not in self.metrics:
            raise ReplicationError(
                f"The record {self.paper}/{self.filename} has no metric {name!r}. It has: "
                f"{', '.join(sorted(self.metrics)) or 'none'}. Correct the name, or run the recipe "
                "again with that metric."
            )
        return self.metrics[name]


_OPTIONAL = {"texts"}


def record_filename(recipe: str, tier: str, seed: int) -> str:
    return f"{recipe}.{tier}.seed{seed}.json"


def save_record(record: Record, folder: Path = RECORDS) -> Path:
    """Write the record whole or not at all, and return its path.

    Raises ReplicationError when a value is not finite, a text not flat, or when the disk refuses
    (full, read-only); then an older record of the same name is still there, unharmed.
    """
    tree = dataclasses.asdict(record)
    if not record.texts:
        del tree["texts"]
    if not _has_type(record.texts, typing.get_type_hints(Record)["texts"]):
        raise ReplicationError(
            f"The run {record.paper}/{record.filename} was not recorded: its texts are not a list "
            "of dictionaries of texts and numbers. Look at the recipe's `texts`."
        )
    for place, value in _numbers(tree):
        if not math.isfinite(value):
            raise ReplicationError(
                f"The run {record.paper}/{record.filename} was not recorded: {place} is {value}. "
                "The training diverged or a metric divided by zero; look at the recipe."
            )
    path = folder / record.paper / record.filename
    text = json.dumps(tree, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    try:
        with written_whole(path) as partial:
            partial.write_text(text + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise ReplicationError(
            f"Cannot write the record {path}: {error.strerror or error}. Nothing half-written is "
            "left. Free some space or make the folder writable."
        ) from error
    return path


def require_writable(folder: Path) -> None:
    """Raise ReplicationError unless a file can be made in the folder, which is made if missing."""
    probe = folder / f".probe.{os.getpid()}.partial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"probe")
        probe.unlink()
    except OSError as error:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)
        raise ReplicationError(
            f"Cannot write records to {folder}: {error.strerror or error}. Free some space or make "
            "the folder writable, then run again."
        ) from error


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
    types = typing.get_type_hints(Record)
    if missing := sorted(types.keys() - tree.keys() - _OPTIONAL):
        raise refuse(f"it lacks {', '.join(missing)}")
    if unknown := sorted(tree.keys() - types.keys()):
        raise refuse(f"it has the unknown {', '.join(unknown)}")
    for name, value in tree.items():
        kind = types[name]
        if not _has_type(value, kind):
            raise refuse(f"{name} is not of type {getattr(kind, '__name__', kind)}")
    for place, value in _numbers(tree):
        if not math.isfinite(value):
            raise refuse(f"{place} is {value}")
    record = Record(**tree)
    if path.name != record.filename:
        raise refuse(f"by its contents its name would be {record.filename}")
    return record


def load_records(paper: str, tier: str | None = None, folder: Path = RECORDS) -> list[Record]:
    """All records of a paper (of one tier), by recipe, tier and seed; none is an empty list."""
    records = []
    for path in sorted((folder / paper).glob("*.json")):
        record = load_record(path)
        if record.paper != paper:
            raise ReplicationError(
                f"{path} is a record of {record.paper!r}: move it to {folder / record.paper}."
            )
        if tier in (None, record.tier):
            records.append(record)
    return sorted(records, key=lambda record: (record.recipe, record.tier, record.seed))


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


def _numbers(tree: object, place: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _numbers(value, f"{place}.{key}".lstrip("."))
    elif isinstance(tree, list | tuple):
        for index, value in enumerate(tree):
            yield from _numbers(value, f"{place}[{index}]")
    elif isinstance(tree, float):
        yield place, tree


def _has_type(value: object, kind: typing.Any) -> bool:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is list:
        return isinstance(value, list) and all(_has_type(item, arguments[0]) for item in value)
    if origin is dict:
        return isinstance(value, dict) and all(
            _has_type(item, arguments[1]) for item in value.values()
        )
    return isinstance(value, kind) and not isinstance(value, bool)
