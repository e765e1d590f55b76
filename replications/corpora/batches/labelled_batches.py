"""Labelled texts as batches of ids, in the input format of a pre-trained network."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

import lightning
import numpy as np
import torch
from jaxtyping import Float32, Int64
from torch import Tensor
from torch.utils.data import DataLoader

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.documents import Documents, Texts
from replications.corpora.texts.labelled_texts import Labelled, LabelledTask, LabelledTexts

_POOL = 16


class Arranged(NamedTuple):
    """Ids, the segment of each, and the `position` whose state represents the sequence."""

    ids: list[int]
    segments: list[int]
    position: int


Arrangement = Callable[[Sequence[list[int]]], list[Arranged]]
"""Maps the ids of an example's texts to one sequence or several, whose states are added."""


class LabelledBatch(NamedTuple):
    """Sequences of ids, padded on the right: example by example, the same number for each."""

    ids: Int64[Tensor, "sequence time"]
    segments: Int64[Tensor, "sequence time"]
    positions: Int64[Tensor, " sequence"]
    lengths: Int64[Tensor, " sequence"]
    labels: Float32[Tensor, " example"]


class LabelledBatches(lightning.LightningDataModule):
    """The examples of a task, reshuffled each epoch, `examples_per_batch` at a time.

    Those of a batch have similar lengths, to save padding: each pool of `_POOL` batches of the
    shuffled examples is sorted by length before it is cut into batches.

    The vocabulary is that of the pre-training: `tokenizer` is called with the Documents of
    `pretraining`, as in TokenStream. `arrange` is called with the vocabulary and the task, and
    gives the Arrangement. An epoch reads the examples `repeats` times, often where they are few.
    """

    def __init__(
        self,
        seed: int,
        *,
        text: LabelledTask,
        pretraining: Texts,
        tokenizer: Callable[[Documents], object],
        arrange: Callable[[object, LabelledTexts], Arrangement],
        examples_per_batch: int = 32,
        repeats: int = 1,
        padding: int = 0,
    ) -> None:
        super().__init__()
        self.seed, self.text_source, self.pretraining = seed, text, pretraining
        self.tokenizer, self.arrange = tokenizer, arrange
        self.examples_per_batch, self.repeats = examples_per_batch, repeats
        self.padding = padding
        self.text: LabelledTexts | None = None

    def setup(self, stage: str = "fit") -> None:
        if self.text is None:
            self.text = self.text_source(self.seed)
            self.documents = self.pretraining(self.seed)

    @cached_property
    def vocabulary(self) -> object:
        return self.tokenizer(self.documents)

    @property
    def identities(self) -> tuple[CorpusIdentity, ...]:
        return (*self.text.identities, *self.documents.identities)

    @cached_property
    def arrangement(self) -> Arrangement:
        return self.arrange(self.vocabulary, self.text)

    @cached_property
    def encoded(self) -> dict[str, list[list[Arranged]]]:
        """The sequences of each example, by part."""
        return {part: self.encode(getattr(self.text, part)) for part in ("train", "test")}

    def encode(self, part: Labelled) -> list[list[Arranged]]:
        """Each example's sequences of ids."""
        encode = self.vocabulary.encode
        return [self.arrangement([encode(text) for text in texts]) for texts in part.texts]

    @property
    def tokens_per_epoch(self) -> int:
        """Ids read in an epoch, repeats and special tokens included, padding left out."""
        rows = self.encoded["train"]
        return self.repeats * sum(len(row.ids) for example in rows for row in example)

    def batch(self, examples: Sequence[list[Arranged]], labels: Sequence[float]) -> LabelledBatch:
        """These examples as a batch."""
        rows = [row for example in examples for row in example]
        lengths = torch.tensor([len(row.ids) for row in rows])
        ids = torch.full((len(rows), int(lengths.max())), self.padding)
        segments = torch.zeros_like(ids)
        for number, row in enumerate(rows):
            ids[number, : len(row.ids)] = torch.tensor(row.ids)
            segments[number, : len(row.ids)] = torch.tensor(row.segments)
        positions = torch.tensor([row.position for row in rows])
        return LabelledBatch(ids, segments, positions, lengths, torch.tensor(labels).float())

    def batches_of(self, part: str) -> list[LabelledBatch]:
        """All examples of a part, in their order."""
        labels = list(getattr(self.text, part).labels)
        rows = self.encoded[part] if part in self.encoded else self.encode(getattr(self.text, part))
        size = self.examples_per_batch
        return [
            self.batch(rows[first : first + size], labels[first : first + size])
            for first in range(0, len(rows), size)
        ]

    def train_dataloader(self) -> DataLoader:
        epoch = self.trainer.current_epoch if self.trainer else 0
        draw = np.random.default_rng((self.seed, epoch))
        parts = [part for _ in range(self.repeats) for part in self._one_epoch(draw)]
        return DataLoader(parts, batch_size=None, shuffle=False, collate_fn=self._training_batch)

    def _training_batch(self, part: Int64[np.ndarray, " example"]) -> LabelledBatch:
        rows, labels = self.encoded["train"], self.text.train.labels
        return self.batch([rows[n] for n in part], [labels[n] for n in part])

    def _one_epoch(self, draw: np.random.Generator) -> list[Int64[np.ndarray, " _"]]:
        """The indices of the examples of each batch; the last has what is left."""
        size = self.examples_per_batch
        cut = []
        for pool in _cut(draw.permutation(len(self._lengths)), _POOL * size):
            cut += _cut(pool[np.argsort(self._lengths[pool], kind="stable")], size)
        whole = [part for part in cut if len(part) == size]
        rest = [part for part in cut if len(part) < size]
        return [*(whole[position] for position in draw.permutation(len(whole))), *rest]

    @cached_property
    def _lengths(self) -> Int64[np.ndarray, " example"]:
        return np.array([max(len(row.ids) for row in rows) for rows in self.encoded["train"]])


def _cut(order: Int64[np.ndarray, " example"], size: int) -> list[Int64[np.ndarray, " _"]]:
    return np.array_split(order, range(size, len(order), size))
