"""Lines of WikiText, from its plain files and from an archive of articles."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from replications.corpora.raw.parallel_lines import raw_lines
from replications.errors import ReplicationError

_ARTICLES = "wikitext-2/wiki.train.tokens"


def wikitext_line_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """A row for each line: with its line break, or the empty text for a blank line.

    Source: Merity et al. 2016 (arXiv:1609.07843); the Hugging Face Hub keeps lines in the same way.
    """
    for file in files.values():
        yield from _rows(raw_lines(file))


def wikitext_archive_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """The same rows, out of an archive whose one file of articles is a table of a single column.

    Each record of the table, quoted as in CSV, is an article with its line breaks.
    """
    for file in files.values():
        try:
            with zipfile.ZipFile(file) as archive:
                table = archive.read(_ARTICLES).decode("utf-8")
        except (OSError, zipfile.BadZipFile, KeyError, UnicodeDecodeError) as error:
            raise ReplicationError(
                f"{file}: is no zip archive with a UTF-8 file {_ARTICLES} ({error}); fetch it again"
            ) from error
        yield from _rows("".join(_articles(table, file)).removesuffix("\n").split("\n"))


def _articles(table: str, file: Path) -> Iterator[str]:
    records = csv.reader(io.StringIO(table, newline=""), strict=True)
    try:
        for fields in records:
            if len(fields) != 1:
                raise ReplicationError(
                    f"{file}: the record that ends in line {records.line_num} of {_ARTICLES} has "
                    f"{len(fields)} fields, not the one of an article"
                )
            yield fields[0]
    except csv.Error as error:
        raise ReplicationError(
            f"{file}: line {records.line_num} of {_ARTICLES} breaks the quoting of its articles "
            f"({error}); fetch it again"
        ) from error


def _rows(lines: Iterable[str]) -> Iterator[dict[str, object]]:
    for line in lines:
        yield {"text": f"{line}\n" if line.strip() else ""}
