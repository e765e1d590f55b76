"""Residues and bases as ids: one letter is one token."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import UInt8

from replications.errors import ReplicationError

RESIDUES = "ACDEFGHIKLMNPQRSTVWY"
UNKNOWN, GAP = 20, 21
"""Ids beyond the twenty residues: one that is not known, and a gap of the alignment."""

LETTERS = f"{RESIDUES}X-"
"""A letter for each id."""

BASES = "ACGT"
UNKNOWN_BASE = 4

# Selenocysteine, pyrrolysine, and letters for one of two residues, which have no id.
_AS_UNKNOWN = "XBZJUO"
_RESIDUE_IDS = {
    **{letter: number for number, letter in enumerate(RESIDUES)},
    **dict.fromkeys(_AS_UNKNOWN, UNKNOWN),
    **dict.fromkeys("-.", GAP),
}
_NONE = 255
_BASE_IDS = {**{letter: number for number, letter in enumerate(BASES)}, "N": UNKNOWN_BASE}


def residue_ids(sequence: str, *, name: str = "sequence") -> UInt8[np.ndarray, " residue"]:
    """The id of each letter, in the order of `LETTERS`; B, J, O, U and Z are unknown residues.

    Raises ReplicationError, naming the sequence, for another letter.
    """
    return _ids(sequence, "residue", name, f"{RESIDUES}, {_AS_UNKNOWN} and gaps")


def alignment_ids(
    sequences: Sequence[str], *, name: str = "alignment"
) -> UInt8[np.ndarray, "sequence residue"]:
    """The ids of aligned sequences. Raises ReplicationError for an alignment without a sequence,
    sequences of unequal lengths, and letters that are none, with the number of the sequence.
    """
    if not sequences:
        raise ReplicationError(f"{name}: the alignment has no sequence; give the query at least")
    length = len(sequences[0])
    for number, sequence in enumerate(sequences, start=1):
        if len(sequence) != length:
            raise ReplicationError(
                f"{name}: sequence {number} has {len(sequence)} columns and the query has "
                f"{length}; all sequences of an alignment have one length, insertions removed"
            )
    return np.stack(
        [
            residue_ids(sequence, name=f"{name}, sequence {number}")
            for number, sequence in enumerate(sequences, start=1)
        ]
    )


def base_ids(sequence: str, *, name: str = "sequence") -> UInt8[np.ndarray, " base"]:
    """The id of each base; N is unknown. Raises ReplicationError for another letter."""
    return _ids(sequence, "base", name, f"{BASES} and N")


def _table(known: dict[str, int]) -> UInt8[np.ndarray, "256"]:
    table = np.full(256, _NONE, dtype=np.uint8)
    for letter, number in known.items():
        table[ord(letter)] = number
    return table


_TABLES = {"residue": _table(_RESIDUE_IDS), "base": _table(_BASE_IDS)}


def _ids(sequence: str, kind: str, name: str, letters: str) -> UInt8[np.ndarray, " letter"]:
    # Letters beyond Latin become "?", which is none of them either.
    codes = np.frombuffer(sequence.upper().encode("latin-1", "replace"), dtype=np.uint8)
    ids = _TABLES[kind][codes]
    if len(wrong := np.flatnonzero(ids == _NONE)):
        raise ReplicationError(
            f"{name}: the letter {sequence[wrong[0]]!r} at position {wrong[0] + 1} is none of "
            f"{letters}"
        )
    return ids
