"""A reader's own files: UTF-8, plain or gzip, read line by line."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from replications.errors import ReplicationError

ENDINGS = (".txt", ".gz")
LONGEST_LINE = 10_000_000  # bytes
LARGE = 32 << 20
"""Files of this many bytes or more have what is made of them kept in the cache."""


def own_files(path: Path) -> list[Path]:
    """The file itself, or the texts below a folder. Raises ReplicationError where there is none."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise ReplicationError(f"{path}: there is no such file or folder.")
    files = sorted(
        file for file in path.rglob("*") if file.is_file() and file.suffix.lower() in ENDINGS
    )
    if not files:
        raise ReplicationError(
            f"{path} has no file that ends in {' or '.join(ENDINGS)}. Rename your texts so."
        )
    return files


def are_large(files: Iterable[Path]) -> bool:
    """Whether reading these files takes long enough to keep what comes of it."""
    return sum(file.stat().st_size for file in files) >= LARGE


def documents_of(files: Iterable[Path], a_line: bool) -> Iterator[str]:
    """Each file's text without the white space around it, or with `a_line` each line's.

    Blank ones are left out. Raises what `text_lines` raises.
    """
    return (text for file in files for text in _documents(file, a_line))


def _documents(file: Path, a_line: bool) -> Iterator[str]:
    lines = text_lines(file)
    if a_line:
        yield from (line.strip() for line in lines if line.strip())
    elif text := "".join(lines).strip():
        yield text


def text_lines(file: Path) -> Iterator[str]:
    """The lines of a UTF-8 text file, plain or gzip, with their ends.

    Raises ReplicationError, naming the file and where there is one the line: see
    `replications.corpora.yours.documents.own_documents`.
    """
    opened = gzip.open if file.suffix.lower() == ".gz" else open
    number = 0
    try:
        with opened(file, "rb") as stream:
            while line := stream.readline(LONGEST_LINE + 1):
                number += 1
                if b"\0" in line:
                    raise ReplicationError(
                        f"{file}, line {number}: holds a NUL byte, so it is binary or UTF-16, no "
                        "UTF-8 text. Save it as UTF-8, or take it out of the folder."
                    )
                if len(line) > LONGEST_LINE:
                    raise ReplicationError(
                        f"{file}, line {number}: is longer than {LONGEST_LINE // 10**6} MB. Break "
                        "it into lines; if it is no text, take it out."
                    )
                # Some editors write a byte order mark first.
                yield line.decode("utf-8-sig" if number == 1 else "utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ReplicationError(
            f"{file}, line {number}: byte {error.start + 1} is no UTF-8 ({error.reason}). The file "
            "may be of another encoding, or joined of several: save it as UTF-8."
        ) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ReplicationError(
            f"{file}: is damaged or no gzip file ({error}). Copy it again, or unpack it."
        ) from error
    except OSError as error:
        raise ReplicationError(f"{file}: cannot be read ({error.strerror or error}).") from error
