"""Minimal pairs: two sentences that differ in little, of which one is grammatical."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from replications.corpora.loading import load_corpus
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.errors import ReplicationError

# The published files write one field in two ways, and tell s-selection from argument structure,
# with which the paper's tables count it.
_FIELDS = {"syntax/semantics": "syntax_semantics"}
_PHENOMENA = {"s-selection": "argument_structure"}


class MinimalPair(NamedTuple):
    """A grammatical sentence, an ungrammatical one, and BLiMP's categories, the broadest first."""

    good: str
    bad: str
    field: str
    phenomenon: str
    paradigm: str


@dataclass(frozen=True)
class MinimalPairs:
    """The pairs, and the `identities` of the rows that they are."""

    pairs: Sequence[MinimalPair] = field(repr=False)
    identities: tuple[CorpusIdentity, ...]


def corpus_minimal_pairs(
    seed: int, *, corpus: str = "blimp", split: str = "train", pairs_per_paradigm: int | None = None
) -> MinimalPairs:
    """All pairs of a registered corpus with the columns of BLiMP, or the first of each paradigm.

    Source: Warstadt et al. 2020 (arXiv:1912.00582): 67 paradigms of 1,000 pairs, in 12 phenomena.
    The pairs of a paradigm are drawn from templates, so that the first are as good a sample as any.
    The seed changes nothing.

    Raises ReplicationError where the corpus cannot be had, or a paradigm has fewer pairs.
    """
    rows, identity = load_corpus(corpus, split)
    by_paradigm: dict[str, list[MinimalPair]] = {}
    for row in rows:
        pair = MinimalPair(
            row["sentence_good"],
            row["sentence_bad"],
            _FIELDS.get(row["field"], row["field"]),
            _PHENOMENA.get(row["linguistics_term"], row["linguistics_term"]),
            row["UID"],
        )
        by_paradigm.setdefault(pair.paradigm, []).append(pair)
    fewest = min(map(len, by_paradigm.values()))
    if pairs_per_paradigm is not None and not 1 <= pairs_per_paradigm <= fewest:
        raise ReplicationError(
            f"{pairs_per_paradigm} pairs per paradigm were asked for, and {corpus} ({split}) has "
            f"{fewest} of each: give 1 to {fewest}."
        )
    chosen = (pair for pairs in by_paradigm.values() for pair in pairs[:pairs_per_paradigm])
    return MinimalPairs(tuple(chosen), (identity,))
