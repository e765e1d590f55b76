"""A record: what one training run was, what it cost and what it measured, as a JSON file.

Records lie in `data/records/<paper>/<recipe>.<tier>.seed<seed>.json`, are written by runs alone
and are committed. `data/records/schema.json` says what they hold, to this module and to other
programs. Beside a record may lie `<recipe>.<tier>.seed<seed>.items.npz`: see `load_items`. The
records of a sweep lie in one file a tier, see `compact_records.py`, and are read and judged as all
others.
"""

import contextlib
import dataclasses
import functools
import json
import math
import os
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import jsonschema

from replications.atomic_write import written_whole
from replications.compact_records import compact_file, compact_files, read_compact, write_compact
from replications.errors import ReplicationError
from replications.paths import RECORDS
from replications.recipes import hash_of
from replications.renames import earlier_names, upgraded, upgraded_metrics, upgraded_recipe

Number = int | float

_SCHEMA = RECORDS / "schema.json"


@typing.runtime_checkable
class Hashed(typing.Protocol):
    """What is asked of a recipe here: its name, and a hash of all that shapes its result."""

    @property
    def name(self) -> str: ...

    @property
    def hash(self) -> str: ...


class FailedRun(ReplicationError):
    """A number was asked of a run that failed. The message is a clause that says which, and why."""


@dataclass(frozen=True)
class Record:
    """One recipe trained once, with one seed.

    Units: `seconds` is training alone, without the preparation of data and without evaluation;
    `flops` are floating-point operations of training; `parameters` counts numbers, by kind.
    `texts` are what a recipe keeps of its model to be read, such as translations with their scores.
    `items` names the file of the metrics' items by its sha256, and the statistic and the array of
    each metric that has items: see `load_items`.

    `commit` and `device` are those of the run's end. Where it was broken off and went on with other
    code or elsewhere, `resumed_from` says by whom it was trained before, up to which epoch.

    A run of a sweep that came to no result is recorded, too: `failed` then says `how`, "diverged"
    where numbers were not finite and "raised" where an error ended it, and `why`. What was measured
    before stands in the record, the metrics do not.

    A record that was read is in today's names (see `renames.py`); `stored_as` is then what its
    recipe was called when it was made, after which its file is named, and `stored_in` the file of
    the sweep where it has none of its own.
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
    items: dict = field(default_factory=dict)
    resumed_from: list[dict] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    stored_as: str = field(default="", compare=False)
    stored_in: str = field(default="", compare=False)

    @property
    def filename(self) -> str:
        """Its file; in a sweep's file it has the place `#<recipe>.seed<seed>`."""
        name = self.stored_as or self.recipe
        if self.stored_in:
            return f"{self.stored_in}#{name}.seed{self.seed}"
        return record_filename(name, self.tier, self.seed)

    @property
    def items_filename(self) -> str:
        return _items_filename(record_filename(self.stored_as or self.recipe, self.tier, self.seed))

    @property
    def failure(self) -> str:
        """ "the run `size-3`, seed 0, diverged (the loss is nan ...)"; "" where it did not fail."""
        if not self.failed:
            return ""
        how, why = self.failed["how"], self.failed["why"]
        did = "diverged" if how == "diverged" else "ended with an error"
        return f"the run `{self.recipe}`, seed {self.seed}, {did} ({why})"

    def metric(self, name: str) -> Number:
        """The measured value.

        Raises FailedRun where the run failed, and ReplicationError where it did not measure it.
        """
        if self.failed:
            raise FailedRun(self.failure)
        if name not in self.metrics:
            raise ReplicationError(
                f"The record {self.paper}/{self.filename} has no metric {name!r}. It has: "
                f"{', '.join(sorted(self.metrics)) or 'none'}. Correct the name, or run the recipe "
                "again with that metric."
            )
        return self.metrics[name]


# Left out of the file where there are none.
_OPTIONAL = ("texts", "items", "resumed_from", "failed")


def _items_filename(filename: str) -> str:
    return filename.removesuffix(".json") + ".items.npz"


def record_filename(recipe: str, tier: str, seed: int) -> str:
    return f"{recipe}.{tier}.seed{seed}.json"


def record_path(paper: str, recipe: str, tier: str, seed: int, folder: Path = RECORDS) -> Path:
    """Where the record lies, under an earlier name of its recipe too; else where it would lie."""
    names = (recipe, *earlier_names(paper, recipe))
    paths = [folder / paper / record_filename(name, tier, seed) for name in names]
    return next((path for path in paths if path.exists()), paths[0])


