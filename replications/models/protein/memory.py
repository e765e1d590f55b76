"""A check of the memory that a chain needs, before it is allocated."""

import psutil

from replications.errors import ReplicationError


def require_memory(length: int, depth: int, *, d_msa: int, d_pair: int, tile: int = 32) -> None:
    """Raises ReplicationError where a chain's representations would not fit into what is free.

    Counted are, in single precision: eight copies of the pairs, six of the MSA, and the scores of a
    tile of triangle attention and of the row attention, for four heads.
    """
    pairs = 8 * length**2 * d_pair
    msa = 6 * depth * length * d_msa
    scores = 2 * 4 * max(min(tile, length), depth) * length**2
    needed, free = 4 * (pairs + msa + scores), psutil.virtual_memory().available
    if needed > free:
        most = int(length * (free / needed) ** 0.5)
        raise ReplicationError(
            f"A chain of {length} residues with {depth} sequences takes about "
            f"{needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free. Cut it into domains of at "
            f"most {most} residues, or give fewer sequences."
        )
