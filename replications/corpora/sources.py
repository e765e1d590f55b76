"""Where the rows of a split can be had: one function a source, tried in the order of SOURCES."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from replications.corpora.preparation import prepare_files, prepare_rows
from replications.corpora.store import download, prepared
from replications.corpora.store.download import NotAvailable
from replications.corpora.store.registry import Entry, Origin, Split
from replications.corpora.store.rows import FileRows, Rows, TableRows
from replications.corpora.store.verified import remembered_fingerprint
from replications.errors import ReplicationError

if TYPE_CHECKING:
    import pyarrow


@dataclass(frozen=True)
class Found:
    """The rows that a source has.

    `place` says where they lie and `origin` where they come from, both to be read by people.
    `files` are those that the rows are read from; without them the rows are in memory.
    """

    rows: Rows
    place: str
    origin: str
    files: tuple[Path, ...] = ()

    def fingerprint(self, split: Split, *, anew: bool = False) -> str:
        """The fingerprint of the rows; of files as it is remembered, unless `anew`."""

        def compute() -> str:
            return prepared.fingerprint(self.rows, split, self.place)

        if anew or not self.files:
            return compute()
        return remembered_fingerprint(self.files, split, compute)


Source = Callable[[Entry, Split, bool], Found | None]
"""Called with the corpus, the split, and whether other data than the registered are allowed.

None where this is no source of such a corpus. Raises NotAvailable, with the reason, where it could
be one but lacks the corpus; ReplicationError where its copy is damaged.
"""


def generator(entry: Entry, split: Split, allow_different_data: bool) -> Found | None:
    """The synthetic world."""
    if entry.kind != "synthetic":
        return None
    # It needs numpy, for which `replicate --help` need not wait.
    from replications.corpora.world.default_worlds import default_rows

    rows = default_rows(entry.name, split.name)
    return Found(TableRows(prepared.table_from_rows(rows, split)), "generator", "generated")


def mirror_folder(entry: Entry, split: Split, allow_different_data: bool) -> Found | None:
    """Prepared files of the mirror."""
    files = mirrored(split)
    if split.preparation and files:
        by_path = dict(zip(split.prepared, files, strict=True))
        rows = prepared.table_from_rows(prepare_files(split.preparation, by_path), split)
        return Found(TableRows(rows), "mirror", "mirror")
    return Found(FileRows(files, split), "mirror", "mirror", tuple(files)) if files else None


def cache(entry: Entry, split: Split, allow_different_data: bool) -> Found | None:
    """What was downloaded or prepared before."""
    file = cache_file(entry, split)
    if not file.is_file():
        return None
    return Found(FileRows([file], split), "cache", prepared.written_origin(file), (file,))


def mirrored_raw_files(entry: Entry, split: Split, allow_different_data: bool) -> Found | None:
    """Raw files of the mirror, prepared now."""
    for origin in mirrored_raw(entry, split):
        return _prepare(origin, split, download.repository_files(origin, entry.name), "raw files")
    return None


def package(entry: Entry, split: Split, allow_different_data: bool) -> Found | None:
    """Files that an installed package ships."""
    reasons = []
    for origin in _origins(entry, split):
        if not origin.package:
            continue
        try:
            files = download.package_files(origin, allow_different_data=allow_different_data)
        except NotAvailable as reason:
            reasons.append(str(reason))
            continue
        return _prepare(origin, split, files, "package")
    return _none(reasons)


def mirror_address(entry: Entry, split: Split, allow_different_data: bool) -> Found | None:
    """Prepared files below the mirror's address."""
    here = download.mirror()
    if here is None:
        raise NotAvailable("no mirror (REPLICATIONS_MIRROR is not set)")
    if isinstance(here, Path):
        lacking = [path for path in split.prepared if not (here / path).is_file()]
        raise NotAvailable(f"mirror {here} (it has no {', '.join(lacking) or entry.name})")
    if not split.prepared:
        return None
    try:
        return Found(TableRows(_read_from(here, entry, split)), "mirror address", "mirror")
    except NotAvailable as reason:
        raise NotAvailable(f"mirror {here} ({reason})") from reason


def public_address(entry: Entry, split: Split, allow_different_data: bool) -> Found | None:
    """The registered origins' raw files, downloaded and prepared now."""
    if not _origins(entry, split):
        raise NotAvailable("no public origin is known of this split")
    reasons = []
    for origin in _origins(entry, split):
        if origin.package:
            continue
        try:
            files = download.repository_files(origin, entry.name)
        except NotAvailable as reason:
            reasons.append(f"{origin} ({reason})")
            continue
        return _prepare(origin, split, files, "raw files")
    return _none(reasons)


LOCAL_SOURCES: tuple[Source, ...] = (generator, mirror_folder, cache, mirrored_raw_files, package)
SOURCES: tuple[Source, ...] = (*LOCAL_SOURCES, mirror_address, public_address)


def find(
    sources: Iterable[Source],
    entry: Entry,
    split: Split,
    *,
    allow_different_data: bool,
    tried: list[str] | None = None,
) -> Found | None:
    """The split from the first source that has it; `tried` takes the reasons of those before."""
    for source in sources:
        try:
            found = source(entry, split, allow_different_data)
        except NotAvailable as reason:
            if tried is not None:
                tried.append(str(reason))
            continue
        if found is not None:
            return found
    return None


def cache_file(entry: Entry, split: Split) -> Path:
    """Where the prepared rows lie in the cache, once they do."""
    # The name holds the fingerprint: a corrected registry entry never reads an outdated file.
    name = f"{split.name}-{split.fingerprint[:16]}.parquet"
    return download.corpora_cache() / "prepared" / entry.name / name


def mirrored(split: Split) -> list[Path]:
    """The prepared files of the mirror, where it has all of them."""
    here = download.mirror()
    if not isinstance(here, Path):
        return []
    files = [here / path for path in split.prepared]
    return files if all(file.is_file() for file in files) else []


def mirrored_raw(entry: Entry, split: Split) -> list[Origin]:
    """The origins whose raw files the mirror has."""
    here = download.mirror()
    if not isinstance(here, Path):
        return []
    return [
        origin
        for origin in _origins(entry, split)
        if not origin.package
        and all(
            (download.mirrored_raw_folder(each, here) / path).is_file()
            for each in (origin, *origin.further)
            for path in each.files
        )
    ]


def _origins(entry: Entry, split: Split) -> list[Origin]:
    return [origin for origin in entry.origins if split.name in origin.splits]


def _none(reasons: list[str]) -> None:
    if reasons:
        raise NotAvailable("; ".join(reasons))


def _prepare(origin: Origin, split: Split, files: dict[str, Path], place: str) -> Found:
    table = prepared.table_from_rows(prepare_rows(origin, split.name, files), split)
    if table.num_rows == 0:
        raise ReplicationError(f"{origin}: its files hold no rows; fetch the corpus again")
    return Found(TableRows(table), place, download.describe(origin))


def _read_from(address: str, entry: Entry, split: Split) -> pyarrow.Table:
    folder = download.corpora_cache()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="arriving-", dir=folder) as arriving:
            # Not checked against the sha256 of the file: the rows themselves are checked.
            files = download.download_all(
                address, split.prepared, Path(arriving), entry.name, verify=False
            )
            download.refuse_pages(files, address)
            if split.preparation:
                return prepared.table_from_rows(prepare_files(split.preparation, files), split)
            return FileRows(list(files.values()), split).table()
    except OSError as error:
        raise prepared.cache_error(folder, error) from error
