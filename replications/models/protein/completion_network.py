"""From a chain and some noisy distances to all distances, and to a structure."""

from collections.abc import Callable, Sequence

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn

from replications.models.protein.distogram import BINS, DistogramHead, bins_of
from replications.models.protein.embedding import LETTERS, RelativePositions
from replications.models.protein.evoformer import PairStack
from replications.models.protein.structure_module import Structure, StructureModule


class PairTrunk(nn.Module):
    """Pairs of residues that know their letters, how far apart they stand, and some distances.

    A pair that is not observed has a bin of its own.
    """

    def __init__(
        self, d_pair: int, *, blocks: int, pair_updates: Sequence[Callable[[int], nn.Module]]
    ) -> None:
        super().__init__()
        self.left, self.right = nn.Embedding(LETTERS, d_pair), nn.Embedding(LETTERS, d_pair)
        self.positions = RelativePositions(d_pair)
        self.observed = nn.Embedding(BINS + 1, d_pair)
        for table in (self.left, self.right, self.observed):
            nn.init.normal_(table.weight, std=0.3)
        self.stack = PairStack(d_pair, blocks=blocks, pair_updates=pair_updates)

    def forward(
        self,
        residues: Int64[Tensor, "batch residue"],
        distances: Float[Tensor, "batch residue residue"],
        observed: Bool[Tensor, "batch residue residue"],
    ) -> Float[Tensor, "batch residue residue d_pair"]:
        bins = torch.where(observed, bins_of(distances), BINS)
        index = torch.arange(residues.shape[1], device=residues.device).expand_as(residues)
        pair = self.left(residues)[:, :, None] + self.right(residues)[:, None]
        return self.stack(pair + self.positions(index) + self.observed(bins))


class CompletionNetwork(nn.Module):
    """The distogram of all pairs."""

    def __init__(
        self, d_pair: int, *, blocks: int, pair_updates: Sequence[Callable[[int], nn.Module]]
    ) -> None:
        super().__init__()
        self.trunk = PairTrunk(d_pair, blocks=blocks, pair_updates=pair_updates)
        self.head = DistogramHead(d_pair)

    def forward(
        self,
        residues: Int64[Tensor, "batch residue"],
        distances: Float[Tensor, "batch residue residue"],
        observed: Bool[Tensor, "batch residue residue"],
    ) -> Float[Tensor, "batch residue residue bin"]:
        return self.head(self.trunk(residues, distances, observed))


class StructureNetwork(nn.Module):
    """The same trunk, and the structure module on it.

    A residue's first single representation is its letter's, and the mean of what its pairs say.
    """

    def __init__(
        self,
        d_single: int,
        d_pair: int,
        *,
        blocks: int,
        pair_updates: Sequence[Callable[[int], nn.Module]],
        layers: int = 4,
        heads: int = 4,
        d_head: int = 16,
    ) -> None:
        super().__init__()
        self.trunk = PairTrunk(d_pair, blocks=blocks, pair_updates=pair_updates)
        self.letters = nn.Embedding(LETTERS, d_single)
        self.from_pairs = nn.Linear(d_pair, d_single)
        self.structure = StructureModule(
            d_single, d_pair, layers=layers, heads=heads, d_head=d_head
        )

    def forward(
        self,
        residues: Int64[Tensor, "batch residue"],
        distances: Float[Tensor, "batch residue residue"],
        observed: Bool[Tensor, "batch residue residue"],
    ) -> Structure:
        pair = self.trunk(residues, distances, observed)
        return self.structure(self.letters(residues) + self.from_pairs(pair).mean(2), pair)
