"""Rows from a published table of the runs of a sweep."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from replications.corpora.raw.word_questions import read_text
from replications.errors import ReplicationError

_COLUMNS = {"Model Size": "model_size", "Training FLOP": "training_flop", "loss": "loss"}


def figure_point_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """A run a line: parameters, floating-point operations of training, and loss in nats.

    Columns that say where a point stands in the figure are left out. Source: the file of Besiroglu
    et al. 2024 (arXiv:2404.10102), read off figure 4 of Hoffmann et al. 2022.
    """
    for file in files.values():
        lines = csv.DictReader(io.StringIO(read_text(file)))
        if missing := _COLUMNS.keys() - set(lines.fieldnames or ()):
            raise ReplicationError(f"{file}: has no column {sorted(missing)[0]!r}")
        for line in lines:
            try:
                yield {ours: float(line[theirs]) for theirs, ours in _COLUMNS.items()}
            except (TypeError, ValueError) as error:
                raise ReplicationError(
                    f"{file}: line {lines.line_num} is not a run of three numbers: "
                    f"{','.join(map(str, line.values()))!r}"
                ) from error
