"""Sentences with labelled words, from treebanks in the format of Universal Dependencies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from replications.corpora.raw.parallel_lines import raw_lines
from replications.errors import ReplicationError

_DOCUMENT, _TEXT = "# newdoc id = ", "# text = "
_COLUMNS = 10


def treebank_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """A row a sentence: its text, words (`tokens`), lemmas and universal parts of speech (`upos`).

    A contraction gives its words; nodes that stand for no word of the text are left out.
    Source: the format CoNLL-U (universaldependencies.org/format.html).
    Raises ReplicationError naming file and line for what is no word of ten columns, and for a
    sentence without its text.
    """
    return (row for _, row in _sentences(files))


def sorted_treebank_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """The rows of `treebank_rows`, with the documents in the order of their names."""
    return (row for _, row in sorted(_sentences(files), key=lambda one: one[0]))


def _sentences(files: Mapping[str, Path]) -> Iterator[tuple[str, dict[str, object]]]:
    """The document's name and the row of each sentence."""
    for file in files.values():
        document, text, words = "", "", []
        # A blank line ends a sentence; the last may lack its own.
        for number, line in enumerate((*raw_lines(file), ""), start=1):
            if line.startswith(_DOCUMENT):
                document = line.removeprefix(_DOCUMENT).strip()
            elif line.startswith(_TEXT):
                text = line.removeprefix(_TEXT)
            elif line.startswith("#"):
                continue
            elif line:
                words.append(_word(line, f"{file}: line {number}"))
            elif words:
                if not text:
                    raise ReplicationError(
                        f"{file}: line {number} ends a sentence that has no line {_TEXT!r}"
                    )
                tokens, lemmas, upos = zip(*filter(None, words), strict=True)
                yield (
                    document,
                    {
                        "text": text,
                        "tokens": list(tokens),
                        "lemmas": list(lemmas),
                        "upos": list(upos),
                    },
                )
                text, words = "", []


def _word(line: str, where: str) -> tuple[str, str, str] | None:
    """Form, lemma and part of speech; None for a contraction (3-4) and an empty node (3.1)."""
    columns = line.split("\t")
    if len(columns) != _COLUMNS:
        raise ReplicationError(
            f"{where} has {len(columns)} columns between tabs, not the {_COLUMNS} of a word; "
            "fetch the file again"
        )
    return (columns[1], columns[2], columns[3]) if columns[0].isdigit() else None
