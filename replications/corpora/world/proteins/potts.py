"""Sequences of a family: a Potts model whose couplings are the contacts of a fold."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float64, Int64, UInt8

from replications.corpora.world.proteins.folds import contacts_of
from replications.errors import ReplicationError

STATES = 8
"""Letters that a family of the world uses: the first eight residues in alphabetical order."""


class Potts(NamedTuple):
    """Fields, and couplings of each position with its partners.

    Position i has the partners `partners[i]`, filled up with i itself, whose couplings are zero.
    P(s) is proportional to exp(Σ h_i(s_i) + Σ J_ij(s_i, s_j)).
    """

    fields: Float64[np.ndarray, "residue state"]
    partners: Int64[np.ndarray, "residue partner"]
    couplings: Float64[np.ndarray, "residue partner state state"]

    def strengths(self) -> Float64[np.ndarray, "residue residue"]:
        """‖J_ij‖ of each pair: the oracle's score of a contact, which no estimate can be above."""
        length = len(self.fields)
        scores = np.zeros((length, length))
        norms = np.linalg.norm(self.couplings, axis=(-2, -1))
        np.maximum.at(scores, (np.arange(length)[:, None], self.partners), norms)
        return scores


def make_potts(
    draw: np.random.Generator,
    distances: Float64[np.ndarray, "residue residue"],
    *,
    coupling: float = 1.0,
    shared: float = 0.0,
    templates: Float64[np.ndarray, "state state"] | None = None,
) -> Potts:
    """Couplings on the contacts alone: J = 0.5 · `coupling` · N(0, 1), fields 0.3 · N(0, 1).

    `coupling` is the depth dial: at 1.0 mutual information finds few contacts in 32 sequences and
    nearly all in 512. `shared` is the share of the couplings' variance that all contacts of all
    families have in common, in `templates`. Raises ReplicationError for a share outside [0, 1].
    """
    if not 0 <= shared <= 1:
        raise ReplicationError(f"shared is a share of the variance, from 0 to 1, not {shared}")
    length = len(distances)
    contacts = contacts_of(distances)
    degree = max(int(contacts.sum(1).max()), 1)
    partners = np.tile(np.arange(length)[:, None], (1, degree))
    couplings = np.zeros((length, degree, STATES, STATES))
    filled = np.zeros(length, dtype=int)
    common = np.zeros((STATES, STATES)) if templates is None else templates
    for i, j in zip(*np.nonzero(np.triu(contacts)), strict=True):
        own = draw.standard_normal((STATES, STATES))
        matrix = 0.5 * coupling * (np.sqrt(1 - shared) * own + np.sqrt(shared) * common)
        for one, other, each in ((i, j, matrix), (j, i, matrix.T)):
            partners[one, filled[one]] = other
            couplings[one, filled[one]] = each
            filled[one] += 1
    return Potts(0.3 * draw.standard_normal((length, STATES)), partners, couplings)


def sample(
    draw: np.random.Generator, potts: Potts, depth: int, *, sweeps: int = 20
) -> UInt8[np.ndarray, "sequence residue"]:
    """So many sequences, each from a chain of its own of `sweeps` Gibbs sweeps."""
    start = draw.integers(0, STATES, (depth, len(potts.fields)), dtype=np.uint8)
    return gibbs(draw, potts, start, sweeps)


def sample_along_tree(
    draw: np.random.Generator,
    potts: Potts,
    depth: int,
    *,
    sweeps: int = 20,
    branch: int | float = 2,
) -> UInt8[np.ndarray, "sequence residue"]:
    """Sequences that have ancestors in common: a binary tree, `branch` sweeps along each branch.

    The fewer sweeps, the more correlation comes from ancestors and not from contacts.
    """
    sequences = sample(draw, potts, 1, sweeps=sweeps)
    while len(sequences) < depth:
        sequences = gibbs(draw, potts, np.repeat(sequences, 2, 0), branch)
    return sequences[draw.permutation(len(sequences))[:depth]]


def gibbs(
    draw: np.random.Generator,
    potts: Potts,
    start: UInt8[np.ndarray, "sequence residue"],
    sweeps: int | float,
) -> UInt8[np.ndarray, "sequence residue"]:
    """Each update draws one position of all sequences, given the others. A sweep has one update a
    position, in a random order; a fraction of a sweep has as many fewer."""
    sequences = start.copy()
    length = sequences.shape[1]
    updates = round(sweeps * length)
    order = np.concatenate([draw.permutation(length) for _ in range(-(-updates // length))])
    noise = draw.random((updates, len(sequences)))
    for position, chance in zip(order[:updates], noise, strict=True):
        partners = potts.partners[position]
        # couplings[partner, :, state of the partner], summed over the partners.
        energy = np.tile(potts.fields[position], (len(sequences), 1))
        for number, partner in enumerate(partners):
            if partner != position:
                energy += potts.couplings[position, number].T[sequences[:, partner]]
        weight = np.exp(energy - energy.max(-1, keepdims=True)).cumsum(-1)
        sequences[:, position] = (weight < (chance * weight[:, -1])[:, None]).sum(-1)
    return sequences
