"""Labelled sentences and pairs of sentences, from the published tables of the GLUE tasks.

Labels are numbers as on the Hugging Face Hub, not the words of some tables.
Source: Wang et al. 2018 (arXiv:1804.07461).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from replications.corpora.raw.parallel_lines import raw_lines
from replications.errors import ReplicationError

_BINARY = {"0": 0, "1": 1}
_ENTAILMENT = {"entailment": 0, "not_entailment": 1}
_HIDDEN = -1


def sst2_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Sentences of film reviews: 1 is positive, 0 negative, -1 a label that is not published."""
    for file in files.values():
        for number, fields in _records(file):
            yield {
                "sentence": _field(fields, "sentence", file, number),
                "label": (
                    _label(fields["label"], _BINARY, file, number) if "label" in fields else _HIDDEN
                ),
            }


def cola_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Sentences out of books on grammar: 1 is acceptable, 0 is not.

    The table has no header: source, label, the mark of the source's author, sentence.
    """
    for file in files.values():
        for number, line in enumerate(raw_lines(file), start=1):
            fields = line.split("\t")
            if len(fields) != 4:
                raise _wrong_width(file, number, len(fields), 4)
            yield {"sentence": fields[3], "label": _label(fields[1], _BINARY, file, number)}


def mrpc_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Pairs of sentences from news: 1 where annotators found them equivalent, else 0.

    A file named dev_ids.tsv lists the pairs, by their two numbers, that the others keep for
    validation: they are left out.
    """
    lists = {path for path in files if path.endswith("dev_ids.tsv")}
    kept_back = {line.rstrip("\r") for path in lists for line in raw_lines(files[path])}
    for file in (file for path, file in files.items() if path not in lists):
        for number, fields in _records(file):
            pair = "\t".join(_field(fields, name, file, number) for name in ("#1 ID", "#2 ID"))
            if pair in kept_back:
                continue
            yield {
                "sentence1": _field(fields, "#1 String", file, number),
                "sentence2": _field(fields, "#2 String", file, number),
                "label": _label(_field(fields, "Quality", file, number), _BINARY, file, number),
            }


def stsb_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Pairs of sentences with the mean human similarity, 0 (unrelated) to 5 (equivalent)."""
    for file in files.values():
        for number, fields in _records(file):
            written = _field(fields, "score", file, number)
            try:
                score = float(written)
            except ValueError:
                score = -1.0
            if not 0 <= score <= 5:
                raise ReplicationError(
                    f"{file}: line {number} has the score {written!r}, not a number from 0 to 5"
                )
            yield {
                "sentence1": _field(fields, "sentence1", file, number),
                "sentence2": _field(fields, "sentence2", file, number),
                "label": score,
            }


def entailment_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Pairs of texts: 0 when the first entails the second (RTE) or finds its answer there (QNLI).

    1 when not. The texts keep the names of their columns.
    """
    for file in files.values():
        for number, fields in _records(file):
            label = _label(_field(fields, "label", file, number), _ENTAILMENT, file, number)
            texts = [column for column in fields if column not in ("index", "label")]
            yield {**{column: fields[column] for column in texts}, "label": label}


def _records(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of a table with a header, each with its number, as column name to field."""
    # The tables have no quoting: a quotation mark is a character like any other.
    header, *lines = raw_lines(file)
    columns = header.rstrip("\r").split("\t")
    for number, line in enumerate(lines, start=2):
        fields = line.rstrip("\r").split("\t")
        if len(fields) != len(columns):
            raise _wrong_width(file, number, len(fields), len(columns))
        yield number, dict(zip(columns, fields, strict=True))


def _field(fields: Mapping[str, str], column: str, file: Path, number: int) -> str:
    if column not in fields:
        raise ReplicationError(
            f"{file}: line {number} has no field {column!r}; the first line names "
            f"{', '.join(fields)}"
        )
    return fields[column]


def _label(written: str, labels: Mapping[str, int], file: Path, number: int) -> int:
    if written not in labels:
        raise ReplicationError(
            f"{file}: line {number} has the label {written!r}, not one of {', '.join(labels)}"
        )
    return labels[written]


def _wrong_width(file: Path, number: int, width: int, wanted: int) -> ReplicationError:
    return ReplicationError(
        f"{file}: line {number} has {width} fields between tabs, not {wanted}; fetch it again"
    )
