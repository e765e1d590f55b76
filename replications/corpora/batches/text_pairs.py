"""Pairs of texts from the documents of a corpus: the second follows the first, or does not."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Int64
from torch import Tensor
from torch.utils.data import DataLoader

from replications.corpora.batches.from_documents import FromDocuments
from replications.corpora.batches.made_in_order import MadeInOrder
from replications.corpora.batches.masking import IGNORE_INDEX, Masking, masked
from replications.corpora.texts.documents import Texts
from replications.corpora.texts.token_ids import TokenIds, token_ids
from replications.errors import ReplicationError

IS_NEXT, NOT_NEXT = 0, 1
"""Whether the second text of a sequence follows the first in its document."""

_SHORTEST = 16  # ids: a document with fewer has no room for two texts of useful length


class PairBatch(NamedTuple):
    """Sequences of two texts, and their labels, which are IGNORE_INDEX but for the targets."""

    ids: Int64[Tensor, "batch time"]
    segments: Int64[Tensor, "batch time"]
    labels: Int64[Tensor, "batch time"]
    next_sentence_label: Int64[Tensor, " batch"]

    @property
    def may_be_padded(self) -> bool:
        """Whether some ids may be padding."""
        return True

    @property
    def masked_positions(self) -> Bool[Tensor, "batch time"]:
        """The mask of the positions that have a target."""
        return self.labels != IGNORE_INDEX

    @property
    def targets(self) -> Int64[Tensor, " target"]:
        """The targets, sequence by sequence."""
        return self.labels[self.masked_positions]


class LongDocuments(Sequence[np.ndarray]):
    """The chosen documents of a text as ids, which are not copied."""

    def __init__(self, tokens: TokenIds, chosen: Int64[np.ndarray, " document"]) -> None:
        self.tokens, self.chosen = tokens, chosen

    def __len__(self) -> int:
        return len(self.chosen)

    def __getitem__(self, number: int) -> np.ndarray:
        return self.tokens.document(int(self.chosen[number]))

    @property
    def lengths(self) -> Int64[np.ndarray, " document"]:
        return self.tokens.lengths[self.chosen]


class TextPairs(FromDocuments):
    """Sequences of `length` ids: [CLS], a text, [SEP], another, [SEP].

    Source: Devlin et al. 2019, section 3.1, task 2, and appendix A.2. Both are stretches of a
    document, of any length from a quarter to three quarters of the sequence. In a share `random` of
    the sequences the second comes from another document; else it is what follows the first.
    `masking` draws the targets of a sequence.

    `length_schedule` gives the first epochs shorter sequences: a length for each, which divides
    `length`; a batch then has more of them and as many ids. Source: Devlin et al. 2019, appendix
    A.2 (most steps with a quarter of the final length).

    `further` are the options of FromDocuments.

    Departure: a text begins anywhere and not where a sentence does. Documents are drawn as often as
    they are long; an epoch is as many sequences as have `tokens_per_epoch` ids, its own draw.

    Raises ReplicationError where fewer than two documents are long enough (with `random` 0, where
    none is), and for scheduled lengths below 16, or that do not divide `length`.
    """

    def __init__(
        self,
        seed: int,
        *,
        text: Texts,
        tokenizer: object,
        length: int = 128,
        sequences_per_batch: int = 32,
        tokens_per_epoch: int = 1 << 19,
        random: float = 0.5,
        masking: Masking = masked,
        length_schedule: Sequence[int] = (),
        **further: Any,
    ) -> None:
        super().__init__(seed, text=text, tokenizer=tokenizer, **further)
        if any(short < _SHORTEST or length % short for short in length_schedule):
            raise ReplicationError(
                f"TextPairs: length_schedule {tuple(length_schedule)}: give lengths of {_SHORTEST} "
                f"or more that divide {length}, the length of the last sequences."
            )
        self.length, self.sequences_per_batch, self.length_schedule = (
            length,
            sequences_per_batch,
            tuple(length_schedule),
        )
        self.tokens_asked_for, self.random, self.masking = tokens_per_epoch, random, masking

    @cached_property
    def encoded(self) -> dict[str, LongDocuments]:
        """The documents of each part that are long enough, as ids."""
        return {part: self._encode(part) for part in ("train", "validation", "test")}

    @property
    def batches_per_epoch(self) -> int:
        return max(1, self.tokens_asked_for // (self.length * self.sequences_per_batch))

    @property
    def tokens_per_epoch(self) -> int:
        """Ids read in an epoch, special tokens included."""
        return self.batches_per_epoch * self.sequences_per_batch * self.length

    def batches(self, epoch: int) -> Sequence[PairBatch]:
        """An epoch's batches: a function of seed and epoch alone."""
        length = self.length_schedule[epoch] if epoch < len(self.length_schedule) else self.length
        return self.draw("train", self.batches_per_epoch, (self.seed, epoch), length)

    def batches_of(self, part: str, batches: int = 20) -> Sequence[PairBatch]:
        """Batches for evaluation: the same for every seed."""
        return self.draw(part, batches, (1 << 20, 3), self.length)

    def draw(
        self, part: str, batches: int, seed: int | tuple[int, int], length: int
    ) -> Sequence[PairBatch]:
        """Batches of sequences of that length from the documents of a part."""
        documents, rows = self.encoded[part], self.sequences_per_batch * self.length // length
        weights = documents.lengths / documents.lengths.sum()

        def begin() -> Iterator[PairBatch]:
            draw = np.random.default_rng(seed)
            indices = draw.choice(len(documents), (batches, rows), p=weights)
            return (self._batch(documents, row, draw, length) for row in indices)

        return MadeInOrder(begin, batches)

    def train_dataloader(self) -> DataLoader:
        epoch = self.trainer.current_epoch if self.trainer else 0
        return DataLoader(self.batches(epoch), batch_size=None, shuffle=False)

    def _encode(self, part: str) -> LongDocuments:
        tokens = token_ids(self.text, self.vocabulary, part=part)
        kept = LongDocuments(tokens, np.flatnonzero(tokens.lengths >= _SHORTEST))
        least = 2 if self.random else 1
        if len(kept) < least:
            raise ReplicationError(
                f"Only {len(kept)} of the {tokens.documents} documents of the part {part!r} have "
                f"{_SHORTEST} tokens or more: give at least {least}; two where a second text is to "
                "come from another one."
            )
        return kept

    def _batch(
        self,
        documents: LongDocuments,
        indices: np.ndarray,
        draw: np.random.Generator,
        length: int,
    ) -> PairBatch:
        ids = np.full((len(indices), length), self.vocabulary.padding)
        segments = np.zeros_like(ids)
        labels = np.full_like(ids, IGNORE_INDEX)
        next_sentence_label = np.zeros(len(indices), dtype=np.int64)
        for number, index in enumerate(indices):
            first, second, next_sentence_label[number] = self._pair(
                documents, int(index), draw, length - 3
            )
            vocabulary = self.vocabulary
            row = np.concatenate(
                [[vocabulary.start], first, [vocabulary.separator], second, [vocabulary.separator]]
            )
            masked_row = self.masking(row, vocabulary, draw)
            ids[number, : len(row)], labels[number, : len(row)] = masked_row
            segments[number, len(first) + 2 : len(row)] = 1
        return PairBatch(*map(torch.from_numpy, (ids, segments, labels, next_sentence_label)))

    def _pair(
        self, documents: LongDocuments, index: int, draw: np.random.Generator, room: int
    ) -> tuple[np.ndarray, np.ndarray, int]:
        document = documents[index]
        taken = min(room, len(document))
        start = int(draw.integers(len(document) - taken + 1))
        cut = int(draw.integers(taken // 4, 3 * taken // 4 + 1))
        first, second = np.split(document[start : start + taken], [cut])
        if draw.random() >= self.random:
            return first, second, IS_NEXT
        # Any document but this one.
        other = documents[(index + int(draw.integers(1, len(documents)))) % len(documents)]
        begin = int(draw.integers(max(1, len(other) - len(second) + 1)))
        return first, other[begin : begin + len(second)], NOT_NEXT
