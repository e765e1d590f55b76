"""Structures of single protein chains: PDB files, and the tables of coordinates of cgdms."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from replications.corpora.raw.parallel_lines import raw_lines
from replications.corpora.raw.proteins.alignments import read_alignment
from replications.errors import ReplicationError

Point = list[float]
_ATOMS = {"N": "n_coords", "CA": "ca_coords", "C": "c_coords", "CB": "cb_coords"}


def read_backbone(file: Path, length: int) -> dict[str, list[Point | None]]:
    """N, CA, C and CB of each residue, in angstrom; None for atoms that the file has not.

    Residue number n of the file is position n of the sequence, counted from 1. Of several
    conformations the first counts. Raises ReplicationError, naming the file, for residue numbers
    beyond the sequence, coordinates that are no numbers, and a file in which no residue has its
    three backbone atoms.
    """
    atoms: dict[str, list[Point | None]] = {name: [None] * length for name in _ATOMS.values()}
    for number, line in enumerate(raw_lines(file), start=1):
        if line.startswith("ENDMDL"):
            break
        name = line[12:16].strip()
        if not line.startswith("ATOM") or name not in _ATOMS:
            continue
        try:
            residue = int(line[22:26])
            point = [float(line[start : start + 8]) for start in (30, 38, 46)]
        except ValueError as error:
            raise ReplicationError(
                f"{file}: line {number} is no atom with a residue number and three coordinates "
                f"({error}); get the file again"
            ) from error
        if not 1 <= residue <= length or not all(map(math.isfinite, point)):
            raise ReplicationError(
                f"{file}: line {number} is of residue {residue}, and the sequence has {length}; "
                "number the residues as in the sequence, from 1"
            )
        if atoms[_ATOMS[name]][residue - 1] is None:
            atoms[_ATOMS[name]][residue - 1] = point
    if not any(all(atoms[_ATOMS[a]][r] for a in ("N", "CA", "C")) for r in range(length)):
        raise ReplicationError(f"{file}: no residue has the atoms N, CA and C; it is no structure")
    return atoms


def aligned_structure_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Proteins with an alignment `msa/NAME.a3m.gz` and a structure `structure/NAME.pdb.gz`.

    The first sequence of the alignment is the protein's. Residues without coordinates have none.
    """
    alignments = {_stem(p): f for p, f in files.items() if "/msa/" in p}
    structures = {_stem(p): f for p, f in files.items() if "/structure/" in p}
    if lacking := sorted(alignments.keys() ^ structures.keys()):
        raise ReplicationError(
            f"{lacking[0]} has no alignment or no structure beside it; fetch the corpus again"
        )
    for name, file in alignments.items():
        sequences = read_alignment(file)
        backbone = read_backbone(structures[name], len(sequences[0]))
        yield {"id": name, "msa": sequences, **backbone}


def chain_rows(files: Mapping[str, Path], split: str) -> Iterator[dict[str, object]]:
    """Chains of the split that `datasets/{train,val}.txt` lists, in the order of their names.

    A file has the sequence, the secondary structure, and a line a residue: N, CA, C and the
    centroid of the side chain. Source: cgdms (Greener and Jones 2021).
    """
    by_name = {PurePosixPath(path).name: file for path, file in files.items()}
    listed = by_name[{"train": "train.txt", "validation": "val.txt"}[split]]
    for name in sorted(line.strip() for line in raw_lines(listed)):
        file = by_name.get(f"{name}.txt")
        if file is None:
            raise ReplicationError(f"{listed}: {name} has no file; fetch the corpus again")
        yield {"id": name, **_chain(file)}


def _chain(file: Path) -> dict[str, object]:
    # Not above: `replicate --help` must not wait for numpy.
    from replications.tokens.residues import residue_ids

    sequence, secondary, *lines = [line.strip() for line in raw_lines(file)]
    residue_ids(sequence, name=str(file))
    if not len(sequence) == len(secondary) == len(lines):
        raise ReplicationError(
            f"{file}: has {len(lines)} lines of coordinates for {len(sequence)} residues: a chain "
            "with missing residues is no part of this corpus; fetch it again"
        )
    try:
        numbers = [[float(number) for number in line.split()] for line in lines]
        points = [[row[first : first + 3] for row in numbers] for first in (0, 3, 6, 9)]
        if any(len(point) != 3 for each in points for point in each):
            raise ValueError("not twelve numbers")
    except ValueError as error:
        raise ReplicationError(f"{file}: a line has not twelve coordinates ({error})") from error
    names = ("n_coords", "ca_coords", "c_coords", "centroid_coords")
    columns = dict(zip(names, points, strict=True))
    return {"sequence": sequence, "secondary_structure": secondary, **columns}


def _stem(path: str) -> str:
    return PurePosixPath(path).name.split(".")[0]
