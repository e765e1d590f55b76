"""A text without an end: documents one after the other as ids, cut into blocks of one length."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Int32, Int64
from torch import Tensor
from torch.utils.data import DataLoader

from replications.corpora.batches.from_documents import NOTHING_BESIDE, Beside, FromDocuments
from replications.corpora.texts.documents import Documents, Texts
from replications.corpora.texts.token_ids import TokenIds, token_ids
from replications.errors import ReplicationError


@runtime_checkable
class StreamTokenizer(Protocol):
    """Text to ids without loss, and a mark that no text contains."""

    @property
    def end_of_text(self) -> int: ...

    def __len__(self) -> int: ...

    def encode(self, text: str) -> list[int]: ...

    def decode(self, ids: Sequence[int]) -> str: ...


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

    `eval_sets` are further data that the model is measured on, by name: each is called with the
    seed and gives an object that has the `identities` of its rows.

    Raises ReplicationError where the text has not a single block, or an epoch not a single batch.
    """

    def __init__(
        self,
        seed: int,
        *,
        text: Texts,
        tokenizer: Callable[[Documents], StreamTokenizer],
        length: int = 128,
        sequences_per_batch: int = 32,
        tokens_per_epoch: int | None = None,
        eval_sets: Beside = NOTHING_BESIDE,
    ) -> None:
        super().__init__(seed, text=text, tokenizer=tokenizer, eval_sets=eval_sets)
        self.length, self.sequences_per_batch = length, sequences_per_batch
        self.tokens_asked_for = tokens_per_epoch

    @cached_property
    def tokens(self) -> TokenIds:
        """The training part as ids, the mark of its end after each document."""
        return token_ids(self.text, self.vocabulary, end=self.vocabulary.end_of_text)

    @cached_property
    def _ids_on_device(self) -> Int32[Tensor, " position"]:
        # A card waits for no processor to gather its batches.
        return self.tokens.on(self.device)[0]

    @property
    def fixed_shapes(self) -> bool:
        """Whether all batches are of one size."""
        return self.tokens_asked_for is not None

    @cached_property
    def sequences(self) -> int:
        """How many blocks the stream has; the rest behind the last one is never read."""
        sequences = (len(self.tokens) - 1) // self.length
        if sequences < 1:
            raise ReplicationError(
                f"The training text has {len(self.tokens)} tokens, and a block takes "
                f"{self.length + 1}. Give more text, or a shorter `length`."
            )
        return sequences

    @property
    def tokens_per_epoch(self) -> int:
        """Tokens predicted in an epoch: whole batches, the last of a pass perhaps a short one."""
        return self.sequences_per_epoch * self.length

    @cached_property
    def sequences_per_epoch(self) -> int:
        if self.tokens_asked_for is None:
            return self.sequences
        batches = self.tokens_asked_for // (self.length * self.sequences_per_batch)
        if batches < 1:
            raise ReplicationError(
                f"An epoch of {self.tokens_asked_for} tokens is shorter than a batch of "
                f"{self.sequences_per_batch} blocks of {self.length}. Raise `tokens_per_epoch`."
            )
        return batches * self.sequences_per_batch

    def sequence_indices(self, epoch: int) -> Int64[Tensor, " block"]:
        """The numbers of an epoch's blocks in reading order: a function of seed and epoch alone."""
        first = epoch * self.sequences_per_epoch
        last = first + self.sequences_per_epoch - 1
        epochs = range(first // self.sequences, last // self.sequences + 1)
        draws = [np.random.default_rng((self.seed, number)) for number in epochs]
        order = np.concatenate([draw.permutation(self.sequences) for draw in draws])
        start = first - epochs[0] * self.sequences
        return torch.from_numpy(order[start : start + self.sequences_per_epoch])

    def batch(self, indices: Int64[Tensor, " block"]) -> TextBatch:
        """These blocks as a batch: the last token of a block is the first that the next reads."""
        starts = indices[:, None] * self.length
        positions = starts + torch.arange(self.length + 1, device=indices.device)
        if indices.is_cpu:
            ids = self.tokens.ids[positions.numpy()]
            return TextBatch(torch.from_numpy(ids.astype(np.int64)))
        return TextBatch(self._ids_on_device[positions].long())

    def train_dataloader(self) -> DataLoader:
        epoch = self.trainer.current_epoch if self.trainer else 0
        indices = self.sequence_indices(epoch).to(self.device).split(self.sequences_per_batch)
        return DataLoader(indices, batch_size=None, shuffle=False, collate_fn=self.batch)


def joined_ids(documents: Sequence[str], tokenizer: StreamTokenizer) -> Int32[Tensor, " position"]:
    """All documents as one row of ids, the mark of the end after each."""
    end = np.array([tokenizer.end_of_text], dtype=np.int32)
    parts = [
        part
        for text in documents
        for part in (np.asarray(tokenizer.encode(text), dtype=np.int32), end)
    ]
    return torch.from_numpy(np.concatenate(parts)) if parts else torch.empty(0, dtype=torch.int32)
