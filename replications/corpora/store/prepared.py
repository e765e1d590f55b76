"""Prepared rows on disk: parquet files, read with checks and written atomically."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from replications.atomic_write import written_whole
from replications.corpora.store.fingerprint import fingerprint_rows
from replications.corpora.store.registry import Split
from replications.corpora.store.rows import Rows, arrow_type
from replications.errors import ReplicationError

if TYPE_CHECKING:
    import pyarrow

# Of a row group, in memory: all of it is read where a single row is asked for.
_GROUP_BYTES = 32 << 20
_ORIGIN_KEY = b"replications.origin"


def fingerprint(rows: Rows, split: Split, source: str) -> str:
    """The fingerprint of rows; `source` names them in errors (text not UTF-8, missing values)."""
    try:
        return fingerprint_rows(rows, list(split.columns))
    except UnicodeDecodeError as error:
        raise ReplicationError(
            f"{source}: holds text that is not UTF-8 ({error.reason} at byte {error.start} of a "
            "value); fetch the corpus again"
        ) from error
    except ValueError as error:
        raise ReplicationError(
            f"{source}: holds a number that is not finite; fetch the corpus again"
        ) from error


def table_from_rows(rows: Iterator[dict[str, object]], split: Split) -> pyarrow.Table:
    """Rows made by a preparation as a table with the registered columns and types."""
    import pyarrow

    columns: dict[str, list] = {column: [] for column in split.columns}
    for row in rows:
        for column, values in columns.items():
            values.append(row[column])
    return pyarrow.table(
        {
            column: pyarrow.array(values, type=arrow_type(split.columns[column]))
            for column, values in columns.items()
        }
    )


def write_rows(table: pyarrow.Table, file: Path, origin: str, *, smallest: bool = False) -> None:
    """Write a parquet file under a temporary name, flush it to the disk, then rename it.

    `smallest` takes a hundred times as long to write, and a quarter less room.

    Killed at any moment, it leaves either the whole file or none under `file`. A folder that cannot
    be written to and a full disk raise ReplicationError and leave nothing behind.
    """
    import pyarrow.parquet

    try:
        with written_whole(file) as partial:
            pyarrow.parquet.write_table(
                table.replace_schema_metadata({_ORIGIN_KEY: origin}),
                partial,
                compression="zstd",
                compression_level=19 if smallest else None,
                row_group_size=_rows_in_a_group(table),
            )
    except OSError as error:
        raise cache_error(file.parent, error) from error


def _rows_in_a_group(table: pyarrow.Table) -> int:
    return max(_GROUP_BYTES * table.num_rows // max(table.nbytes, 1), 1)


def written_origin(file: Path) -> str:
    """Where the rows of a file written by `write_rows` came from."""
    import pyarrow.parquet

    metadata = pyarrow.parquet.read_schema(file).metadata or {}
    return metadata.get(_ORIGIN_KEY, b"cache").decode("utf-8")


def cache_error(folder: Path, error: OSError) -> ReplicationError:
    """The error for a folder, most often the cache, that cannot take a file, with the way out."""
    return ReplicationError(
        f"cannot write to the folder {folder} ({error.strerror or error}); make room or name "
        "another one (for the cache, in REPLICATIONS_CACHE)"
    )
