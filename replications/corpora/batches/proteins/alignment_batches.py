"""Crops of families: an alignment's columns, and what is known of the distances."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import lightning
import numpy as np
import torch
from jaxtyping import Float32, Int64, UInt8
from torch import Tensor
from torch.utils.data import DataLoader

from replications.corpora.batches.made_in_order import MadeInOrder
from replications.corpora.proteins.families import Families, Family, ProteinFamilies
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.errors import ReplicationError


class AlignmentBatch(NamedTuple):
    """Alignments of one depth and length.

    `index` is where each residue stands in its chain. A pair's distance lies in [`low`, `high`), in
    angstrom: at one value where it is known, below 8 or above it where only the contact is known,
    and anywhere (0 to infinity) where nothing is.
    """

    alignment: Int64[Tensor, "batch sequence residue"]
    index: Int64[Tensor, "batch residue"]
    low: Float32[Tensor, "batch residue residue"]
    high: Float32[Tensor, "batch residue residue"]


class AlignmentBatches(lightning.LightningDataModule):
    """Crops drawn anew for each epoch; batches of the sources alternate.

    `families` are sources by name. A crop has `crop` residues: one stretch, or as often two of half
    the length, for pairs far apart in the chain. Of the sequences the query is kept and
    others are drawn; batch n has `depths[n % len]` of them, or as many as its family with the
    fewest. There is no padding.

    `test_alignment` draws the same sequences of a test family for all seeds and methods.
    """

    vocabulary = None

    def __init__(
        self,
        seed: int,
        *,
        families: Mapping[str, Families],
        crop: int = 40,
        depths: Sequence[int] = (8, 16, 32, 64),
        families_per_batch: int = 4,
        batches_per_epoch: int = 200,
    ) -> None:
        super().__init__()
        self.seed, self.sources = seed, families
        self.crop, self.depths = crop, tuple(depths)
        self.families_per_batch, self.batches_per_epoch = families_per_batch, batches_per_epoch
        self.families: dict[str, ProteinFamilies] = {}

    def setup(self, stage: str = "fit") -> None:
        if self.families:
            return
        for name, source in self.sources.items():
            families = source(self.seed)
            for family in families.train:
                if family.length < self.crop:
                    raise ReplicationError(
                        f"{family.name} has {family.length} residues, and a crop has {self.crop}: "
                        "give a smaller `crop`."
                    )
            self.families[name] = families

    @property
    def identities(self) -> tuple[CorpusIdentity, ...]:
        return tuple(i for families in self.families.values() for i in families.identities)

    @property
    def tokens_per_epoch(self) -> int:
        """Residues of the alignments, at the depths given by `depths`."""
        depths = [self.depths[n % len(self.depths)] for n in range(self.batches_per_epoch)]
        return sum(depths) * self.families_per_batch * self.crop

    def test_families(self, source: str) -> Sequence[Family]:
        """The test families of a source. Raises ReplicationError for an unknown source."""
        if source not in self.families:
            raise ReplicationError(
                f"There is no source {source!r} of families; there are: {', '.join(self.families)}."
            )
        return self.families[source].test

    @staticmethod
    def test_alignment(family: Family, depth: int) -> UInt8[np.ndarray, "sequence residue"]:
        """The query and `depth` - 1 others, drawn with the family's name as the seed."""
        draw = np.random.default_rng(zlib.crc32(family.name.encode()))
        return _with_query(draw, family, depth)

    def batches(self, epoch: int) -> Sequence[AlignmentBatch]:
        """The batches of an epoch: a function of seed and epoch alone."""

        def begin() -> Iterator[AlignmentBatch]:
            draw = np.random.default_rng((self.seed, epoch))
            sources = [families.train for families in self.families.values()]
            for number in range(self.batches_per_epoch):
                train = sources[number % len(sources)]
                # So that each source occurs at each depth.
                depth = self.depths[number // len(sources) % len(self.depths)]
                yield self._batch(draw, train, depth)

        return MadeInOrder(begin, self.batches_per_epoch)

    def train_dataloader(self) -> DataLoader:
        epoch = self.trainer.current_epoch if self.trainer else 0
        return DataLoader(self.batches(epoch), batch_size=None, shuffle=False)

    def _batch(
        self, draw: np.random.Generator, train: Sequence[Family], depth: int
    ) -> AlignmentBatch:
        chosen = [train[n] for n in draw.integers(0, len(train), self.families_per_batch)]
        depth = min(depth, *(len(family.alignment) for family in chosen))
        crops = []
        for family in chosen:
            index = self._columns(draw, family.length)
            low, high = distance_range(family)
            crops.append(
                (
                    _with_query(draw, family, depth)[:, index].astype(np.int64),
                    index,
                    low[np.ix_(index, index)],
                    high[np.ix_(index, index)],
                )
            )
        return AlignmentBatch(
            *(torch.from_numpy(np.stack(part)) for part in zip(*crops, strict=True))
        )

    def _columns(self, draw: np.random.Generator, length: int) -> Int64[np.ndarray, " residue"]:
        half = self.crop // 2
        if length < 2 * self.crop or draw.random() < 0.5:
            return draw.integers(0, length - self.crop + 1) + np.arange(self.crop)
        first = draw.integers(0, length - 2 * half + 1)
        second = draw.integers(first + half, length - half + 1)
        # An odd crop has its last residue with the second stretch.
        rest = min(self.crop - half, length - second)
        second = second if rest == self.crop - half else length - (self.crop - half)
        return np.concatenate(
            [first + np.arange(half), second + np.arange(self.crop - half)]
        ).astype(np.int64)


def distance_range(
    family: Family,
) -> tuple[Float32[np.ndarray, "residue residue"], Float32[np.ndarray, "residue residue"]]:
    """Bounds of each pair's distance, in angstrom, from what is known of the family."""
    if family.distances is not None:
        low = np.where(family.known, family.distances, 0).astype(np.float32)
        return low, np.where(family.known, family.distances, np.inf).astype(np.float32)
    nearest = np.where(family.contacts, 0, 8).astype(np.float32)
    # Below the edge of the bins, so that a contact's range ends with the bin below 8 Å.
    farthest = np.where(family.contacts, 7.99, np.inf).astype(np.float32)
    np.fill_diagonal(nearest, 0)
    return nearest, farthest


def _with_query(
    draw: np.random.Generator, family: Family, depth: int
) -> UInt8[np.ndarray, "sequence residue"]:
    others = draw.permutation(len(family.alignment) - 1)[: depth - 1] + 1
    return family.alignment[np.concatenate([[0], np.sort(others)]).astype(int)]
