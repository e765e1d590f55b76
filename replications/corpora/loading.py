"""A corpus by name: from the mirror, the cache, an installed package or a public address."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

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


def allowing_different_data(load: Callable) -> Callable:
    """The same source of rows, which now takes others than the registered ones.

    A source that has no such choice, such as the synthetic world, stays as it is.
    """
    asks = "allow_different_data" in inspect.signature(load).parameters
    return partial(load, allow_different_data=True) if asks else load


@dataclass(frozen=True)
class ListedCorpus:
    """One line of `replicate data list`. `megabytes` is the size of the prepared files.

    `available` is "mirror", "cache", "bundled", "generated" or "needs download".
    """

    name: str
    kind: str
    licence: str
    splits: tuple[str, ...]
    megabytes: float
    available: str
    description: str


def load_corpus(
    name: str, split: str = "train", *, allow_different_data: bool = False
) -> tuple[Rows, CorpusIdentity]:
    """The rows of one split, and the identity that goes into the records.

    Tried in the order of SOURCES: a mirror folder (`REPLICATIONS_MIRROR`), the cache, an installed
    package, a mirror address, the registered origins. Prepared files are read when rows are asked
    for, piece by piece. The fingerprint of all rows is computed, or is known of these very files.

    Raises ReplicationError for an unknown corpus or split, for data that cannot be had (naming what
    was tried), for damaged files, and for rows with another fingerprint unless
    `allow_different_data`; then `identity.expected` is False.
    """
    return _load(read_entry(name), split, allow_different_data=allow_different_data, keep=False)


def fetch_corpus(name: str, *, allow_different_data: bool = False) -> list[CorpusIdentity]:
    """Bring all splits of a corpus into the cache, from wherever they can be had."""
    entry = read_entry(name)
    return [
        _load(entry, split, allow_different_data=allow_different_data, keep=True)[1]
        for split in entry.splits
    ]


def verify_corpus(name: str) -> list[tuple[str, str, str, bool]]:
    """Recompute the fingerprints of a corpus that is here: (split, expected, actual, equal).

    Downloads nothing. Raises ReplicationError when a split is not on this machine.
    """
    entry = read_entry(name)
    lines = []
    for split in entry.splits.values():
        found = find(LOCAL_SOURCES, entry, split, allow_different_data=True)
        if found is None:
            raise ReplicationError(
                f"{name}, split {split.name}: not on this machine; "
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
            _availability(entry),
            entry.description,
        )
        for entry in map(read_entry, corpus_names())
    ]


def _availability(entry: Entry) -> str:
    if entry.kind == "synthetic":
        return "generated"
    if entry.kind == "bundled":
        return "bundled"
    splits = entry.splits.values()
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
        raise ReplicationError(
            f"{entry.name}, split {split.name}: cannot be had here. Tried: {'; '.join(tried)}. "
            f"Connect to a network and run `replicate data fetch {entry.name}`, or set "
            "REPLICATIONS_MIRROR to a folder or address that holds it"
        )
    rows, actual = found.rows, found.fingerprint(split)
    expected = actual == split.fingerprint
    if not expected and not allow_different_data:
        raise _different(entry, split, found.place, actual, len(rows))
    cached = cache_file(entry, split)
    worth_keeping = entry.kind != "synthetic" and (keep or not found.files)
    # Only the registered rows enter the cache, so that nobody meets others there unasked.
    if expected and worth_keeping and not cached.is_file():
        prepared.write_rows(rows.table(), cached, found.origin)
    return rows, CorpusIdentity(
        entry.name, split.name, entry.kind, actual, len(rows), found.origin, expected
    )


def _different(entry: Entry, split: Split, source: str, actual: str, rows: int) -> ReplicationError:
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
