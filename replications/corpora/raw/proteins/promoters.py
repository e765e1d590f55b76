"""Promoters: windows of DNA around the start of transcription, one a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from replications.corpora.raw.parallel_lines import raw_lines
from replications.errors import ReplicationError

_LENGTH = 300


def promoter_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Sequences of 300 bases; `species` is the folder, `data/SPECIES/...`.

    Source: the data of DeePromoter (Oubounyt et al. 2019), from EPDnew.
    """
    # Not above: `replicate --help` must not wait for numpy.
    from replications.tokens.residues import base_ids

    for path, file in files.items():
        species = path.split("/")[1]
        for number, line in enumerate(raw_lines(file), start=1):
            sequence = line.strip().upper()
            base_ids(sequence, name=f"{file}, line {number}")
            if len(sequence) != _LENGTH:
                raise ReplicationError(
                    f"{file}: line {number} has {len(sequence)} bases in place of {_LENGTH}; "
                    "fetch it again"
                )
            yield {"species": species, "sequence": sequence}
