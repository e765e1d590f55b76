"""Corpora: registry, download, checks, and the synthetic world whose truth is known."""

from __future__ import annotations

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
    "ListedCorpus",
    "fetch_corpus",
    "list_corpora",
    "load_corpus",
    "verify_corpus",
    "where",
]
