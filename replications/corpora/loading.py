"""A corpus by name: from the mirror, the cache, an installed package or a public address."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
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
) -> tuple[datasets.Dataset, CorpusIdentity]:
    """The rows of one split, held in memory, and the identity that goes into the records.

    Tried in this order: a mirror folder (`REPLICATIONS_MIRROR`), the cache, a mirror address, the
    registered origins. The fingerprint of the rows is computed at every load.

    Raises ReplicationError for an unknown corpus or split, for data that cannot be had (naming what
    was tried), for damaged files, and for rows with another fingerprint unless
    `allow_different_data`; then `identity.expected` is False.
    """
    table, identity = read_table(name, split, allow_different_data=allow_different_data)
    import datasets
    from datasets.table import InMemoryTable

    rows = datasets.Dataset(InMemoryTable(table), fingerprint=identity.sha256[:16])
    return rows, identity


def read_table(
    name: str, split: str, *, allow_different_data: bool = False
) -> tuple[pyarrow.Table, CorpusIdentity]:
    """As `load_corpus`, the rows as a table of pyarrow."""
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
        for attempt in _local_sources(entry, split, allow_different_data=True):
            table, source, _ = attempt
            actual = prepared.fingerprint_table(table, split, source)
            lines.append((split.name, split.fingerprint, actual, actual == split.fingerprint))
            break
        else:
            raise ReplicationError(
                f"{name}, split {split.name}: not on this machine; "
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
            prepared.write_rows(table, cached, origin)
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
