"""Distance completion: some distances of a chain are given with noise, all are predicted."""

import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import lightning
import numpy as np
import torch
from jaxtyping import Bool, Float32, Int64
from torch import Tensor
from torch.utils.data import DataLoader

from replications.corpora.batches.made_in_order import MadeInOrder
from replications.corpora.proteins.chains import Chain, Chains, ProteinChains
from replications.corpora.proteins.families import pair_distances
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.errors import ReplicationError


class CompletionBatch(NamedTuple):
    """Crops of chains. Distances of alpha carbons and coordinates are in angstrom.

    `shown` are the noisy distances, which are valid where `observed`.
    """

    residues: Int64[Tensor, "batch residue"]
    shown: Float32[Tensor, "batch residue residue"]
    observed: Bool[Tensor, "batch residue residue"]
    distances: Float32[Tensor, "batch residue residue"]
    backbone: Float32[Tensor, "batch residue 3 3"]


class DistanceCompletion(lightning.LightningDataModule):
    """Crops of `crop` residues; the share `observed` of their pairs is shown.

    The noise is normal with a standard deviation of `noise` angstrom. Distances do not determine
    handedness: mirror images have the same. Test chains are cropped and shown in the same way for
    all seeds. Raises ReplicationError for a share outside (0, 1].
    """

    vocabulary = None

    def __init__(
        self,
        seed: int,
        *,
        chains: Chains,
        crop: int = 40,
        observed: float = 0.2,
        noise: float = 0.8,
        chains_per_batch: int = 4,
        batches_per_epoch: int = 200,
    ) -> None:
        super().__init__()
        if not 0 < observed <= 1:
            raise ReplicationError(f"observed is a share of the pairs, not {observed}")
        self.seed, self.source, self.crop = seed, chains, crop
        self.observed, self.noise = observed, noise
        self.chains_per_batch, self.batches_per_epoch = chains_per_batch, batches_per_epoch
        self.chains: ProteinChains | None = None

    def setup(self, stage: str = "fit") -> None:
        if self.chains is None:
            self.chains = self.source(self.seed)
            for chain in (*self.chains.train, *self.chains.test):
                if len(chain.residues) < self.crop:
                    raise ReplicationError(
                        f"{chain.name} has {len(chain.residues)} residues, and a crop has "
                        f"{self.crop}: give a smaller `crop`, or take longer chains."
                    )

    @property
    def identities(self) -> tuple[CorpusIdentity, ...]:
        return self.chains.identities

    @property
    def tokens_per_epoch(self) -> int:
        """Residues."""
        return self.batches_per_epoch * self.chains_per_batch * self.crop

    def batches(self, epoch: int) -> Sequence[CompletionBatch]:
        """The batches of an epoch: a function of seed and epoch alone."""

        def begin() -> Iterator[CompletionBatch]:
            draw = np.random.default_rng((self.seed, epoch))
            train = self.chains.train
            for _ in range(self.batches_per_epoch):
                numbers = draw.integers(0, len(train), self.chains_per_batch)
                yield self._batch(draw, [train[n] for n in numbers])

        return MadeInOrder(begin, self.batches_per_epoch)

    def train_dataloader(self) -> DataLoader:
        epoch = self.trainer.current_epoch if self.trainer else 0
        return DataLoader(self.batches(epoch), batch_size=None, shuffle=False)

    def test_batches(self) -> Iterator[tuple[Chain, CompletionBatch]]:
        """Each test chain with a batch of its own, drawn with its name as the seed."""
        for chain in self.chains.test:
            draw = np.random.default_rng(zlib.crc32(chain.name.encode()))
            yield chain, self._batch(draw, [chain])

    def _batch(self, draw: np.random.Generator, chains: Sequence[Chain]) -> CompletionBatch:
        return CompletionBatch(
            *(
                torch.from_numpy(np.stack(part))
                for part in zip(*(self._crop(draw, chain) for chain in chains), strict=True)
            )
        )

    def _crop(self, draw: np.random.Generator, chain: Chain) -> tuple[np.ndarray, ...]:
        start = draw.integers(0, len(chain.residues) - self.crop + 1)
        part = slice(start, start + self.crop)
        backbone = chain.backbone[part] - chain.trace[part].mean(0)
        distances = pair_distances(backbone[:, 1])
        upper = np.triu_indices(self.crop, 1)
        noise, seen = np.zeros_like(distances), np.zeros(distances.shape, dtype=bool)
        noise[upper] = self.noise * draw.standard_normal(len(upper[0]))
        seen[upper] = draw.random(len(upper[0])) < self.observed
        shown = distances + noise + noise.T
        residues = chain.residues[part].astype(np.int64)
        return residues, shown.astype(np.float32), seen | seen.T, distances, backbone
