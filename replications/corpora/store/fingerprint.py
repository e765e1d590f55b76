"""The identity of a corpus: a sha256 over its canonical rows, wherever the rows came from.

A canonical row is one line of JSON: an object with the split's registered columns and no others,
keys in alphabetical order, no spaces, characters written as themselves (not as escapes), floats in
Python's shortest form that reads back the same. Lines end in a newline and are hashed as UTF-8,
in the order of the split. File formats, compression and origins therefore do not matter.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


@dataclass(frozen=True)
class CorpusIdentity:
    """Which rows a run has seen; goes into every record made from them.

    `kind` is "real", "bundled" (ships with an installed dependency) or "synthetic". `sha256` is the
    fingerprint of the rows. `origin` is for people to read, such as "mirror" or "generated".
    `expected` is False when the rows differ from the registered ones, which only
    `different_data_allowed` lets through.
    """

    name: str
    split: str
    kind: str
    sha256: str
    rows: int
    origin: str
    expected: bool


def canonical_row(row: Mapping[str, object], columns: Sequence[str]) -> str:
    """One row as its canonical line of JSON, newline included."""
    return _ENCODER.encode({column: row[column] for column in columns}) + "\n"


def fingerprint_rows(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> str:
    """The sha256, as 64 hexadecimal digits, over the canonical rows.

    Raises KeyError for a row without one of `columns`, ValueError for a number that is not finite.
    """
    digest = hashlib.sha256()
    for row in rows:
        digest.update(canonical_row(row, columns).encode("utf-8"))
    return digest.hexdigest()
