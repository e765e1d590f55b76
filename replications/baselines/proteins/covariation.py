"""Contacts from the covariation of an alignment's columns, without training."""

import numpy as np
from jaxtyping import Float64, UInt8

from replications.errors import ReplicationError
from replications.tokens.residues import LETTERS

_STATES = len(LETTERS)

Alignment = UInt8[np.ndarray, "sequence residue"]
Scores = Float64[np.ndarray, "residue residue"]


def sequence_weights(
    alignment: UInt8[np.ndarray, "sequence residue"], *, identity: float = 0.8
) -> Float64[np.ndarray, " sequence"]:
    """One over the number of sequences that are `identity` or more identical, itself included.

    Their sum is the effective number of sequences. Source: Morcos et al. 2011, equation 7.
    """
    one_hot = np.eye(_STATES, dtype=np.float32)[alignment].reshape(len(alignment), -1)
    same = one_hot @ one_hot.T
    return 1 / (same >= identity * alignment.shape[1]).sum(1).astype(float)


def average_product_correction(scores: Float64[np.ndarray, "residue residue"]) -> Scores:
    """Scores less what the means of row and column explain: S_ij - S_i· S_·j / S_··.

    Source: Dunn et al. 2008, equation 3. The diagonal is left out.
    """
    length = len(scores)
    free = scores * (1 - np.eye(length))
    mean = free.sum(1) / (length - 1)
    overall = mean.mean()
    corrected = free - (np.outer(mean, mean) / overall if overall else 0.0)
    np.fill_diagonal(corrected, 0.0)
    return corrected


def mutual_information(
    alignment: UInt8[np.ndarray, "sequence residue"], *, pseudocount: float = 0.5
) -> Scores:
    """The mutual information of each pair of columns, in nats, with APC.

    `pseudocount` is spread over the states of each column and the pairs of states. Source: Dunn et
    al. 2008. Raises ReplicationError for a single sequence.
    """
    single, joint = _frequencies(alignment, pseudocount)
    independent = np.einsum("ia,jb->ijab", single, single)
    information = (joint * np.log(joint / independent)).sum((-2, -1))
    return average_product_correction(information)


def mean_field_dca(
    alignment: UInt8[np.ndarray, "sequence residue"], *, pseudocount: float = 0.5
) -> Scores:
    """Direct couplings in the mean-field approximation: Frobenius norms of -C⁻¹, with APC.

    Source: Morcos et al. 2011, equations 5 to 9: the pseudocount has the weight λ = `pseudocount` /
    (1 - `pseudocount`) · effective sequences, so one half is the paper's λ = M_eff. Departure:
    the couplings' Frobenius norm with APC (Ekeberg et al. 2013), which is the field's score today,
    in place of the direct information. Raises ReplicationError for a single sequence.
    """
    _refuse_single(alignment)
    weights = sequence_weights(alignment)
    states, ids = np.unique(alignment, return_inverse=True)
    q, length = len(states), alignment.shape[1]
    if q == 1:
        return np.zeros((length, length))
    one_hot = np.eye(q)[ids.reshape(alignment.shape)].reshape(len(alignment), -1)
    weighted = one_hot * (weights / weights.sum())[:, None]
    single = (1 - pseudocount) * weighted.sum(0) + pseudocount / q
    joint = (1 - pseudocount) * one_hot.T @ weighted + pseudocount / q**2
    # A column with itself: its own frequencies on the diagonal of its block.
    for i in range(length):
        own = slice(i * q, (i + 1) * q)
        joint[own, own] = np.diag(single[own])
    covariance = (joint - np.outer(single, single)).reshape(length, q, length, q)
    # The last state is the gauge: without it the matrix can be inverted.
    free = covariance[:, :-1, :, :-1].reshape(length * (q - 1), -1)
    couplings = np.zeros((length, q, length, q))
    couplings[:, :-1, :, :-1] = -np.linalg.inv(free).reshape(length, q - 1, length, q - 1)
    # Ising gauge: the norm is smallest where rows and columns add up to zero.
    couplings = couplings - couplings.mean(1, keepdims=True)
    couplings = couplings - couplings.mean(3, keepdims=True)
    return average_product_correction(np.linalg.norm(couplings, axis=(1, 3)))


def _frequencies(alignment: Alignment, pseudocount: float) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies of states in columns, and of pairs of states in pairs of columns."""
    _refuse_single(alignment)
    states, ids = np.unique(alignment, return_inverse=True)
    q = len(states)
    one_hot = np.eye(q)[ids.reshape(alignment.shape)]
    weights = sequence_weights(alignment)
    total = weights.sum() + pseudocount * q
    joint = np.einsum("s,sia,sjb->ijab", weights, one_hot, one_hot, optimize=True)
    joint = (joint + pseudocount / q) / total
    # With the pseudocount, each partner gives the same frequencies of a column's states.
    return joint[:, 0].sum(-1), joint


def _refuse_single(alignment: Alignment) -> None:
    if len(alignment) < 2:
        raise ReplicationError(
            "The alignment has one sequence, whose columns cannot vary together. Give two or more, "
            "or ask a model that takes a single sequence (depth=1)."
        )
