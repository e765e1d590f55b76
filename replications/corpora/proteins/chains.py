"""Single chains with the coordinates of their backbone, and no alignment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32, Float64, UInt8

from replications.corpora.loading import load_corpus
from replications.corpora.proteins.families import points
from replications.corpora.proteins.kept_worlds import kept_folds
from replications.corpora.proteins.relatives import related_groups
from replications.corpora.store.fingerprint import CorpusIdentity, fingerprint_rows
from replications.errors import ReplicationError
from replications.tokens.residues import residue_ids

# Two chains with _SHARED words (k-mers) of _WORD residues in common are of one family.
_WORD, _SHARED = 6, 4


class Chain(NamedTuple):
    """Residues, and where their backbone atoms N, CA and C lie, in angstrom."""

    name: str
    residues: UInt8[np.ndarray, " residue"]
    backbone: Float32[np.ndarray, "residue 3 3"]

    @property
    def trace(self) -> Float32[np.ndarray, "residue 3"]:
        """The alpha carbons."""
        return self.backbone[:, 1]


@dataclass(frozen=True)
class ProteinChains:
    """Training and test chains. No chain of one part is related to one of the other."""

    train: Sequence[Chain]
    test: Sequence[Chain]
    identities: tuple[CorpusIdentity, ...]


Chains = Callable[[int], ProteinChains]
"""Where chains come from: called with the seed."""


def corpus_chains(
    seed: int,
    *,
    corpus: str = "protein-structures-small",
    min_length: int = 40,
    max_length: int = 100,
    test_chains: int = 100,
) -> ProteinChains:
    """Chains of a corpus; the first `test_chains` of its validation part are the test.

    A training chain that is related to a test chain is left out. Only chains of `min_length` to
    `max_length` residues are taken. Raises ReplicationError for a chain with a missing residue, and
    where no chain is left.
    """
    parts, identities = {}, []
    for split in ("train", "validation"):
        rows, identity = load_corpus(corpus, split)
        identities.append(identity)
        chains = (_chain(row) for row in rows)
        parts[split] = [c for c in chains if min_length <= len(c.residues) <= max_length]
    test = parts["validation"][:test_chains]
    train = _unrelated(parts["train"], test)
    if not train or not test:
        raise ReplicationError(
            f"{corpus} has {len(train)} chains of {min_length} to {max_length} residues to "
            f"train on and {len(test)} to test with; choose other lengths."
        )
    return ProteinChains(train, test, tuple(identities))


def world_chains(
    seed: int, *, train_chains: int = 200, test_chains: int = 40, length: int = 32
) -> ProteinChains:
    """Folds of the synthetic world as chains, the same for each seed; all residues are alanine.

    N and C lie in the directions of the two neighbours of an alpha carbon: that gives a frame for
    each residue, but no real geometry.
    """
    chains = [
        Chain(f"fold-{number}", np.zeros(length, dtype=np.uint8), _backbone(trace))
        for number, trace in enumerate(kept_folds(3, train_chains + test_chains, length=length))
    ]
    parts = {"train": chains[:train_chains], "test": chains[train_chains:]}
    identities = tuple(
        CorpusIdentity(
            name="world-folds",
            split=split,
            kind="synthetic",
            sha256=fingerprint_rows(
                [{"backbone": each.backbone.tobytes().hex()} for each in part], ["backbone"]
            ),
            rows=len(part),
            origin="generated",
            expected=True,
        )
        for split, part in parts.items()
    )
    return ProteinChains(**parts, identities=identities)


def refuse_missing(name: str, backbone: Float32[np.ndarray, "residue 3 3"]) -> None:
    """Raises ReplicationError, naming them, where residues have not all three backbone atoms."""
    missing = np.flatnonzero(np.isnan(backbone).any((1, 2))) + 1
    if len(missing):
        shown = ", ".join(map(str, missing[:5])) + (" ..." if len(missing) > 5 else "")
        raise ReplicationError(
            f"{name}: {len(missing)} of {len(backbone)} residues have no coordinates ({shown}). "
            "Frames need N, CA and C of each: cut the chain there, or use a complete structure."
        )


def _chain(row: dict) -> Chain:
    atoms = [points(row[name]) for name in ("n_coords", "ca_coords", "c_coords")]
    backbone = np.stack(atoms, 1)
    refuse_missing(row["id"], backbone)
    return Chain(row["id"], residue_ids(row["sequence"], name=row["id"]), backbone)


def _unrelated(train: list[Chain], test: list[Chain]) -> list[Chain]:
    chains = [*test, *train]
    sequences = [chain.residues.tobytes().decode("latin-1") for chain in chains]
    groups = related_groups(sequences, word=_WORD, shared=_SHARED)
    tested = set(groups[: len(test)])
    return [
        chain
        for chain, group in zip(train, groups[len(test) :], strict=True)
        if group not in tested
    ]


def _backbone(trace: Float64[np.ndarray, "residue 3"]) -> Float32[np.ndarray, "residue 3 3"]:
    # The ends have one neighbour: the chain goes on in a straight line.
    before = np.vstack([2 * trace[:1] - trace[1:2], trace[:-1]])
    after = np.vstack([trace[1:], 2 * trace[-1:] - trace[-2:-1]])
    toward = [trace + 1.46 * _unit(before - trace), trace, trace + 1.53 * _unit(after - trace)]
    return np.stack(toward, 1).astype(np.float32)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
