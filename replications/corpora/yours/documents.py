"""A reader's own texts: files of UTF-8, plain or gzip, with a part of them held out."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from replications.corpora.store.fingerprint import CorpusIdentity, fingerprint_rows
from replications.corpora.texts.documents import Documents
from replications.errors import ReplicationError

KIND = "yours"
ENDINGS = (".txt", ".gz")
LONGEST_LINE = 10_000_000  # bytes
ENOUGH_DOCUMENTS = 40
HELD_OUT = 0.05  # of the documents or characters, for validation, and as much for the test

PARTS = ("train", "validation", "test")

_Text = TypeVar("_Text")


def own_documents(seed: int, *, path: str, a_line: bool = False) -> Documents:
    """The texts of a file, or of all .txt and .gz files below a folder in the order of their names.

    A file is a document, or with `a_line` each of its lines; blank ones are none. All are held in
    memory. Of 40 documents or more a twentieth is held out for validation, and another one for the
    test: those whose sha256 comes first, so that the choice is the same in every run, and equal
    documents are in one part. Of fewer documents each one's last twentieth is for the test and the
    twentieth before it for validation, cut where a line ends. The seed changes nothing.

    Raises ReplicationError where there is no such file or folder, for a file that is damaged, not
    UTF-8 (naming the line), binary, or has a line of over 10 MB, and where there is too little text
    to hold something out.
    """
    files = own_files(Path(path))
    documents = [text for file in files for text in _documents(file, a_line)]
    if not documents:
        raise ReplicationError(f"{path} holds no text: its {len(files)} file(s) are empty.")
    many = len(documents) >= ENOUGH_DOCUMENTS
    parts = in_parts(documents, str.encode) if many else _by_place(documents)
    if lacking := [name for name, part in zip(PARTS, parts, strict=True) if not part]:
        raise ReplicationError(
            f"{path} has too little text: nothing is left for {lacking[0]}. Give {ENOUGH_DOCUMENTS}"
            " documents or more, or longer ones of several lines."
        )
    name = Path(path).name or "texts"
    identities = tuple(
        CorpusIdentity(
            name,
            split,
            KIND,
            fingerprint_rows(({"text": text} for text in part), ["text"]),
            len(part),
            f"{len(files)} file(s) of your own",
            True,
        )
        for split, part in zip(PARTS, parts, strict=True)
    )
    return Documents(*parts, identities=identities, key=f"yours-{identities[0].sha256[:16]}")


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


def _documents(file: Path, a_line: bool) -> Iterator[str]:
    lines = text_lines(file)
    if a_line:
        yield from (line.strip() for line in lines if line.strip())
    elif text := "".join(lines).strip():
        yield text


def text_lines(file: Path) -> Iterator[str]:
    """The lines of a UTF-8 text file, plain or gzip, with their ends.

    Raises ReplicationError, naming the file and where there is one the line: see `own_documents`.
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
                # Some editors write a mark of the encoding first.
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


def in_parts(
    texts: Sequence[_Text], content: Callable[[_Text], bytes], *, most: int | None = None
) -> tuple[list[_Text], list[_Text], list[_Text]]:
    """Train, validation and test: held out are those whose content's sha256 comes first.

    A twentieth of the different ones for each part, or `most`.
    """
    digests = [hashlib.sha256(content(text)).digest() for text in texts]
    different = sorted(set(digests))
    count = max(1, round(HELD_OUT * len(different)))
    count = count if most is None else min(count, most)
    held_out = dict.fromkeys(different[: 2 * count], 2) | dict.fromkeys(different[:count], 1)
    parts: tuple[list[_Text], list[_Text], list[_Text]] = ([], [], [])
    for text, digest in zip(texts, digests, strict=True):
        parts[held_out.get(digest, 0)].append(text)
    return parts


def _by_place(documents: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    parts: tuple[list[str], list[str], list[str]] = ([], [], [])
    for text in documents:
        cuts = [
            _line_end(text, round((1 - share) * len(text))) for share in (2 * HELD_OUT, HELD_OUT)
        ]
        for part, start, end in zip(parts, (0, *cuts), (*cuts, len(text)), strict=True):
            if piece := text[start:end].strip():
                part.append(piece)
    return parts


def _line_end(text: str, place: int) -> int:
    """The end of the line that the place is in."""
    found = text.find("\n", place)
    return len(text) if found < 0 else found + 1
