"""Masked language modelling on single texts: each sequence is one short document."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader

from replications.corpora.batches.from_documents import FromDocuments
from replications.corpora.batches.made_in_order import MadeInOrder
from replications.corpora.batches.masking import IGNORE_INDEX, Masking, masked
from replications.corpora.batches.text_pairs import IS_NEXT, PairBatch
from replications.corpora.texts.documents import Texts
from replications.errors import ReplicationError


class SingleTexts(FromDocuments):
    """Sequences of [CLS], a document, [SEP], padded on the right: an epoch is one pass over all.

    `masking` draws the targets of each sequence anew in each epoch. There are no second texts: all
    is in the first segment. Source: Liu et al. 2019 (RoBERTa), section 4.2, has sequences without
    next-sentence prediction, too, though longer ones.

    `further` are the options of FromDocuments.

    Raises ReplicationError for a document with more than `length` ids, special tokens included, or
    none.
    """

    def __init__(
        self,
        seed: int,
        *,
        text: Texts,
        tokenizer: object,
        length: int = 128,
        sequences_per_batch: int = 32,
        masking: Masking = masked,
        **further: Any,
    ) -> None:
        super().__init__(seed, text=text, tokenizer=tokenizer, **further)
        self.length, self.sequences_per_batch, self.masking = length, sequences_per_batch, masking

    @cached_property
    def encoded(self) -> dict[str, list[np.ndarray]]:
        """The sequences of each part, with nothing masked."""
        return {part: self._encode(part) for part in ("train", "validation", "test")}

    @property
    def tokens_per_epoch(self) -> int:
        """Ids read in an epoch, special tokens included and padding left out."""
        return sum(map(len, self.encoded["train"]))

    def batches(self, epoch: int) -> Sequence[PairBatch]:
        """An epoch's batches: a function of seed and epoch alone."""
        return self._batches("train", (self.seed, epoch))

    def batches_of(self, part: str, batches: int = 20) -> list[PairBatch]:
        """Batches for evaluation: the same for every seed."""
        return self._batches(part, (1 << 20, 3))[:batches]

    def train_dataloader(self) -> DataLoader:
        epoch = self.trainer.current_epoch if self.trainer else 0
        return DataLoader(self.batches(epoch), batch_size=None, shuffle=False)

    def _encode(self, part: str) -> list[np.ndarray]:
        vocabulary = self.vocabulary
        rows = []
        for number, text in enumerate(getattr(self.text, part), start=1):
            ids = [vocabulary.start, *vocabulary.encode(text), vocabulary.separator]
            if not 2 < len(ids) <= self.length:
                raise ReplicationError(
                    f"Document {number} of the part {part!r} has {len(ids) - 2} tokens: give 1 to "
                    f"{self.length - 2}, or a larger `length`."
                )
            rows.append(np.array(ids))
        return rows

    def _batches(self, part: str, seed: tuple[int, int]) -> MadeInOrder[PairBatch]:
        rows, size = self.encoded[part], self.sequences_per_batch
        starts = range(0, len(rows), size)

        def begin() -> Iterator[PairBatch]:
            draw = np.random.default_rng(seed)
            order = draw.permutation(len(rows))
            return (
                self._batch([rows[number] for number in order[first : first + size]], draw)
                for first in starts
            )

        return MadeInOrder(begin, len(starts))

    def _batch(self, rows: list[np.ndarray], draw: np.random.Generator) -> PairBatch:
        shape = len(rows), max(map(len, rows))
        ids = np.full(shape, self.vocabulary.padding)
        labels = np.full(shape, IGNORE_INDEX)
        for number, row in enumerate(rows):
            ids[number, : len(row)], labels[number, : len(row)] = self.masking(
                row, self.vocabulary, draw
            )
        next_sentence_label = np.full(len(rows), IS_NEXT)
        return PairBatch(
            *map(torch.from_numpy, (ids, np.zeros(shape, int), labels, next_sentence_label))
        )
