"""The rows of a split: a table in memory, or files that are read lazily."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from replications.corpora.store.registry import Split
from replications.errors import ReplicationError

if TYPE_CHECKING:
    import pyarrow
    import pyarrow.parquet

_ROWS_AT_ONCE = 1000
_BYTES_AT_ONCE = 4 << 20


class Rows(ABC):
    """Rows with the registered columns: `rows["text"]` is a column, `rows[0]` the first row."""

    @property
    @abstractmethod
    def column_names(self) -> list[str]: ...

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def table(self) -> pyarrow.Table:
        """All rows, in memory."""

    @abstractmethod
    def batches(self, columns: Sequence[str]) -> Iterator[pyarrow.RecordBatch]:
        """These columns of all rows in their order, in batches."""

    @abstractmethod
    def value(self, column: str, number: int) -> Any:
        """One column of one row."""

    @overload
    def __getitem__(self, key: str) -> Column: ...

    @overload
    def __getitem__(self, key: int) -> dict[str, Any]: ...

    def __getitem__(self, key: str | int) -> Any:
        if isinstance(key, str):
            if key not in self.column_names:
                raise KeyError(f"{key!r}; the columns are {', '.join(self.column_names)}")
            return Column(self, key)
        number = range(len(self))[key]
        return {column: self.value(column, number) for column in self.column_names}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The rows as dictionaries, a few converted at a time."""
        for batch in self.batches(self.column_names):
            yield from batch.to_pylist()


class TableRows(Rows):
    """Rows of a table in memory."""

    def __init__(self, table: pyarrow.Table) -> None:
        self._table = table

    @property
    def column_names(self) -> list[str]:
        return self._table.column_names

    def __len__(self) -> int:
        return self._table.num_rows

    def table(self) -> pyarrow.Table:
        return self._table

    def batches(self, columns: Sequence[str]) -> Iterator[pyarrow.RecordBatch]:
        yield from self._table.select(list(columns)).to_batches(max_chunksize=_ROWS_AT_ONCE)

    def value(self, column: str, number: int) -> Any:
        return self._table[column][number].as_py()


