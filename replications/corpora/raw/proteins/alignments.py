"""Alignments of protein families: the a3m and fasta formats, and maps of contacts beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from replications.corpora.raw.parallel_lines import raw_lines
from replications.errors import ReplicationError

_LOWER = re.compile("[a-z]")


def read_alignment(file: Path, *, query: str | None = None) -> list[str]:
    """The sequences of an a3m or aligned fasta file, plain or gzip, in the columns of the query.

    The query stands first, or has the name that is given as `query`. In a3m, small letters are
    insertions, which the query has no column for: they are left out.
    Raises ReplicationError, naming the file, for one without a sequence, sequences of unequal
    lengths, and letters that are none.
    """
    sequences: list[list[str]] = []
    first = 0
    for number, line in enumerate(raw_lines(file), start=1):
        line = line.strip()
        if line.startswith(">"):
            first = len(sequences) if line[1:] == query else first
            sequences.append([])
        elif line and not line.startswith("#"):
            if not sequences:
                raise ReplicationError(f"{file}: line {number} stands before the first '>'")
            sequences[-1].append(line)
    aligned = [_LOWER.sub("", "".join(parts)) for parts in sequences]
    if aligned:
        aligned.insert(0, aligned.pop(first))
    # Not above: `replicate --help` must not wait for numpy.
    from replications.tokens.residues import alignment_ids

    alignment_ids(aligned, name=str(file))
    return aligned


def contact_map_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Families whose alignment and map of contacts are `msas/NAME.txt`, `contact_maps/NAME.txt`.

    A map is a line with the number of sites and as many lines of 0 and 1. The pairs are i < j,
    counted from 0. Source: the demonstration data of CherryML (Prillo et al. 2023).
    """
    maps = {PurePosixPath(p).name: f for p, f in files.items() if "contact_maps/" in p}
    alignments = {PurePosixPath(p).name: f for p, f in files.items() if "msas/" in p}
    if lacking := sorted(maps.keys() ^ alignments.keys()):
        raise ReplicationError(
            f"{lacking[0]} has no alignment or no map of contacts beside it; fetch the corpus again"
        )
    for name in sorted(maps):
        # The source has numbered the sequences, the query first, and shuffled them.
        sequences = read_alignment(alignments[name], query="seq1")
        parts = name.removesuffix(".txt").split("_")
        yield {
            "id": parts[0] + parts[-1],
            "length": len(sequences[0]),
            "msa": sequences,
            "contacts": _contacts(maps[name], len(sequences[0])),
        }


def _contacts(file: Path, length: int) -> list[list[int]]:
    first, *lines = raw_lines(file)
    lines = [line.strip() for line in lines]
    if first.strip() != f"{length} sites" or [len(line) for line in lines] != [length] * length:
        raise ReplicationError(
            f"{file}: is no map of {length} by {length} sites, as the alignment has; fetch it again"
        )
    if set("".join(lines)) - {"0", "1"}:
        raise ReplicationError(f"{file}: holds other signs than 0 and 1; fetch it again")
    return [[i, j] for i in range(length) for j in range(i + 1, length) if lines[i][j] == "1"]
