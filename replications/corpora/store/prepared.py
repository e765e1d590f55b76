"""Prepared rows on disk: parquet read with checks, written so that no half file is ever seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from replications.atomic_write import written_whole
from replications.corpora.store.fingerprint import fingerprint_rows
from replications.corpora.store.registry import Split
from replications.errors import ReplicationError

if TYPE_CHECKING:
    import pyarrow

_ROWS_AT_ONCE = 1000
_ORIGIN_KEY = b"replications.origin"


def read_rows(files: Sequence[Path], split: Split) -> pyarrow.Table:
    """The registered columns of parquet files, joined in the order given.

    Raises ReplicationError naming the file: damaged or truncated, a column missing or of another
    type, or no rows at all.
    """
    import pyarrow

    tables = [_read_one(file, split) for file in files]
    table = pyarrow.concat_tables(tables)
    if table.num_rows == 0:
        raise ReplicationError(
            f"{files[0]}: holds no rows, {split.rows} were expected; fetch this corpus again"
        )
    return table


def _read_one(file: Path, split: Split) -> pyarrow.Table:
    import pyarrow
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(file) as parquet:
            there = parquet.schema_arrow.names
            missing = [column for column in split.columns if column not in there]
            if missing:
                raise ReplicationError(
                    f"{file}: has no column {missing[0]!r} (it has {', '.join(there)}); "
                    "it is not this corpus, or an older copy of it"
                )
            table = parquet.read(columns=list(split.columns))
        # A plain type for each column, whatever variant (large_string, dictionary) was stored.
        wanted = pyarrow.schema(
            [(column, _arrow_type(kind)) for column, kind in split.columns.items()]
        )
        return table.select(list(split.columns)).cast(wanted)
    except (pyarrow.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ReplicationError(
            f"{file}: cannot be read as parquet ({reason}); it is damaged, truncated or of another "
            "kind: delete it and fetch the corpus again"
        ) from error


def _arrow_type(kind: str) -> pyarrow.DataType:
    import pyarrow

    return {
        "string": pyarrow.string(),
        "double": pyarrow.float64(),
        "integer": pyarrow.int64(),
        "strings": pyarrow.list_(pyarrow.string()),
    }[kind]


def rows_of(table: pyarrow.Table) -> Iterator[dict[str, object]]:
    """The rows of a table as dictionaries, a thousand converted at a time."""
    for batch in table.to_batches(max_chunksize=_ROWS_AT_ONCE):
        yield from batch.to_pylist()


def fingerprint_table(table: pyarrow.Table, split: Split, source: str) -> str:
    """The fingerprint of a table; `source` names it in errors (text not UTF-8, missing values)."""
    try:
        return fingerprint_rows(rows_of(table), list(split.columns))
    except UnicodeDecodeError as error:
        raise ReplicationError(
            f"{source}: holds text that is not UTF-8 ({error.reason} at byte {error.start} of a "
            "value); fetch the corpus again"
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
            column: pyarrow.array(values, type=_arrow_type(split.columns[column]))
            for column, values in columns.items()
        }
    )


def write_rows(table: pyarrow.Table, file: Path, origin: str) -> None:
    """Write a parquet file under a temporary name, flush it to the disk, then rename it.

    Killed at any moment, it leaves either the whole file or none under `file`. A folder that cannot
    be written to and a full disk raise ReplicationError and leave nothing behind.
    """
    import pyarrow.parquet

    try:
        with written_whole(file) as partial:
            pyarrow.parquet.write_table(
                table.replace_schema_metadata({_ORIGIN_KEY: origin}), partial, compression="zstd"
            )
    except OSError as error:
        raise cache_error(file.parent, error) from error


def written_origin(file: Path) -> str:
    """Where the rows of a file written by `write_rows` came from."""
    import pyarrow.parquet

    metadata = pyarrow.parquet.read_schema(file).metadata or {}
    return metadata.get(_ORIGIN_KEY, b"cache").decode("utf-8")


def cache_error(folder: Path, error: OSError) -> ReplicationError:
    """The error for a cache that cannot take a file, with the way out."""
    return ReplicationError(
        f"cannot write to the cache folder {folder} ({error.strerror or error}); make room or "
        "set REPLICATIONS_CACHE to a folder that can be written to"
    )
