"""Atomic writing of records."""

import contextlib
import json
import math
import os
from pathlib import Path

from replications.atomic_write import written_whole
from replications.errors import ReplicationError
from replications.paths import RECORDS
from replications.records.compact import compact_file, write_compact
from replications.records.record import Record, items_file_of, record_filename
from replications.records.schema import (
    OPTIONAL,
    faults_of,
    field_names,
    numbers_in,
    require_schema,
)
from replications.renames import earlier_names


def record_path(paper: str, recipe: str, tier: str, seed: int, folder: Path = RECORDS) -> Path:
    """Where the record lies, under an earlier name of its recipe too; else where it would lie."""
    names = (recipe, *earlier_names(paper, recipe))
    paths = [folder / paper / record_filename(name, tier, seed) for name in names]
    return next((path for path in paths if path.exists()), paths[0])


def save_record(record: Record, folder: Path = RECORDS, *, compact: bool = False) -> Path:
    """Write the record whole or not at all, with the items of its metrics; return its path.

    The file is named after today's name of the recipe; with `compact` it is the sweep's. Only there
    is a failed run recorded.
    Raises ReplicationError when a value is not finite, a text not flat, a metric not what its items
    make it, or when writing fails (disk full, read-only); then an older record of the same name is
    still there with its items, unharmed.
    """

    # Commands that only read records must not wait for numpy.
    from replications.items import TOLERANCE, FromItems, written_items

    def refuse(what: str) -> ReplicationError:
        return ReplicationError(
            f"The run {record.paper}/{record.filename} was not recorded: {what}."
        )

    if record.failed and not compact:
        raise refuse(f"{record.failed['why']}. Look at the recipe")
    tree = {name: getattr(record, name) for name in field_names()}
    for where, value in numbers_in(tree):
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
    items = path.with_name(items_file_of(path.name))
    if compact:
        path = compact_file(record.paper, record.tier, folder)
    try:
        kept = written_items(items, numbers) if numbers else contextlib.nullcontext(record.items)
        with kept as tree["items"]:
            tree = {name: value for name, value in tree.items() if value or name not in OPTIONAL}
            if faults := faults_of(tree):
                raise refuse(f"{faults}. Look at the recipe")
            if compact:
                write_compact(path, tree)
            else:
                text = json.dumps(
                    tree, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False
                )
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


def require_writable(folder: Path) -> None:
    """Raise ReplicationError unless a record could be checked, and written to the folder.

    The folder is made if it is missing.
    """
    require_schema()
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
