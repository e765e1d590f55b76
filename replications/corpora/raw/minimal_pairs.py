"""Pairs of sentences of which one is grammatical, from the published files of BLiMP."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from replications.corpora.raw.parallel_lines import raw_lines
from replications.errors import ReplicationError

_TEXT = ("sentence_good", "sentence_bad", "field", "linguistics_term", "UID")


def minimal_pair_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """The two sentences, the field and phenomenon, the paradigm (`UID`) and the pair's number.

    Source: Warstadt et al. 2020 (arXiv:1912.00582); one JSON object a line, one file a paradigm.
    """
    for file in files.values():
        for number, line in enumerate(raw_lines(file), start=1):
            try:
                there = json.loads(line)
                row = {name: there[name] for name in _TEXT}
                row["pairID"] = int(there["pairID"])
            except (ValueError, KeyError, TypeError) as error:
                raise ReplicationError(
                    f"{file}: line {number} is no pair with {', '.join(_TEXT)} and a whole number "
                    f"at pairID ({type(error).__name__}: {error}); fetch it again"
                ) from error
            yield row
