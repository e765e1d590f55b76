"""Protein families: an alignment, and what is known of the distances of its query's residues."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float32, UInt8

from replications.corpora.loading import load_corpus
from replications.corpora.proteins.kept_worlds import kept_families
from replications.corpora.proteins.relatives import refuse_relatives
from replications.corpora.store.fingerprint import CorpusIdentity, fingerprint_rows
from replications.errors import ReplicationError
from replications.tokens.residues import GAP, LETTERS, alignment_ids

CONTACT = 8.0
"""Angstrom between beta carbons (alpha in the synthetic world): nearer residues are in contact."""

# Sequences of each family that are compared to find relatives.
_COMPARED = 200


class Family(NamedTuple):
    """A protein family. The first sequence of the alignment is the query.

    `distances` are in angstrom, NaN where they are not known; None where contacts alone are known.
    `known` are the pairs of which it is known whether they are in contact.
    """

    name: str
    alignment: UInt8[np.ndarray, "sequence residue"]
    contacts: Bool[np.ndarray, "residue residue"]
    known: Bool[np.ndarray, "residue residue"]
    distances: Float32[np.ndarray, "residue residue"] | None

    @property
    def length(self) -> int:
        return self.alignment.shape[1]

    def at_depth(self, depth: int) -> UInt8[np.ndarray, "sequence residue"]:
        """The query and the sequences after it, `depth` in all or as many as there are."""
        return self.alignment[:depth]


@dataclass(frozen=True)
class ProteinFamilies:
    """Training and test families. No family of one part is related to one of the other."""

    train: Sequence[Family]
    test: Sequence[Family]
    identities: tuple[CorpusIdentity, ...]


Families = Callable[[int], ProteinFamilies]
"""Where families come from: called with the seed."""


def world_families(
    seed: int,
    *,
    train_families: int = 300,
    test_families: int = 40,
    length: int = 32,
    depth: int = 64,
    test_depth: int = 64,
    coupling: float = 1.0,
    shared: float = 0.0,
    branch: float | None = None,
    sweeps: int = 20,
) -> ProteinFamilies:
    """Families of the synthetic world, the same ones for each seed; a fold has one family."""
    knobs = {"length": length, "coupling": coupling, "shared": shared}
    knobs |= {"branch": branch, "sweeps": sweeps}
    # Seeds of the world: 1 for training, 2 for tests.
    parts = {
        "train": _from_world(kept_families(1, train_families, depth=depth, **knobs)),
        "test": _from_world(kept_families(2, test_families, depth=test_depth, **knobs)),
    }
    return ProteinFamilies(**parts, identities=tuple(map(_world_identity, parts.items())))


def corpus_families(
    seed: int,
    *,
    corpus: str = "proteins",
    further: str | None = "protein-msa-contacts",
    test_names: str = "T",
    max_test_length: int = 200,
) -> ProteinFamilies:
    """Families of a corpus with structures. Those whose names begin with `test_names` are the test.

    The others, and the families of the corpus `further`, which have contacts alone, are trained on.
    Tested are those of at most `max_test_length` residues. A training family that is related to a
    test family raises ReplicationError.
    """
    rows, identity = load_corpus(corpus)
    families = [_with_structure(row) for row in rows]
    identities = [identity]
    train = [family for family in families if not family.name.startswith(test_names)]
    test = [family for family in families if family.name.startswith(test_names)]
    if further is not None:
        rows, identity = load_corpus(further)
        identities.append(identity)
        train += [_with_contacts(row) for row in rows]
    refuse_relatives(
        {family.name: _ungapped(family) for family in train},
        {family.name: _ungapped(family) for family in test},
    )
    test = [family for family in test if family.length <= max_test_length]
    if not train or not test:
        raise ReplicationError(
            f"{corpus} has {len(train)} families to train on and {len(test)} to test with: choose "
            "`test_names` and `max_test_length` so that there are some of each."
        )
    return ProteinFamilies(train, test, tuple(identities))


def both(seed: int, *, one: Families, other: Families) -> ProteinFamilies:
    """The families of two sources together, such as the world's and a corpus's."""
    first, second = one(seed), other(seed)
    return ProteinFamilies(
        [*first.train, *second.train],
        [*first.test, *second.test],
        (*first.identities, *second.identities),
    )


def beta_carbons(
    n: Float32[np.ndarray, "residue 3"],
    ca: Float32[np.ndarray, "residue 3"],
    c: Float32[np.ndarray, "residue 3"],
) -> Float32[np.ndarray, "residue 3"]:
    """Beta carbons by the ideal geometry, for glycine and for files that lack them.

    Source: Dauparas et al. 2022 (ProteinMPNN), supplement, for the three coefficients.
    """
    b, d = ca - n, c - ca
    return -0.58273431 * np.cross(b, d) + 0.56802827 * b - 0.54067466 * d + ca


def points(values: Sequence[Sequence[float] | None]) -> Float32[np.ndarray, "residue 3"]:
    """Coordinates as an array, NaN where there are none."""
    lacking = (np.nan,) * 3
    return np.array([lacking if v is None else v for v in values], dtype=np.float32)


def pair_distances(
    where: Float32[np.ndarray, "residue 3"],
) -> Float32[np.ndarray, "residue residue"]:
    """The distance of each pair, NaN where one of the two has no coordinates."""
    return np.linalg.norm(where[:, None] - where[None], axis=-1).astype(np.float32)


def family_of(
    name: str,
    alignment: UInt8[np.ndarray, "sequence residue"],
    distances: Float32[np.ndarray, "residue residue"],
) -> Family:
    """A family whose distances are known, or NaN."""
    known = ~np.isnan(distances)
    contacts = np.where(known, distances, np.inf) < CONTACT
    return Family(name, alignment, contacts, known, distances.astype(np.float32))


def _with_structure(row: dict) -> Family:
    alignment = alignment_ids(row["msa"], name=row["id"])
    n, ca, c = (points(row[name]) for name in ("n_coords", "ca_coords", "c_coords"))
    there = points(row["cb_coords"])
    where = np.where(np.isnan(there), beta_carbons(n, ca, c), there)
    return family_of(row["id"], alignment, pair_distances(where))


def _with_contacts(row: dict) -> Family:
    alignment = alignment_ids(row["msa"], name=row["id"])
    length = alignment.shape[1]
    contacts = np.zeros((length, length), dtype=bool)
    i, j = np.array(row["contacts"]).T
    contacts[i, j] = contacts[j, i] = True
    return Family(row["id"], alignment, contacts, np.ones_like(contacts), None)


def _from_world(families: Iterator) -> list[Family]:
    return [
        family_of(each.name, each.alignment, each.distances.astype(np.float32)) for each in families
    ]


def _ungapped(family: Family) -> list[str]:
    letters = np.frombuffer(LETTERS.encode(), dtype=np.uint8)
    return [letters[row[row != GAP]].tobytes().decode() for row in family.alignment[:_COMPARED]]


def _world_identity(part: tuple[str, list[Family]]) -> CorpusIdentity:
    split, families = part
    rows = [
        {"name": f.name, "alignment": f.alignment.tobytes().hex(), "length": f.length}
        for f in families
    ]
    return CorpusIdentity(
        name="world-families",
        split=split,
        kind="synthetic",
        sha256=fingerprint_rows(rows, ["name", "alignment", "length"]),
        rows=len(rows),
        origin="generated",
        expected=True,
    )
