"""Sequences of bases with their labels."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import lightning
import numpy as np
import torch
from jaxtyping import Float32, Int64
from torch import Tensor
from torch.utils.data import DataLoader

from replications.corpora.batches.made_in_order import MadeInOrder
from replications.corpora.proteins.promoters import LabelledSequences, Promoters, PromoterSource
from replications.corpora.store.fingerprint import CorpusIdentity


class SequenceBatch(NamedTuple):
    """Ids of bases, and 1 for a promoter."""

    sequences: Int64[Tensor, "example position"]
    labels: Float32[Tensor, " example"]


class LabelledSequenceBatches(lightning.LightningDataModule):
    """All examples once an epoch, shuffled anew."""

    vocabulary = None

    def __init__(
        self, seed: int, *, sequences: PromoterSource, examples_per_batch: int = 32
    ) -> None:
        super().__init__()
        self.seed, self.source, self.examples_per_batch = seed, sequences, examples_per_batch
        self.parts: Promoters | None = None

    def setup(self, stage: str = "fit") -> None:
        if self.parts is None:
            self.parts = self.source(self.seed)

    @property
    def identities(self) -> tuple[CorpusIdentity, ...]:
        return self.parts.identities

    @property
    def tokens_per_epoch(self) -> int:
        """Bases."""
        return int(self.parts.train.sequences.size)

    def batches(self, epoch: int) -> Sequence[SequenceBatch]:
        """The batches of an epoch: a function of seed and epoch alone."""
        examples = len(self.parts.train.labels)

        def begin() -> Iterator[SequenceBatch]:
            order = np.random.default_rng((self.seed, epoch)).permutation(examples)
            return iter(self.batches_of(self.parts.train, order))

        return MadeInOrder(begin, -(-examples // self.examples_per_batch))

    def batches_of(
        self, part: LabelledSequences, order: Int64[np.ndarray, " example"] | None = None
    ) -> Iterator[SequenceBatch]:
        """The examples of a part in this order, or in their own."""
        order = np.arange(len(part.labels)) if order is None else order
        for start in range(0, len(order), self.examples_per_batch):
            chosen = order[start : start + self.examples_per_batch]
            yield SequenceBatch(
                torch.from_numpy(part.sequences[chosen].astype(np.int64)),
                torch.from_numpy(part.labels[chosen].astype(np.float32)),
            )

    def train_dataloader(self) -> DataLoader:
        epoch = self.trainer.current_epoch if self.trainer else 0
        return DataLoader(self.batches(epoch), batch_size=None, shuffle=False)
