"""Co-occurrence counts of words: sparse, in memory that does not grow with the text.

Pairs of frequent words are added into a dense table, all others are collected, sorted and merged
batch by batch, as in GloVe's cooccur.c.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int64
from torch import Tensor
from tqdm.auto import tqdm

from replications.code_version import TEXT, code_version
from replications.corpora.store.cached_tensors import load_tensors, save_tensors
from replications.corpora.texts.encoded_text import EncodedText
from replications.paths import cache_folder

# 50 million numbers of eight bytes for the dense table, 15 million pairs between two merges.
_DENSE_ENTRIES = 50_000_000
_PENDING_PAIRS = 15_000_000
_WORDS_AT_ONCE = 2_000_000


@dataclass(frozen=True)
class Cooccurrences:
    """The entries X_ij > 0 with i <= j of a symmetric matrix of `size` words, by i, then j."""

    first: Int64[Tensor, " cell"]
    second: Int64[Tensor, " cell"]
    count: Float[Tensor, " cell"]
    size: int

    def symmetric(
        self,
    ) -> tuple[Int64[Tensor, " entry"], Int64[Tensor, " entry"], Float[Tensor, " entry"]]:
        """Rows, columns and counts of the whole matrix, X_ij beside X_ji."""
        mirrored = self.first != self.second
        return (
            torch.cat([self.first, self.second[mirrored]]),
            torch.cat([self.second, self.first[mirrored]]),
            torch.cat([self.count, self.count[mirrored]]),
        )

    def dense(self, columns: int | None = None) -> Float[Tensor, "word context"]:
        """The matrix with its first `columns` columns (all if None), zeros filled in."""
        rows, contexts, counts = self.symmetric()
        width = self.size if columns is None else min(columns, self.size)
        inside = contexts < width
        matrix = torch.zeros(self.size, width)
        matrix[rows[inside], contexts[inside]] = counts[inside]
        return matrix

    def between(self, first: int, second: int) -> float:
        """X for one pair of words."""
        low, high = sorted((first, second))
        found = self.count[(self.first == low) & (self.second == high)]
        return float(found.sum())


def count_cooccurrences(
    text: EncodedText,
    *,
    window: int = 10,
    words_at_once: int = _WORDS_AT_ONCE,
    dense_entries: int = _DENSE_ENTRIES,
    pending_pairs: int = _PENDING_PAIRS,
) -> Cooccurrences:
    """Add 1/r to X_ij and X_ji for each two words r <= `window` apart within a document.

    Source: Pennington et al. 2014, section 4.2. A word beside itself counts twice, as in
    cooccur.c. The three sizes bound the memory and do not change the counts: these are summed in
    double precision, as cooccur.c does, and rounded to single once at the end. In single precision
    a sum stops growing where 1/r is less than half its last digit, from some million on.
    """
    size = len(text.vocabulary)
    dense_rows = min(size, dense_entries // size)
    dense = torch.zeros(dense_rows * size, dtype=torch.float64)
    keys = torch.zeros(0, dtype=torch.int64)
    counts = torch.zeros(0, dtype=torch.float64)
    pending: list[tuple[Tensor, Tensor]] = []
    waiting = 0
    for key, weight in _pairs(text, window, words_at_once):
        frequent = key < dense_rows * size
        dense.index_add_(0, key[frequent], weight[frequent])
        pending.append((key[~frequent], weight[~frequent]))
        waiting += len(pending[-1][0])
        if waiting > pending_pairs:
            keys, counts = _merge([(keys, counts), *pending])
            pending, waiting = [], 0
    keys, counts = _merge([(keys, counts), *pending])
    found = dense.nonzero()[:, 0]
    keys, counts = torch.cat([found, keys]), torch.cat([dense[found].float(), counts.float()])
    return Cooccurrences(keys // size, keys % size, counts, size)


def cached_cooccurrences(text: EncodedText, *, window: int) -> Cooccurrences:
    """As `count_cooccurrences`, kept in the cache for texts that have a key."""
    if text.key is None:
        return count_cooccurrences(text, window=window)
    name = f"{text.key}.window{window}.{code_version(TEXT)}"
    path = cache_folder() / "cooccurrences" / f"{name}.safetensors"
    if path.exists():
        tensors, _ = load_tensors(path)
        first, second = tensors["first"].long(), tensors["second"].long()
        return Cooccurrences(first, second, tensors["count"], len(text.vocabulary))
    cooccurrences = count_cooccurrences(text, window=window)
    tensors = {
        "first": cooccurrences.first.int(),
        "second": cooccurrences.second.int(),
        "count": cooccurrences.count,
    }
    save_tensors(path, tensors, {})
    return cooccurrences


def _pairs(text: EncodedText, window: int, at_once: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Key (smaller id * size + larger id) and weight of all pairs, distance by distance."""
    size, length = len(text.vocabulary), len(text.ids)
    starts = range(0, length, at_once)
    for start in tqdm(starts, desc="co-occurrences", unit="chunk", disable=None, leave=False):
        ids = text.ids[start : start + at_once + window].long()
        document = text.document[start : start + at_once + window]
        for distance in range(1, window + 1):
            left = min(at_once, len(ids) - distance)
            if left <= 0:
                break
            together = document[:left] == document[distance : left + distance]
            one, other = ids[:left][together], ids[distance : left + distance][together]
            key = torch.minimum(one, other) * size + torch.maximum(one, other)
            yield key, (1 + (one == other).double()) / distance


def _merge(parts: list[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    keys, order = torch.cat([key for key, _ in parts]).sort(stable=True)
    weights = torch.cat([weight for _, weight in parts])[order]
    distinct, place = torch.unique_consecutive(keys, return_inverse=True)
    counts = torch.zeros(len(distinct), dtype=torch.float64)
    return distinct, counts.index_add_(0, place, weights)
