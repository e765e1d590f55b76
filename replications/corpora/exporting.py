"""Corpora packed as a mirror folder, for a machine without a network."""

from __future__ import annotations

import io
import shutil
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from replications.atomic_write import written_whole
from replications.corpora.loading import load_corpus, needed_splits
from replications.corpora.store import download, prepared
from replications.corpora.store.registry import Split
from replications.errors import ReplicationError

PARTS_NAME = "mirror.tar"
DIGESTS = "SHA256SUMS"
_LEAST_PART_BYTES = 1000


@dataclass(frozen=True)
class ExportedCorpus:
    """A corpus as exported to the folder: its rows, and the bytes of their files.

    No bytes where no file is needed: `kind` is then "synthetic" or "bundled".
    """

    name: str
    kind: str
    rows: int
    bytes: int


def export_corpora(names: Iterable[str], folder: Path) -> Iterator[ExportedCorpus]:
    """Write the rows of these corpora below a folder that can be set as REPLICATIONS_MIRROR.

    "multi30k:train" names one split of a corpus, as in `needed_splits`. The rows are those of the
    registry, from wherever they can be had, compressed as far as zstd goes. Synthetic and bundled
    corpora need no files.

    Raises ReplicationError for a corpus that cannot be had or is not the registered one, for a
    folder that holds something already, and where writing fails.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ReplicationError(f"{folder} holds something already: name a new folder.")
    kinds: dict[str, str] = {}
    needed: dict[str, dict[str, Split]] = {}
    for name in names:
        entry, splits = needed_splits(name)
        kinds[entry.name] = entry.kind
        needed.setdefault(entry.name, {}).update((split.name, split) for split in splits)
    for name, splits in needed.items():
        rows = size = 0
        for split in splits.values():
            rows += split.rows
            if kinds[name] not in ("synthetic", "bundled"):
                size += sum(_export_split(name, split, folder))
        yield ExportedCorpus(name, kinds[name], rows, size)


def _export_split(name: str, split: Split, folder: Path) -> Iterator[int]:
    if not split.prepared:
        raise ReplicationError(
            f"{name}, split {split.name}: the registry names no prepared file for it, so that a "
            "mirror has no place for it. Add `prepared` to its entry."
        )
    rows, identity = load_corpus(name, split.name)
    table = rows.table()
    share = -(-table.num_rows // len(split.prepared))
    for number, (path, digest) in enumerate(split.prepared.items()):
        file = folder / path
        if not _copied(path, digest, file):
            if split.preparation:
                raise ReplicationError(
                    f"{name}, split {split.name}: {path} is not parquet, and can only be copied "
                    "from a mirror folder. Set REPLICATIONS_MIRROR to one that has it."
                )
            part = table.slice(number * share, share)
            prepared.write_rows(part, file, identity.origin, smallest=True)
        yield file.stat().st_size


def _copied(path: str, digest: str, file: Path) -> bool:
    """Take the mirror's file where it is the registered one, which is small already."""
    here = download.mirror()
    if not isinstance(here, Path) or not (here / path).is_file():
        return False
    if download.sha256_of(here / path) != digest:
        return False
    try:
        with written_whole(file) as partial:
            shutil.copyfile(here / path, partial)
    except OSError as error:
        raise prepared.cache_error(file.parent, error) from error
    return True


def require_part_size(part_bytes: int) -> None:
    """Raise ReplicationError for parts that are too small: there would be countless files."""
    if part_bytes < _LEAST_PART_BYTES:
        raise ReplicationError(f"Parts of {part_bytes} bytes: give 1KB or more.")


def split_into_parts(folder: Path, part_bytes: int) -> list[Path]:
    """Pack all files of a folder into one tar archive in parts of at most `part_bytes` bytes.

    The parts take the place of the files, with their sha256 in a file beside them; joined in their
    order they are the archive.

    Raises ReplicationError for a size below a kilobyte, and where writing fails.
    """
    require_part_size(part_bytes)
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    try:
        with (
            _Parts(folder, part_bytes) as parts,
            tarfile.open(mode="w|", fileobj=parts) as archive,
        ):
            for file in files:
                archive.add(file, arcname=file.relative_to(folder).as_posix(), filter=_nobody)
        lines = [f"{download.sha256_of(part)}  {part.name}\n" for part in parts.files]
        with written_whole(folder / DIGESTS) as partial:
            partial.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise ReplicationError(f"Cannot write parts into {folder}: {error}. Make room.") from error
    for file in files:
        file.unlink()
    for empty in sorted((each for each in folder.rglob("*") if each.is_dir()), reverse=True):
        empty.rmdir()
    return parts.files


def _nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """The entry without owner and time, so that the same files make the same parts."""
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o644
    return entry


class _Parts(io.RawIOBase):
    """A writable stream that goes on in the next file when one is full."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder, self.limit, self.files = folder, limit, []
        self.part: io.BufferedWriter | None = None

    def writable(self) -> bool:
        return True

    def write(self, content: bytes) -> int:
        left = memoryview(content)
        while left:
            room = 0 if self.part is None else self.limit - self.part.tell()
            if room == 0:
                self._next()
                room = self.limit
            self.part.write(left[:room])
            left = left[room:]
        return len(content)

    def _next(self) -> None:
        if self.part is not None:
            self.part.close()
        self.files.append(self.folder / f"{PARTS_NAME}.{len(self.files):03}")
        self.part = self.files[-1].open("wb")

    def close(self) -> None:
        if self.part is not None:
            self.part.close()
        super().close()
