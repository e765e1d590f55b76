"""Parallel sentences, line by line, in two files or more, one file a language."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from replications.errors import ReplicationError


def read_lines(file: Path) -> list[str]:
    """The lines of a UTF-8 text file, gzip or plain, without white space at either end.

    Raises ReplicationError naming the file, and the line where there is one: a file that cannot be
    read or unpacked, text that is not UTF-8, a line without a word, no line at all.
    """
    lines = [line.strip() for line in raw_lines(file)]
    if "" in lines:
        raise ReplicationError(
            f"{file}: line {lines.index('') + 1} is empty; take that line out of every file"
        )
    return lines


def raw_lines(file: Path) -> list[str]:
    """The lines as they stand. Raises what `read_lines` raises, but takes lines without a word."""
    # Not splitlines(): a form feed or U+2028 inside a sentence ends no line.
    text = _text(file)
    # A carriage return alone ends a line only where nothing else does: it may stand in a sentence.
    lines = text.split("\n" if "\n" in text else "\r")
    if not lines[-1]:
        lines.pop()
    if not lines:
        raise ReplicationError(f"{file}: empty; it needs one sentence a line")
    return lines


def _text(file: Path) -> str:
    try:
        content = file.read_bytes()
        if file.suffix == ".gz":
            content = gzip.decompress(content)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ReplicationError(
            f"{file}: line {line} is not UTF-8 text ({error.reason}); save the file as UTF-8"
        ) from error
    except (OSError, EOFError, zlib.error) as error:
        raise ReplicationError(
            f"{file}: cannot be read ({getattr(error, 'strerror', None) or error})"
        ) from error


def check_line_counts(counts: Mapping[Path, int]) -> None:
    """ReplicationError naming every file and its number of lines when the numbers differ."""
    if len(set(counts.values())) > 1:
        told = ", ".join(f"{file} has {count} lines" for file, count in counts.items())
        raise ReplicationError(
            f"{told}: files of parallel sentences need one line for one line; one of them was cut "
            "or holds a line break inside a sentence"
        )


def parallel_line_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Rows with a column for each language, out of files named like `train.de.gz`.

    Line n of every file is the same sentence. White space around a line is dropped.
    """
    lines = {file: read_lines(file) for file in files.values()}
    check_line_counts({file: len(there) for file, there in lines.items()})
    languages = [PurePosixPath(path.removesuffix(".gz")).suffix.removeprefix(".") for path in files]
    for sentences in zip(*lines.values(), strict=True):
        yield dict(zip(languages, sentences, strict=True))
