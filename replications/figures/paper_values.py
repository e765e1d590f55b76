"""The papers' own numbers: `data/paper_values/<paper>.csv`, each with its table or figure."""

import csv
from functools import lru_cache
from typing import NamedTuple

from replications.errors import ReplicationError
from replications.paths import PAPER_VALUES


class PaperValue(NamedTuple):
    """A number as printed. `source` is the publication and its table.

    `row` and `column` are that table's own; `row` names all that distinguishes its line.
    """

    source: str
    row: str
    column: str
    value: float
    unit: str


@lru_cache(maxsize=4)
def paper_values(paper: str) -> tuple[PaperValue, ...]:
    """All transcribed numbers of a paper. Raises ReplicationError for a malformed file."""
    path = PAPER_VALUES / f"{paper}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return tuple(PaperValue(**row | {"value": float(row["value"])}) for row in rows)
    except OSError as error:
        raise ReplicationError(
            f"Cannot read the paper's values {path}: {error.strerror}."
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise ReplicationError(
            f"{path} is not a table of source, row, column, value and unit: {error}."
        ) from error


def paper_row(paper: str, source: str, row: str) -> dict[str, float]:
    """One line of a table by column. Raises ReplicationError when the file has no such line."""
    values = paper_values(paper)
    found = {v.column: v.value for v in values if (v.source, v.row) == (source, row)}
    if not found:
        known = "; ".join(dict.fromkeys(f"{v.source}: {v.row}" for v in values))
        raise ReplicationError(f"No row {row!r} of {source!r} is transcribed. There are: {known}.")
    return found
