"""A corpus by name: from the mirror, the cache, an installed package or a public address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from replications.corpora.sources import (
    LOCAL_SOURCES,
    SOURCES,
    cache_file,
    find,
    mirrored,
    mirrored_raw,
)
from replications.corpora.store import download, prepared
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.store.registry import Entry, Split, corpus_names, read_entry
from replications.corpora.store.rows import Rows
from replications.errors import ReplicationError

_DIFFERENT_DATA: ContextVar[bool] = ContextVar("different data", default=False)
_READ: ContextVar[dict[CorpusIdentity, None] | None] = ContextVar("read", default=None)


@contextmanager
def different_data_allowed(allowed: bool = True) -> Iterator[None]:
    """A context in which corpora may differ from the registry; their identities say so."""
    token = _DIFFERENT_DATA.set(allowed)
    try:
        yield
    finally:
        _DIFFERENT_DATA.reset(token)


def takes_different_data() -> bool:
    """Whether other rows than the registered ones are accepted here."""
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
    """Note that a corpus that was kept since it was loaded is used again."""
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
    caveats: tuple[str, ...] = ()


def load_corpus(name: str, split: str = "train") -> tuple[Rows, CorpusIdentity]:
    """The rows of one split, and the identity that goes into the records.

    Tried in the order of SOURCES: a mirror folder (`REPLICATIONS_MIRROR`), the cache, an installed
    package, a mirror address, the registered origins. Prepared files are read lazily, in batches of
    rows. The fingerprint of all rows is computed, or remembered for these very files.

    Raises ReplicationError for an unknown corpus or split, for data that cannot be had (naming what
    was tried), for damaged files, and for rows with another fingerprint unless inside of
    `different_data_allowed`; then `identity.expected` is False.
    """
    rows, identity = _load(
        read_entry(name), split, allow_different_data=takes_different_data(), keep=False
    )
    note_read(identity)
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

    Other rows than the registered ones are accepted inside of `different_data_allowed`.
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
        found = find(LOCAL_SOURCES, entry, split, allow_different_data=True)
        if found is None:
            raise ReplicationError(
                f"{entry.name}, split {split.name}: not on this machine; "
                f"run `replicate data fetch {name}`"
            )
        actual = found.fingerprint(split, anew=True)
        lines.append((split.name, split.fingerprint, actual, actual == split.fingerprint))
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
            entry.caveats,
        )
        for entry in map(read_entry, corpus_names())
    ]


def _availability(entry: Entry, splits: list[Split]) -> str:
    if entry.kind == "synthetic":
        return "generated"
    if entry.kind == "bundled":
        return "bundled"
    if all(mirrored(split) or mirrored_raw(entry, split) for split in splits):
        return "mirror"
    if all(cache_file(entry, split).is_file() for split in splits):
        return "cache"
    return "needs download"


def _load(
    entry: Entry, split_name: str, *, allow_different_data: bool, keep: bool
) -> tuple[Rows, CorpusIdentity]:
    split = entry.split(split_name)
    tried: list[str] = []
    found = find(SOURCES, entry, split, allow_different_data=allow_different_data, tried=tried)
    if found is None:
        way_out = (
            f"Connect to a network and run `replicate data fetch {entry.name}`, or set "
            if any(split.name in origin.splits for origin in entry.origins)
            else "`replicate data export` writes a mirror on a machine that has it; set "
        )
        raise ReplicationError(
            f"{entry.name}, split {split.name}: cannot be had here. Tried: {'; '.join(tried)}. "
            f"{way_out}REPLICATIONS_MIRROR to a folder or address that holds it"
        )
    rows, actual = found.rows, found.fingerprint(split)
    expected = actual == split.fingerprint
    cached = cache_file(entry, split)
    if not expected and not allow_different_data:
        raise _different(entry, split, found.place, actual, len(rows), cached)
    worth_keeping = entry.kind != "synthetic" and (keep or not found.files)
    # Only the registered rows enter the cache, so that no later run reads others from it unasked.
    if expected and worth_keeping and not cached.is_file():
        try:
            prepared.write_rows(rows.table(), cached, found.origin)
        except ReplicationError:
            # The rows are loaded: that they could not be cached is an error of a fetch alone.
            if keep:
                raise
    return rows, CorpusIdentity(
        entry.name, split.name, entry.kind, actual, len(rows), found.origin, expected
    )


def _different(
    entry: Entry, split: Split, source: str, actual: str, rows: int, cached: Path
) -> ReplicationError:
    if source == "cache":
        # Only registered rows are put there: a file that has others was damaged since.
        return ReplicationError(
            f"{entry.name}, split {split.name}: {cached} is damaged. Its {rows} rows have the "
            f"fingerprint {actual}, the registry ({entry.file.name}) says {split.fingerprint}. "
            f"Delete that file, then `replicate data fetch {entry.name}`"
        )
    files = []
    if source == "mirror":
        files = [
            f" {file} is not the registered file."
            for file, digest in zip(mirrored(split), split.prepared.values(), strict=True)
            if download.sha256_of(file) != digest
        ]
    return ReplicationError(
        f"{entry.name}, split {split.name}, from {source}: the {rows} rows have the fingerprint "
        f"{actual}, the registry ({entry.file.name}) says {split.rows} rows with "
        f"{split.fingerprint}.{''.join(files)} Get the registered copy, or accept other data with "
        "--allow-different-data: every record and verdict made from it will say so"
    )
