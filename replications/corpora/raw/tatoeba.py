"""Sentence pairs of the Tatoeba project, from the archives that manythings.org makes of them."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from replications.errors import ReplicationError

_LIST = "fra.txt"


def split_of(english: str) -> str:
    """The split of an English sentence: 1.5 % test, 1.5 % validation, by a hash of its words.

    The hash is taken over its letters and digits in lower case, so that a sentence stays in one
    split with all its translations, and with another full stop or capital letter.
    """
    said = "".join(letter for letter in english.lower() if letter.isalnum())
    part = int(hashlib.sha256(said.encode()).hexdigest(), 16) % 1000
    return "test" if part < 15 else "validation" if part < 30 else "train"


def tatoeba_rows(files: Mapping[str, Path], split: str) -> Iterator[dict[str, object]]:
    """The pairs of a split, out of an archive with `English TAB French` lines in fra.txt."""
    for file in files.values():
        try:
            with zipfile.ZipFile(file) as archive:
                text = archive.read(_LIST).decode("utf-8")
        except (OSError, zipfile.BadZipFile, KeyError, UnicodeDecodeError) as error:
            raise ReplicationError(
                f"{file}: is no zip archive with a UTF-8 file {_LIST} ({error}); fetch it again"
            ) from error
        for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
            sentences = line.rstrip("\r").split("\t")
            if len(sentences) != 2 or not all(sentences):
                raise ReplicationError(
                    f"{file}: line {number} of {_LIST} is not two sentences with a tab: {line!r}"
                )
            if split_of(sentences[0]) == split:
                yield dict(zip(("en", "fr"), sentences, strict=True))
