"""All documents of several sources as one text, for language models that need more of it."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import overload

import numpy as np
from jaxtyping import Int64, UInt8

from replications.corpora.texts.documents import Documents, Texts
from replications.errors import ReplicationError


class Interleaved(Sequence[str]):
    """The documents of several sources, each source's in its order: nothing is copied.

    `turns` names the source of each document by its number.
    """

    def __init__(self, sources: Sequence[Sequence[str]], turns: UInt8[np.ndarray, " turn"]) -> None:
        self.sources, self.turns = tuple(sources), turns

    def __len__(self) -> int:
        return len(self.turns)

    def __iter__(self) -> Iterator[str]:
        """In order, so that each source is read once from its beginning."""
        left = [iter(source) for source in self.sources]
        for source in self.turns.tolist():
            yield next(left[source])

    @cached_property
    def _number(self) -> Int64[np.ndarray, " turn"]:
        """The number of each document in its own source."""
        numbers = np.empty(len(self.turns), dtype=np.int64)
        for source in range(len(self.sources)):
            mine = self.turns == source
            numbers[mine] = np.arange(mine.sum())
        return numbers

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> list[str]: ...

    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        return self.sources[self.turns[index]][int(self._number[index])]


def joined_documents(seed: int, *, sources: Mapping[str, Texts]) -> Documents:
    """All documents of all sources, each once, those of each source spread evenly over the text.

    So every stretch of it has about the same mix, also the first one, from which a tokenizer is
    learned. Use `mixed_documents` for a mix with given shares.

    Raises ReplicationError where there is no source, or more than 256.
    """
    if not 0 < len(sources) <= 256:
        raise ReplicationError(f"{len(sources)} sources to join: give 1 to 256.")
    found = {name: source(seed) for name, source in sources.items()}
    keys = {name: source.key for name, source in found.items()}
    return Documents(
        *(
            _spread([getattr(source, part) for source in found.values()])
            for part in ("train", "validation", "test")
        ),
        identities=tuple(
            dict.fromkeys(each for source in found.values() for each in source.identities)
        ),
        key=None if None in keys.values() else _key(keys),
    )


def _spread(parts: Sequence[Sequence[str]]) -> Interleaved:
    """Document k of n stands where (k + 1/2) / n of the text is behind it."""
    behind = np.concatenate([(np.arange(len(part)) + 0.5) / max(len(part), 1) for part in parts])
    turns = np.repeat(np.arange(len(parts), dtype=np.uint8), [len(part) for part in parts])
    return Interleaved(parts, turns[np.argsort(behind, kind="stable")])


def _key(keys: Mapping[str, str | None]) -> str:
    return f"joined-{hashlib.sha256(json.dumps(list(keys.items())).encode()).hexdigest()[:16]}"
