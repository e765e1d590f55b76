"""A registered corpus of two rows, for the tests of loading."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow
import pyarrow.parquet
import yaml

from replications.corpora.store.fingerprint import fingerprint_rows

COMMIT = "0123456789abcdef0123456789abcdef01234567"
ROWS = [
    {"dataset": "MINI", "word1": "cœur", "word2": "love", "score": 9.5},
    {"dataset": "MINI", "word1": "tiger", "word2": "cat", "score": 7.35},
]
RAW = "cœur\tlove\t9.5\r\ntiger\tcat\t7.35\n".encode()
COLUMNS = {"dataset": "string", "word1": "string", "word2": "string", "score": "double"}


class TinyCorpus:
    """A registered corpus of two rows with its own registry, cache and mirror folders."""

    def __init__(self, folder: Path):
        self.registry, self.cache, self.mirror = (
            folder / name for name in ("registry", "cache", "mirror")
        )
        for place in (self.registry, self.mirror):
            place.mkdir()
        self.entry = {
            "name": "tiny",
            "kind": "real",
            "description": "two pairs",
            "licence": "none",
            "megabytes": 0.1,
            "splits": {
                "train": {
                    "rows": 2,
                    "fingerprint": fingerprint_rows(ROWS, list(COLUMNS)),
                    "columns": dict(COLUMNS),
                    "prepared": {"tiny/train.parquet": "0" * 64},
                }
            },
            "origins": [
                {
                    "repository": "owner/pairs",
                    "commit": COMMIT,
                    "splits": ["train"],
                    "preparation": "similarity-scores",
                    "files": {"sets/EN-MINI.txt": hashlib.sha256(RAW).hexdigest()},
                }
            ],
        }
        self.register()

    def register(self) -> None:
        text = yaml.safe_dump(self.entry, sort_keys=False, allow_unicode=True)
        (self.registry / "tiny.yml").write_text(text, encoding="utf-8")

    def put_prepared(self, rows: list[dict] = ROWS) -> Path:
        file = self.mirror / "tiny" / "train.parquet"
        file.parent.mkdir(exist_ok=True)
        table = (
            pyarrow.Table.from_pylist(rows)
            if rows
            else pyarrow.schema(
                [
                    (name, pyarrow.string() if kind == "string" else pyarrow.float64())
                    for name, kind in COLUMNS.items()
                ]
            ).empty_table()
        )
        pyarrow.parquet.write_table(table, file)
        return file

    def put_raw(self, content: bytes = RAW) -> Path:
        file = self.mirror / "raw" / "owner" / "pairs" / COMMIT / "sets" / "EN-MINI.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    def cached_files(self) -> list[Path]:
        """What the cache holds of the corpus itself; remembered fingerprints are no part of it."""
        files = (file for file in self.cache.rglob("*") if file.is_file())
        return sorted(file for file in files if file.parent.name != "verified")