class FileRows(Rows):
    """Rows of parquet files, joined in the order given; only what is used is in memory.

    Raises ReplicationError naming the file: damaged or truncated, a column missing or of another
    type, or no rows at all.
    """

    def __init__(self, files: Sequence[Path], split: Split) -> None:
        self.files, self.split = tuple(files), split
        # The row groups of the files, and for each the index of the first row behind it.
        self._groups: list[tuple[Path, int]] = []
        self._ends: list[int] = []
        behind = 0
        for file in self.files:
            with self._open(file) as parquet:
                self._refuse_other_columns(file, parquet.schema_arrow)
                for group in range(parquet.metadata.num_row_groups):
                    behind += parquet.metadata.row_group(group).num_rows
                    self._groups.append((file, group))
                    self._ends.append(behind)
        self._last: tuple[object, Any] = (None, None)
        if behind == 0:
            raise ReplicationError(
                f"{self.files[0]}: holds no rows, {split.rows} were expected; fetch this corpus "
                "again"
            )

    def __len__(self) -> int:
        return self._ends[-1]

    @property
    def column_names(self) -> list[str]:
        return list(self.split.columns)

    @cached_property
    def _schema(self) -> pyarrow.Schema:
        """A plain type for each column, whatever variant (large_string, dictionary) is stored."""
        import pyarrow

        return pyarrow.schema(
            [(column, arrow_type(kind)) for column, kind in self.split.columns.items()]
        )

    def table(self) -> pyarrow.Table:
        import pyarrow

        tables = []
        for file in self.files:
            with self._open(file) as parquet:
                names = self._schema.names
                tables.append(parquet.read(columns=names).select(names).cast(self._schema))
        return pyarrow.concat_tables(tables)

    def batches(self, columns: Sequence[str]) -> Iterator[pyarrow.RecordBatch]:
        import pyarrow

        schema = pyarrow.schema([self._schema.field(column) for column in columns])
        for file in self.files:
            with self._open(file) as parquet:
                for batch in parquet.iter_batches(_rows_at_once(parquet), columns=list(columns)):
                    yield batch.select(list(columns)).cast(schema)

    def value(self, column: str, number: int) -> Any:
        if not 0 <= number < len(self):
            raise IndexError(f"there is no row {number}, but {len(self)} rows")
        place = bisect_right(self._ends, number)
        first = self._ends[place - 1] if place else 0
        file, group = self._groups[place]
        # Neighbouring rows are often read one after the other.
        if self._last[0] != (column, file, group):
            with self._open(file) as parquet:
                read = parquet.read_row_group(group, columns=[column])[column]
                self._last = (column, file, group), read.cast(self._schema.field(column).type)
        return self._last[1][number - first].as_py()

    def _refuse_other_columns(self, file: Path, there: pyarrow.Schema) -> None:
        import pyarrow

        missing = [column for column in self.split.columns if column not in there.names]
        if missing:
            raise ReplicationError(
                f"{file}: has no column {missing[0]!r} (it has {', '.join(there.names)}); "
                "it is not this corpus, or an older copy of it"
            )
        for column in self.split.columns:
            # Casting an empty table fails where casting a row would.
            pyarrow.array([], type=there.field(column).type).cast(self._schema.field(column).type)

    @contextmanager
    def _open(self, file: Path) -> Iterator[pyarrow.parquet.ParquetFile]:
        import pyarrow
        import pyarrow.parquet

        try:
            with pyarrow.parquet.ParquetFile(file, pre_buffer=False) as parquet:
                yield parquet
        except pyarrow.ArrowMemoryError:
            raise
        except (pyarrow.ArrowException, OSError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ReplicationError(
                f"{file}: cannot be read as parquet ({reason}); it is damaged, truncated or of "
                "another kind: delete it and fetch the corpus again"
            ) from error


def _rows_at_once(parquet: pyarrow.parquet.ParquetFile) -> int:
    """The size of a batch that fits into any memory: a single row may hold a book."""
    groups = map(parquet.metadata.row_group, range(parquet.metadata.num_row_groups))
    size = sum(group.total_byte_size for group in groups)
    rows = max(parquet.metadata.num_rows, 1)
    return min(max(_BYTES_AT_ONCE * rows // max(size, 1), 1), _ROWS_AT_ONCE)


def arrow_type(kind: str) -> pyarrow.DataType:
    """The type of a registered column."""
    import pyarrow

    return {
        "string": pyarrow.string(),
        "double": pyarrow.float64(),
        "integer": pyarrow.int64(),
        "strings": pyarrow.list_(pyarrow.string()),
        "coordinates": pyarrow.list_(pyarrow.list_(pyarrow.float32())),
        "pairs": pyarrow.list_(pyarrow.list_(pyarrow.int64())),
    }[kind]


class Column(Sequence[Any]):
    """One column of the rows, read lazily on iteration, as are its slices."""

    def __init__(self, rows: Rows, name: str, chosen: range | None = None) -> None:
        self.rows, self.name = rows, name
        self.chosen = range(len(rows)) if chosen is None else chosen

    def __len__(self) -> int:
        return len(self.chosen)

    @overload
    def __getitem__(self, index: int) -> Any: ...

    @overload
    def __getitem__(self, index: slice) -> Column: ...

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return Column(self.rows, self.name, self.chosen[index])
        return self.rows.value(self.name, self.chosen[index])

    def __iter__(self) -> Iterator[Any]:
        if self.chosen.step < 0:
            yield from (self.rows.value(self.name, number) for number in self.chosen)
            return
        first = 0
        for batch in self.rows.batches([self.name]):
            last = first + len(batch)
            if last > self.chosen.start:
                # Those of the chosen numbers that lie in this batch.
                skipped = max(0, -(-(first - self.chosen.start) // self.chosen.step))
                for number in self.chosen[skipped:]:
                    if number >= last:
                        break
                    yield batch.column(0)[number - first].as_py()
            if last >= self.chosen.stop:
                return
            first = last
