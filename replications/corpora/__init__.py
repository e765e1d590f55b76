"""Corpora: registry, download, checks, and the synthetic world whose truth is known."""

from __future__ import annotations

from replications.corpora.exporting import (
    ExportedCorpus,
    export_corpora,
    require_part_size,
    split_into_parts,
)
from replications.corpora.loading import (
    ListedCorpus,
    fetch_corpus,
    list_corpora,
    load_corpus,
    verify_corpus,
    where,
)
from replications.corpora.store.fingerprint import CorpusIdentity

__all__ = [
    "CorpusIdentity",
    "ExportedCorpus",
    "ListedCorpus",
    "export_corpora",
    "fetch_corpus",
    "list_corpora",
    "load_corpus",
    "require_part_size",
    "split_into_parts",
    "verify_corpus",
    "where",
]
