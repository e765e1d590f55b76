"""Whole sentences with their labels, from tables of comma-separated values."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from replications.errors import ReplicationError


def labelled_sentence_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Rows of a table with `label` (0 or 1) and `sentence`. Source: Radford et al. 2017."""
    for file in files.values():
        try:
            with file.open(encoding="utf-8-sig", newline="") as table:
                read = csv.DictReader(table)
                for fields in read:
                    if fields.get("label") not in ("0", "1") or not fields.get("sentence"):
                        raise ReplicationError(
                            f"{file}: line {read.line_num} has no sentence labelled 0 or 1; "
                            "fetch it again"
                        )
                    yield {"sentence": fields["sentence"], "label": int(fields["label"])}
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise ReplicationError(f"{file}: cannot be read as a table ({error})") from error
