"""Documents of several sources as one text: the mix that a language model is trained on."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from jaxtyping import UInt8

from replications.corpora.texts.documents import Documents, Texts
from replications.corpora.texts.joined_documents import Interleaved
from replications.errors import ReplicationError


@dataclass(frozen=True)
class MixedDocuments(Documents):
    """The mix in three parts, and each of its `sources` by name, whole."""

    sources: Mapping[str, Documents] = field(default_factory=dict)


def mixed_documents(
    seed: int,
    *,
    sources: Mapping[str, Texts],
    shares: Mapping[str, float],
) -> MixedDocuments:
    """The sources' documents in turn, so that each source has its share of the characters.

    Source: Brown et al. 2020, section 2.2 and table 2.2 (weights in the training mix). Departure:
    there the weights are shares of tokens drawn, and small sources are read several times. Here
    each part of the mix ends where the source whose turn it is has no document left, so that no
    document comes twice.

    Raises ReplicationError where sources and shares have other names, and for a share that is not
    above 0.
    """
    if set(sources) != set(shares) or not all(share > 0 for share in shares.values()):
        raise ReplicationError(
            f"The sources {', '.join(sources)} have the shares {dict(shares)}: give each source "
            "a share above 0."
        )
    found = {name: source(seed) for name, source in sources.items()}
    return MixedDocuments(
        *(
            InTurn({name: getattr(source, part) for name, source in found.items()}, shares)
            for part in ("train", "validation", "test")
        ),
        identities=tuple(
            dict.fromkeys(each for source in found.values() for each in source.identities)
        ),
        key=_key({name: source.key for name, source in found.items()}, shares),
        sources=found,
    )


class InTurn(Interleaved):
    """The next document is of the source that is furthest behind its share of the characters.

    The order is computed on first use, from the lengths of all documents.
    """

    def __init__(self, parts: Mapping[str, Sequence[str]], shares: Mapping[str, float]) -> None:
        self.sources, self.shares = tuple(parts.values()), [shares[name] for name in parts]

    @cached_property
    def turns(self) -> UInt8[np.ndarray, " turn"]:
        left = [map(len, source) for source in self.sources]
        read = [0] * len(left)
        turns = bytearray()
        while True:
            source = min(range(len(left)), key=lambda each: read[each] / self.shares[each])
            characters = next(left[source], None)
            if characters is None:
                return np.frombuffer(bytes(turns), dtype=np.uint8)
            read[source] += characters
            turns.append(source)


def _key(keys: Mapping[str, str | None], shares: Mapping[str, float]) -> str | None:
    if None in keys.values():
        return None
    text = json.dumps([list(keys.items()), list(shares.items())])
    return f"mix-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
