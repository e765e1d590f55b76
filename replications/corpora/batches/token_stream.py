"""A token stream: documents one after the other as ids, cut into sequences of one length."""

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
    """A lossless tokenizer with an end-of-text token that no text contains."""

    @property
    def end_of_text(self) -> int: ...

    def __len__(self) -> int: ...

    def encode(self, text: str) -> list[int]: ...

    def decode(self, ids: Sequence[int]) -> str: ...


class TextBatch(NamedTuple):
    """Sequences of ids: all but the last of each are its input, all but the first its targets."""

    ids: Int64[Tensor, "batch time"]


class TokenStream(FromDocuments):
    """Sequences of `length` targets, drawn without replacement from one long stream.

    The stream is the training documents in their order, each followed by the end-of-text token; a
    sequence may span several, and no mask separates them. Source: Brown et al. 2020, appendix B.

    An epoch is the next `tokens_per_epoch` tokens of a shuffled pass over all sequences, so that
    its length does not depend on the corpus; after the last sequence a new pass begins, reshuffled.
    Without it an epoch is one pass. `tokenizer` is called with the Documents.

    `eval_sets` are further data that the model is evaluated on, by name: each is called with the
    seed and gives an object that has the `identities` of its rows.

    Raises ReplicationError where the text has no whole sequence, or an epoch no whole batch.
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
        """The training part as ids, the end-of-text token after each document."""
        return token_ids(self.text, self.vocabulary, end=self.vocabulary.end_of_text)

    @cached_property
    def _ids_on_device(self) -> Int32[Tensor, " position"]:
        # So that a GPU need not wait for the CPU to gather its batches.
        return self.tokens.on(self.device)[0]

    @property
    def fixed_shapes(self) -> bool:
        """Whether all batches are of one size."""
        return self.tokens_asked_for is not None

    @cached_property
    def sequences(self) -> int:
        """How many sequences the stream has; the rest after the last one is never read."""
        sequences = (len(self.tokens) - 1) // self.length
        if sequences < 1:
            raise ReplicationError(
                f"The training text has {len(self.tokens)} tokens, and a sequence takes "
                f"{self.length + 1}. Give more text, or a shorter `length`."
            )
        return sequences

    @property
    def tokens_per_epoch(self) -> int:
        """Targets of an epoch: whole batches, but for the last of a pass, which may be short."""
        return self.sequences_per_epoch * self.length

    @cached_property
    def sequences_per_epoch(self) -> int:
        if self.tokens_asked_for is None:
            return self.sequences
        batches = self.tokens_asked_for // (self.length * self.sequences_per_batch)
        if batches < 1:
            raise ReplicationError(
                f"An epoch of {self.tokens_asked_for} tokens is shorter than a batch of "
                f"{self.sequences_per_batch} sequences of {self.length}. Raise `tokens_per_epoch`."
            )
        return batches * self.sequences_per_batch

    def sequence_indices(self, epoch: int) -> Int64[Tensor, " block"]:
        """The indices of an epoch's sequences in order: a function of seed and epoch alone."""
        first = epoch * self.sequences_per_epoch
        last = first + self.sequences_per_epoch - 1
        epochs = range(first // self.sequences, last // self.sequences + 1)
        draws = [np.random.default_rng((self.seed, number)) for number in epochs]
        order = np.concatenate([draw.permutation(self.sequences) for draw in draws])
        start = first - epochs[0] * self.sequences
        return torch.from_numpy(order[start : start + self.sequences_per_epoch])

    def batch(self, indices: Int64[Tensor, " block"]) -> TextBatch:
        """These sequences as a batch: the last token of one is the first of the next."""
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
    """All documents as one sequence of ids, the end-of-text token after each."""
    end = np.array([tokenizer.end_of_text], dtype=np.int32)
    parts = [
        part
        for text in documents
        for part in (np.asarray(tokenizer.encode(text), dtype=np.int32), end)
    ]
    return torch.from_numpy(np.concatenate(parts)) if parts else torch.empty(0, dtype=torch.int32)
