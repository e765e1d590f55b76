"""A text as token ids in a memory-mapped file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from jaxtyping import Int32, Int64, Integer
from torch import Tensor

from replications.atomic_write import written_whole
from replications.code_version import TEXT, code_version
from replications.corpora.texts.documents import Documents
from replications.corpora.texts.encoding import Encoder, encode_in_order, id_type
from replications.errors import ReplicationError
from replications.paths import cache_folder

Part = Literal["train", "validation", "test"]


@dataclass(frozen=True)
class TokenIds:
    """The ids of a text's documents, one after the other; document n is from `offsets[n]` on.

    `ids` lies in a file where the text has a key in caches: it takes memory only where it is read.
    """

    ids: Integer[np.ndarray, " position"] = field(repr=False)
    offsets: Int64[np.ndarray, " document_plus_1"] = field(repr=False)

    def __len__(self) -> int:
        """How many ids there are."""
        return len(self.ids)

    @property
    def documents(self) -> int:
        """How many documents there are."""
        return len(self.offsets) - 1

    @property
    def lengths(self) -> Int64[np.ndarray, " document"]:
        """How many ids each document has."""
        return np.diff(self.offsets)

    def document(self, number: int) -> Integer[np.ndarray, " position"]:
        """The ids of one document, not copied."""
        return self.ids[self.offsets[number] : self.offsets[number + 1]]

    def __iter__(self) -> Iterator[Integer[np.ndarray, " position"]]:
        """The documents in their order."""
        return map(self.document, range(self.documents))

    def on(
        self, device: torch.device | str
    ) -> tuple[Int32[Tensor, " position"], Int64[Tensor, " document_plus_1"]]:
        """Ids and offsets as tensors that lie on a device whole: four bytes an id."""
        # As two bytes to the device: torch gathers no uint16, but does copy and widen it.
        ids = torch.from_numpy(np.array(self.ids)).to(device).to(torch.int32)
        return ids, torch.from_numpy(np.array(self.offsets)).to(device)


def token_ids(
    documents: Documents,
    tokenizer: Encoder,
    *,
    part: Part = "train",
    end: int | None = None,
    workers: int | None = None,
) -> TokenIds:
    """The ids of one part of a text, with `end` after each document where one is given.

    Encoded in one pass over the documents with bounded memory, by `workers` processes (as many as
    there are cores, unless given; the ids are the same), and kept in the cache folder under a key
    of the text, the tokenizer's `symbols` and the code that encodes. A text without a key is
    encoded in memory.

    Raises ReplicationError where writing fails, and for a damaged file, which it names.
    """
    texts: Sequence[str] = getattr(documents, part)
    if documents.key is None:
        return _in_memory(texts, tokenizer, end, workers)
    text = documents.key if part == "train" else _content(texts)
    key = json.dumps(
        [code_version(TEXT), text, end, id_type(tokenizer).name, list(tokenizer.symbols)]
    )
    name = f"{documents.key}-{part}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    file = cache_folder() / "token-ids" / f"{name}.{id_type(tokenizer).name}"
    # Written last: where it is, the ids are whole.
    boundaries = file.with_suffix(".offsets.npy")
    if not boundaries.exists():
        _write(file, boundaries, encode_in_order(texts, tokenizer, end=end, workers=workers))
    return _read(file, boundaries, id_type(tokenizer))


def _content(texts: Sequence[str]) -> str:
    """What names the smaller parts, which a text's key does not."""
    digest = hashlib.sha256()
    for text in texts:
        content = text.encode("utf-8", "surrogatepass")
        digest.update(b"%d " % len(content) + content)
    return digest.hexdigest()


def _in_memory(
    texts: Sequence[str], tokenizer: Encoder, end: int | None, workers: int | None
) -> TokenIds:
    parts = list(encode_in_order(texts, tokenizer, end=end, workers=workers))
    ids, lengths = zip(*parts, strict=True) if parts else ((), ())
    return TokenIds(
        np.concatenate([np.empty(0, dtype=id_type(tokenizer)), *ids]), _offsets(list(lengths))
    )


def _offsets(lengths: list[np.ndarray]) -> Int64[np.ndarray, " document_plus_1"]:
    return np.cumsum(np.concatenate([np.zeros(1, dtype=np.int64), *lengths]))


def _write(file: Path, boundaries: Path, portions: Iterator[tuple[np.ndarray, np.ndarray]]) -> None:
    lengths = []
    try:
        with written_whole(file) as partial, partial.open("wb") as out:
            for ids, each in portions:
                out.write(ids.astype(ids.dtype.newbyteorder("<")).data)
                lengths.append(each)
        with written_whole(boundaries) as partial, partial.open("wb") as out:
            np.save(out, _offsets(lengths))
    except OSError as error:
        raise ReplicationError(
            f"Cannot write {file}: {error}. Free some space, or set REPLICATIONS_CACHE to a folder "
            "that can be written to."
        ) from error


def _read(file: Path, boundaries: Path, kind: np.dtype) -> TokenIds:
    try:
        offsets = np.load(boundaries, allow_pickle=False)
        size = file.stat().st_size
        if size != offsets[-1] * kind.itemsize:
            raise ValueError(f"it has {size} bytes, not {offsets[-1] * kind.itemsize}")
        # No file of no bytes can be mapped.
        ids = np.memmap(file, kind, mode="r") if size else np.empty(0, dtype=kind)
    except (OSError, ValueError, EOFError, IndexError) as error:
        raise ReplicationError(
            f"{file} is damaged ({error}). Delete it and {boundaries.name}: they are made again."
        ) from error
    return TokenIds(ids, offsets)
