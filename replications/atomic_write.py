"""Atomic writes: a file is whole or not there, whenever the program or the machine stops."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Gives a temporary name to write to; the file is renamed when all is on the disk.

    After an error in the block nothing half-written is left, and an older file of that name is
    unchanged. Raises OSError where it cannot be written (disk full, read-only).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        yield partial
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
