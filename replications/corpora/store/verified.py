"""Remembered fingerprints of files, so that not every load reads all rows."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from replications.atomic_write import written_whole
from replications.corpora.store.download import corpora_cache, sha256_of
from replications.corpora.store.registry import Split

# Raise it whenever files are read in another way, or rows become other canonical rows.
_READING = 1
# A file this recent may be rewritten without a newer time stamp: file systems round it.
_FRESH_SECONDS = 3
_DIGEST = re.compile("[0-9a-f]{64}")


def remembered_fingerprint(files: Sequence[Path], split: Split, compute: Callable[[], str]) -> str:
    """The fingerprint of the rows in these files, computed where it is not known yet.

    It is known by the files' paths, sizes and times; of files that were moved, copied or touched
    by their sha256, which takes a hundredth of the time. `replicate data verify` computes anew.
    """
    columns = [_READING, split.columns]
    places = [(str(file.resolve()), _stamp(file)) for file in files]
    by_place = _note(columns, places)
    if (known := _read(by_place)) is not None:
        return known
    by_content = _note(columns, [sha256_of(file) for file in files])
    fingerprint = _read(by_content)
    if fingerprint is None:
        fingerprint = compute()
        _write(by_content, fingerprint)
    if _settled(files):
        _write(by_place, fingerprint)
    return fingerprint


def remembered_contents(files: Sequence[Path]) -> str:
    """The sha256 over the sha256s of the files' bytes, in the order of the files.

    Known by the files' paths, sizes and times, so that a large file is hashed once.
    """
    note = _note("bytes", [(str(file.resolve()), _stamp(file)) for file in files])
    if (known := _read(note)) is not None:
        return known
    contents = hashlib.sha256("".join(map(sha256_of, files)).encode()).hexdigest()
    if _settled(files):
        _write(note, contents)
    return contents


def _settled(files: Sequence[Path]) -> bool:
    return max(file.stat().st_mtime for file in files) < time.time() - _FRESH_SECONDS


def _stamp(file: Path) -> list[int]:
    state = file.stat()
    return [state.st_size, state.st_mtime_ns]


def _note(columns: object, about: object) -> Path:
    key = json.dumps([columns, about], sort_keys=True)
    return corpora_cache() / "verified" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.txt"


def _read(note: Path) -> str | None:
    try:
        text = note.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None
    return text if _DIGEST.fullmatch(text) else None


def _write(note: Path, fingerprint: str) -> None:
    # Without a cache all is as before, only slower.
    with suppress(OSError), written_whole(note) as partial:
        partial.write_text(fingerprint, encoding="ascii")
