"""A corpus by name: from the mirror, the cache, an installed package or a public address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from replications.corpora.store import download, prepared
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.store.registry import Entry, Origin, Split, corpus_names, read_entry
from replications.errors import ReplicationError

if TYPE_CHECKING:
    import datasets
    import pyarrow


_GENERATORS = {
    "world-words": "replications.corpora.world.analogies",
    "world-translation": "replications.corpora.world.language",
    "world-stories": "replications.corpora.world.stories",
    "world-last-words": "replications.corpora.world.stories_last_word",
    "world-cloze": "replications.corpora.world.tasks_cloze",
    "world-next-sentence": "replications.corpora.world.tasks_next_sentence",
    "world-labelled": "replications.corpora.world.tasks_labelled",
    "world-episodes": "replications.corpora.world.tasks_episodes",
}


_DIFFERENT_DATA: ContextVar[bool] = ContextVar("different data", default=False)
_READ: ContextVar[dict[CorpusIdentity, None] | None] = ContextVar("read", default=None)


@contextmanager
def different_data_allowed(allowed: bool = True) -> Iterator[None]:
    """Inside, corpora may have other rows than the registered ones; their identities say so."""
    token = _DIFFERENT_DATA.set(allowed)
    try:
        yield
    finally:
        _DIFFERENT_DATA.reset(token)


def takes_different_data() -> bool:
    """Whether other rows than the registered ones are let through here."""
    return _DIFFERENT_DATA.get()


@contextmanager
def corpora_read() -> Iterator[dict[CorpusIdentity, None]]:
    """Gives a dictionary whose keys are, at the end, the corpora that were read inside."""
    read: dict[CorpusIdentity, None] = {}
    token = _READ.set(read)
    try:
        yield read
    finally:
        _READ.reset(token)


def note_read(identity: CorpusIdentity) -> None:
    """For those who keep a corpus that was loaded: it is read once more."""
    if (read := _READ.get()) is not None:
        read[identity] = None


@dataclass(frozen=True)
class ListedCorpus:
    """One line of `replicate data list`. `megabytes` is the size of the prepared files, and
    `download_megabytes` that of the public files that they are made from.

    `available` is "mirror", "cache", "bundled", "generated" or "needs download".
    """

    name: str
    kind: str
    licence: str
    splits: tuple[str, ...]
    megabytes: float
    available: str
    description: str
    download_megabytes: float = 0.0


def load_corpus(name: str, split: str = "train") -> tuple[datasets.Dataset, CorpusIdentity]:
    """The rows of one split, held in memory, and the identity that goes into the records.

    Tried in this order: a mirror folder (`REPLICATIONS_MIRROR`), the cache, a mirror address, the
    registered origins. The fingerprint of the rows is computed at every load.

    Raises ReplicationError for an unknown corpus or split, for data that cannot be had (naming what
    was tried), for damaged files, and for rows with another fingerprint unless inside of
    `different_data_allowed`; then `identity.expected` is False.
    """
    table, identity = _load(
        read_entry(name), split, allow_different_data=takes_different_data(), keep=False
    )
    note_read(identity)
    import datasets
    from datasets.table import InMemoryTable

    rows = datasets.Dataset(InMemoryTable(table), fingerprint=identity.sha256[:16])
    return rows, identity


def needed_splits(needed: str) -> tuple[Entry, list[Split]]:
    """The corpus and those of its splits that a paper needs: "multi30k", all of them, or
    "multi30k:train,test", these two.

    Raises ReplicationError for a corpus or a split that is not registered.
    """
    name, _, named = needed.partition(":")
    entry = read_entry(name)
    return entry, [entry.split(split) for split in named.split(",") if split] or [
        *entry.splits.values()
    ]


def where(needed: str) -> str:
    """Where what is needed can be had: as `available` of a ListedCorpus, for these splits alone.

    Raises what `needed_splits` raises.
    """
    return _availability(*needed_splits(needed))


def fetch_corpus(needed: str) -> list[CorpusIdentity]:
    """Bring a corpus, or the splits that are named (see `needed_splits`), into the cache, from
    wherever they can be had.

    Other rows than the registered ones are let through inside of `different_data_allowed`.
    """
    entry, splits = needed_splits(needed)
    return [
        _load(entry, split.name, allow_different_data=takes_different_data(), keep=True)[1]
        for split in splits
    ]


def verify_corpus(name: str) -> list[tuple[str, str, str, bool]]:
    """Recompute the fingerprints of a corpus that is here: (split, expected, actual, equal).

    Downloads nothing. Raises ReplicationError when a split is not on this machine.
    """
    entry, splits = needed_splits(name)
    lines = []
    for split in splits:
        for attempt in _local_sources(entry, split, allow_different_data=True):
            table, source, _ = attempt
            actual = prepared.fingerprint_table(table, split, source)
            lines.append((split.name, split.fingerprint, actual, actual == split.fingerprint))
            break
        else:
            raise ReplicationError(
                f"{entry.name}, split {split.name}: not on this machine; "
                f"run `replicate data fetch {name}`"
            )
    return lines


def list_corpora() -> list[ListedCorpus]:
    """All registered corpora, and whether each can be had without a download."""
    return [
        ListedCorpus(
            entry.name,
            entry.kind,
            entry.licence,
            tuple(entry.splits),
            entry.megabytes,
            _availability(entry, list(entry.splits.values())),
            entry.description,
            sum((origin.megabytes for origin in entry.origins), start=0.0),
        )
        for entry in map(read_entry, corpus_names())
    ]


def _availability(entry: Entry, splits: list[Split]) -> str:
    if entry.kind == "synthetic":
        return "generated"
    if entry.kind == "bundled":
        return "bundled"
    if all(_mirrored(split) or _mirrored_raw(entry, split) for split in splits):
        return "mirror"
    if all(_cache_file(entry, split).is_file() for split in splits):
        return "cache"
    return "needs download"


def _load(
    entry: Entry, split_name: str, *, allow_different_data: bool, keep: bool
) -> tuple[pyarrow.Table, CorpusIdentity]:
    split = entry.split(split_name)
    tried: list[str] = []
    for table, source, origin in _sources(entry, split, tried, allow_different_data):
        actual = prepared.fingerprint_table(table, split, source)
        expected = actual == split.fingerprint
        if not expected and not allow_different_data:
            raise _different(entry, split, source, actual, table.num_rows)
        cached = _cache_file(entry, split)
        worth_keeping = entry.kind != "synthetic" and (keep or source not in ("mirror", "cache"))
        # Only the registered rows enter the cache, so that nobody meets others there unasked.
        if expected and worth_keeping and not cached.is_file():
            try:
                prepared.write_rows(table, cached, origin)
            except ReplicationError:
                # The rows are here. That the next run must prepare them again stops only a fetch.
                if keep:
                    raise
        return table, CorpusIdentity(
            entry.name, split.name, entry.kind, actual, table.num_rows, origin, expected
        )
    raise ReplicationError(
        f"{entry.name}, split {split.name}: cannot be had here. Tried: {'; '.join(tried)}. "
        f"Connect to a network and run `replicate data fetch {entry.name}`, or set "
        "REPLICATIONS_MIRROR to a folder or address that holds it"
    )


def _different(entry: Entry, split: Split, source: str, actual: str, rows: int) -> ReplicationError:
    files = []
    if source == "mirror":
        files = [
            f" {file} is not the registered file."
            for file, digest in zip(_mirrored(split), split.prepared.values(), strict=True)
            if download.sha256_of(file) != digest
        ]
    return ReplicationError(
        f"{entry.name}, split {split.name}, from {source}: the {rows} rows have the fingerprint "
        f"{actual}, the registry ({entry.file.name}) says {split.rows} rows with "
        f"{split.fingerprint}.{''.join(files)} Get the registered copy, or accept other data with "
        "--allow-different-data: every record and verdict made from it will say so"
    )


_Found = Iterator[tuple["pyarrow.Table", str, str]]  # rows, where they lay, where they come from


def _sources(entry: Entry, split: Split, tried: list[str], allow_different_data: bool) -> _Found:
    yield from _local_sources(entry, split, allow_different_data, tried)
    here = download.mirror()
    if here is None:
        tried.append("no mirror (REPLICATIONS_MIRROR is not set)")
    elif isinstance(here, Path):
        lacking = [path for path in split.prepared if not (here / path).is_file()]
        tried.append(f"mirror {here} (it has no {', '.join(lacking) or entry.name})")
    elif split.prepared:
        try:
            yield _from_address(here, entry, split), "mirror address", "mirror"
        except download.NotAvailable as reason:
            tried.append(f"mirror {here} ({reason})")
    if not _origins(entry, split):
        tried.append("no public origin is known of this split")
    for origin in _origins(entry, split):
        if origin.package:
            continue
        try:
            files = download.repository_files(origin, entry.name)
        except download.NotAvailable as reason:
            tried.append(f"{origin} ({reason})")
            continue
        yield _prepare(origin, split, files), "raw files", download.describe(origin)


def _local_sources(
    entry: Entry, split: Split, allow_different_data: bool, tried: list[str] | None = None
) -> _Found:
    """The sources that need no network, best first."""
    if entry.kind == "synthetic":
        rows = import_module(_GENERATORS[entry.name]).default_rows(split.name)
        yield prepared.table_from_rows(rows, split), "generator", "generated"
    if files := _mirrored(split):
        yield prepared.read_rows(files, split), "mirror", "mirror"
    cached = _cache_file(entry, split)
    if cached.is_file():
        yield prepared.read_rows([cached], split), "cache", prepared.written_origin(cached)
    for origin in _mirrored_raw(entry, split):
        files = download.repository_files(origin, entry.name)
        yield _prepare(origin, split, files), "raw files", download.describe(origin)
    for origin in _origins(entry, split):
        if origin.package:
            try:
                found = download.package_files(origin, allow_different_data=allow_different_data)
            except download.NotAvailable as reason:
                if tried is not None:
                    tried.append(str(reason))
                continue
            yield _prepare(origin, split, found), "package", download.describe(origin)


def _prepare(origin: Origin, split: Split, files: dict[str, Path]) -> pyarrow.Table:
    from replications.corpora.preparation import prepare_rows

    table = prepared.table_from_rows(prepare_rows(origin, split.name, files), split)
    if table.num_rows == 0:
        raise ReplicationError(f"{origin}: its files hold no rows; fetch the corpus again")
    return table


def _from_address(address: str, entry: Entry, split: Split) -> pyarrow.Table:
    import tempfile

    folder = download.corpora_cache()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="arriving-", dir=folder) as arriving:
            # Not checked against the sha256 of the file: the rows themselves are checked.
            files = download.download_all(
                address, split.prepared, Path(arriving), entry.name, verify=False
            )
            download.refuse_pages(files, address)
            return prepared.read_rows(list(files.values()), split)
    except OSError as error:
        raise prepared.cache_error(folder, error) from error


def _origins(entry: Entry, split: Split) -> list[Origin]:
    return [origin for origin in entry.origins if split.name in origin.splits]


def _cache_file(entry: Entry, split: Split) -> Path:
    # The fingerprint in the name: a corrected registry entry never meets an outdated file.
    name = f"{split.name}-{split.fingerprint[:16]}.parquet"
    return download.corpora_cache() / "prepared" / entry.name / name


def _mirrored(split: Split) -> list[Path]:
    here = download.mirror()
    if not isinstance(here, Path):
        return []
    files = [here / path for path in split.prepared]
    return files if all(file.is_file() for file in files) else []


def _mirrored_raw(entry: Entry, split: Split) -> list[Origin]:
    here = download.mirror()
    if not isinstance(here, Path):
        return []
    return [
        origin
        for origin in _origins(entry, split)
        if origin.repository
        and all(
            (here / "raw" / origin.repository / origin.commit / path).is_file()
            for path in origin.files
        )
    ]
