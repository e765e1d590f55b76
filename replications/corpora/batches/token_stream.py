"""A text without an end: documents one after the other as ids, cut into blocks of one length."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Int32, Int64
from torch import Tensor
from torch.utils.data import DataLoader

from replications.code_version import TEXT, code_version
from replications.corpora.batches.from_documents import FromDocuments
from replications.corpora.store.cached_tensors import load_tensors, save_tensors
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.documents import Documents, Texts
from replications.errors import ReplicationError
from replications.paths import cache_folder


@runtime_checkable
class StreamTokenizer(Protocol):
    """Text to ids without loss, and a mark that no text contains."""

    @property
    def end_of_text(self) -> int: ...

    def __len__(self) -> int: ...

    def encode(self, text: str) -> list[int]: ...

    def decode(self, ids: Sequence[int]) -> str: ...


@runtime_checkable
class Identified(Protocol):
    """Data that can say what rows it is made of."""

    @property
    def identities(self) -> tuple[CorpusIdentity, ...]: ...


class TextBatch(NamedTuple):
    """Blocks of ids: each but the last of a row is read, each but the first predicted."""

    ids: Int64[Tensor, "batch time"]


class TokenStream(FromDocuments):
    """Blocks of `length` tokens to predict, drawn without putting back from one long stream.

    The stream is the training documents in their order, each followed by the mark of its end; a
    block may span several, and nothing hides one from the next. Source: Brown et al. 2020,
    appendix B.

    An epoch is the next `tokens_per_epoch` tokens of a shuffled pass over all blocks, so that its
    length does not depend on the corpus; after the last block a new pass begins, shuffled anew.
    Without it an epoch is one pass. `tokenizer` is called with the Documents.

    `beside` are further data that the model is measured on, by name: each is called with the seed
    and gives an object that has the `identities` of its rows.

    Raises ReplicationError where the text has not a single block, or an epoch not a single batch.
    """

    def __init__(
        self,
        seed: int,
        *,
        text: Texts,
        tokenizer: Callable[[Documents], StreamTokenizer],
        length: int = 128,
        blocks_per_batch: int = 32,
        tokens_per_epoch: int | None = None,
        beside: Mapping[str, Callable[[int], Identified]] = MappingProxyType({}),
    ) -> None:
        super().__init__(seed, text=text, tokenizer=tokenizer)
        self.length, self.blocks_per_batch = length, blocks_per_batch
        self.wanted_tokens, self.sources_beside = tokens_per_epoch, beside
        self.beside: dict[str, Identified] = {}

    def setup(self, stage: str = "fit") -> None:
        first = self.text is None
        super().setup(stage)
        if first:
            self.beside = {name: load(self.seed) for name, load in self.sources_beside.items()}

    @property
    def identities(self) -> tuple[CorpusIdentity, ...]:
        used = (self.text, *self.beside.values())
        return tuple(dict.fromkeys(each for one in used for each in one.identities))

    @cached_property
    def stream(self) -> Int32[Tensor, " position"]:
        """The training part as ids."""
        if self.text.key is None:
            return joined_ids(self.text.train, self.vocabulary)
        symbols = json.dumps(self.vocabulary.symbols).encode()
        vocabulary = hashlib.sha256(symbols).hexdigest()[:16]
        name = f"{self.text.key}-{vocabulary}-{code_version(TEXT)}"
        path = cache_folder() / "streams" / f"{name}.safetensors"
        if path.exists():
            return load_tensors(path)[0]["ids"]
        ids = joined_ids(self.text.train, self.vocabulary)
        save_tensors(path, {"ids": ids}, {})
        return ids

    @cached_property
    def blocks(self) -> int:
        """How many blocks the stream has; the rest behind the last one is never read."""
        blocks = (len(self.stream) - 1) // self.length
        if blocks < 1:
            raise ReplicationError(
                f"The training text has {len(self.stream)} tokens, and a block takes "
                f"{self.length + 1}. Give more text, or a shorter `length`."
            )
        return blocks

    @property
    def tokens_per_epoch(self) -> int:
        """Tokens predicted in an epoch: whole batches, the last of a pass perhaps a short one."""
        return self.blocks_per_epoch * self.length

    @cached_property
    def blocks_per_epoch(self) -> int:
        if self.wanted_tokens is None:
            return self.blocks
        batches = self.wanted_tokens // (self.length * self.blocks_per_batch)
        if batches < 1:
            raise ReplicationError(
                f"An epoch of {self.wanted_tokens} tokens is shorter than a batch of "
                f"{self.blocks_per_batch} blocks of {self.length}. Raise `tokens_per_epoch`."
            )
        return batches * self.blocks_per_batch

    def rows(self, epoch: int) -> Int64[Tensor, " block"]:
        """The numbers of an epoch's blocks in reading order: a function of seed and epoch alone."""
        first = epoch * self.blocks_per_epoch
        last = first + self.blocks_per_epoch - 1
        passes = range(first // self.blocks, last // self.blocks + 1)
        draws = [np.random.default_rng((self.seed, number)) for number in passes]
        order = np.concatenate([draw.permutation(self.blocks) for draw in draws])
        start = first - passes[0] * self.blocks
        return torch.from_numpy(order[start : start + self.blocks_per_epoch])

    def batch(self, rows: Int64[Tensor, " block"]) -> TextBatch:
        """These blocks as a batch: the last token of a block is the first that the next reads."""
        starts = rows[:, None] * self.length
        return TextBatch(self.stream[starts + torch.arange(self.length + 1)].long())

    def train_dataloader(self) -> DataLoader:
        epoch = self.trainer.current_epoch if self.trainer else 0
        rows = self.rows(epoch).split(self.blocks_per_batch)
        return DataLoader(rows, batch_size=None, shuffle=False, collate_fn=self.batch)


def joined_ids(documents: Sequence[str], tokenizer: StreamTokenizer) -> Int32[Tensor, " position"]:
    """All documents as one row of ids, the mark of the end after each."""
    end = np.array([tokenizer.end_of_text], dtype=np.int32)
    pieces = [
        part
        for text in documents
        for part in (np.asarray(tokenizer.encode(text), dtype=np.int32), end)
    ]
    return torch.from_numpy(np.concatenate(pieces)) if pieces else torch.empty(0, dtype=torch.int32)
