"""Promoters and negative sequences, split by family."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import UInt8

from replications.corpora.loading import load_corpus
from replications.corpora.proteins.relatives import related_groups
from replications.corpora.store.fingerprint import CorpusIdentity, fingerprint_rows
from replications.errors import ReplicationError
from replications.tokens.residues import BASES, base_ids

# Two promoters with a word (k-mer) of this length in common are of one family: by chance, two
# sequences of 300 bases have one in common once in 50,000 pairs.
_WORD = 16
_PARTS, _KEPT = 20, 8


@dataclass(frozen=True)
class LabelledSequences:
    """Sequences of bases, and whether each is a promoter."""

    sequences: UInt8[np.ndarray, "example base"]
    labels: UInt8[np.ndarray, " example"]


@dataclass(frozen=True)
class Promoters:
    """Training, validation and test examples; each family is in one part."""

    train: LabelledSequences
    validation: LabelledSequences
    test: LabelledSequences
    identities: tuple[CorpusIdentity, ...]


PromoterSource = Callable[[int], Promoters]
"""Where the examples come from: called with the seed."""


def corpus_promoters(
    seed: int, *, corpus: str = "tata-promoters", examples: int | None = None
) -> Promoters:
    """Promoters of human and mouse, and a synthetic negative of each: the same for each seed.

    Source of the negatives: Oubounyt et al. 2019 (DeePromoter), section 2.1: a promoter is cut into
    20 parts; 8 of them stay where they are, and the bases of the other 12 change: `negative_of`.
    """
    rows, identity = load_corpus(corpus)
    sequences = list(rows["sequence"])[:examples]
    return _cut(sequences, related_groups(sequences, word=_WORD), (identity,))


def world_promoters(seed: int, *, examples: int = 600, length: int = 60) -> Promoters:
    """Random bases with TATAAA after about 30 % of them; the same for each seed."""
    draw = np.random.default_rng(7)
    letters = draw.integers(0, 4, (examples, length))
    starts = round(0.3 * length) + draw.integers(-2, 3, examples)
    for row, start in zip(letters, starts, strict=True):
        row[start : start + 6] = [BASES.index(base) for base in "TATAAA"]
    sequences = ["".join(BASES[n] for n in row) for row in letters]
    identity = CorpusIdentity(
        name="world-promoters",
        split="all",
        kind="synthetic",
        sha256=fingerprint_rows(({"sequence": s} for s in sequences), ["sequence"]),
        rows=examples,
        origin="generated",
        expected=True,
    )
    return _cut(sequences, list(range(examples)), (identity,))


def negative_of(
    sequence: UInt8[np.ndarray, " base"], draw: np.random.Generator
) -> UInt8[np.ndarray, " base"]:
    """The sequence with the bases of twelve of its twenty parts shuffled among them.

    Departure from Oubounyt et al. 2019, who draw them anew: so a sequence keeps its share of each
    base, which alone would tell most negatives.
    """
    parts = np.array_split(np.arange(len(sequence)), _PARTS)
    moved = np.concatenate([parts[n] for n in draw.permutation(_PARTS)[_KEPT:]])
    made = sequence.copy()
    made[moved] = sequence[draw.permutation(moved)]
    return made


def _cut(
    sequences: Sequence[str], groups: Sequence[int], identities: tuple[CorpusIdentity, ...]
) -> Promoters:
    draw = np.random.default_rng(0)
    families = draw.permutation(sorted(set(groups)))
    if len(families) < 10:
        raise ReplicationError(
            f"{len(sequences)} sequences of {len(families)} families cannot be cut into three "
            "parts; give more."
        )
    tenth = len(families) // 10
    part_of = dict.fromkeys(families[: 2 * tenth].tolist(), "test")
    part_of.update(dict.fromkeys(families[2 * tenth : 3 * tenth].tolist(), "validation"))
    positives: dict[str, list] = {"train": [], "validation": [], "test": []}
    for sequence, group in zip(sequences, groups, strict=True):
        positives[part_of.get(group, "train")].append(base_ids(sequence))
    return Promoters(
        **{name: _labelled(part, draw) for name, part in positives.items()}, identities=identities
    )


def _labelled(
    positives: list[UInt8[np.ndarray, " base"]], draw: np.random.Generator
) -> LabelledSequences:
    negatives = [negative_of(each, draw) for each in positives]
    labels = np.repeat(np.array([1, 0], dtype=np.uint8), len(positives))
    return LabelledSequences(np.stack([*positives, *negatives]), labels)