def save_record(record: Record, folder: Path = RECORDS, *, compact: bool = False) -> Path:
    """Write the record whole or not at all, the items of its metrics before it; return its path.

    The file is named after today's name of the recipe; with `compact` it is the sweep's. Only there
    is a failed run recorded.
    Raises ReplicationError when a value is not finite, a text not flat, a metric not what its items
    make it, or when the disk refuses (full, read-only); then an older record of the same name is
    still there, unharmed.
    """

    # Commands that only read records must not wait for numpy.
    from replications.items import TOLERANCE, FromItems, write_items

    def refuse(what: str) -> ReplicationError:
        return ReplicationError(
            f"The run {record.paper}/{record.filename} was not recorded: {what}."
        )

    if record.failed and not compact:
        raise refuse(f"{record.failed['why']}. Look at the recipe")
    tree = {name: getattr(record, name) for name in _fields()}
    for where, value in _numbers(tree):
        if not math.isfinite(value):
            raise refuse(
                f"{where} is {value}. The training diverged or a metric divided by zero; look at "
                "the recipe"
            )
    numbers = {name: n for name, n in record.metrics.items() if isinstance(n, FromItems)}
    for name, number in numbers.items():
        if not math.isclose(number, again := number.again(), rel_tol=TOLERANCE, abs_tol=TOLERANCE):
            raise refuse(
                f"the metric {name} is {number}, and {number.items.statistic_name} of its items is "
                f"{again}. Correct the metric"
            )
    path = folder / record.paper / record_filename(record.recipe, record.tier, record.seed)
    items = path.with_name(_items_filename(path.name))
    if compact:
        path = compact_file(record.paper, record.tier, folder)
    try:
        if numbers:
            tree["items"] = write_items(items, numbers)
        tree = {name: value for name, value in tree.items() if value or name not in _OPTIONAL}
        if faults := _faults(tree):
            raise refuse(f"{faults}. Look at the recipe")
        if compact:
            write_compact(path, tree)
        else:
            text = json.dumps(tree, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
            with written_whole(path) as partial:
                partial.write_text(text + "\n", encoding="utf-8", newline="\n")
        if "items" not in tree:
            items.unlink(missing_ok=True)
    except OSError as error:
        raise ReplicationError(
            f"Cannot write the record {path}: {error.strerror or error}. Nothing half-written is "
            "left. Free some space or make the folder writable."
        ) from error
    return path


def load_items(record: Record, folder: Path = RECORDS) -> dict[str, "replications.items.Items"]:
    """The items of each metric that has any, by the metric's name; of older records none.

    Raises ReplicationError, naming the file, where it is missing or is not the one that the run
    wrote.
    """
    from replications.items import read_items

    path = folder / record.paper / record.items_filename
    return read_items(path, record.items) if record.items else {}


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
    """Read one record. Raises ReplicationError, naming the file, for anything but a whole one.

    One of a sweep is named `<file>#<recipe>.seed<seed>`, as `Record.filename` does.
    """
    if "#" in path.name:
        return _load_one_compact(path)

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
    if missing := [name for name in _fields() if name not in {*tree, *_OPTIONAL}]:
        raise refuse(f"it lacks {', '.join(sorted(missing))}")
    if faults := _faults(tree):
        raise refuse(faults)
    for where, value in _numbers(tree):
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


def _load_one_compact(path: Path) -> Record:
    """The record of a sweep's file that has this name."""
    records = _load_compact(path.with_name(path.name.partition("#")[0]))
    for record in records:
        if record.filename == path.name:
            return record
    raise ReplicationError(f"There is no record {path}. Restore its file with `git checkout`.")


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


def _numbers(tree: object, where: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _numbers(value, f"{where}.{key}".lstrip("."))
    elif isinstance(tree, list | tuple):
        for index, value in enumerate(tree):
            yield from _numbers(value, f"{where}[{index}]")
    elif isinstance(tree, float):
        yield where, tree


def _fields() -> list[str]:
    return [
        each.name
        for each in dataclasses.fields(Record)
        if each.name not in ("stored_as", "stored_in")
    ]


@functools.cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(_SCHEMA.read_text(encoding="utf-8")))


def _faults(tree: dict) -> str:
    """Where the tree is no record, and why; "" where it is one."""
    error = next(_validator().iter_errors(tree), None)
    if error is None:
        return ""
    message = error.message if len(error.message) <= 200 else f"{error.message[:200]} ..."
    return f"{error.json_path.removeprefix('$.')}: {message}"
