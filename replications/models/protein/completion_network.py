"""Prediction of all distances, or of a structure, from a chain and some noisy distances."""

from collections.abc import Callable, Sequence

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn

from replications.models.protein.distogram import BINS, DistogramHead, bins_of
from replications.models.protein.embedding import LETTERS, RelativePositions
from replications.models.protein.evoformer import PairStack
from replications.models.protein.structure_module import Structure, StructureModule


class PairTrunk(nn.Module):
    """Pair representation of the letters, the relative positions, and some distances.

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
    """Predicts the distogram of all pairs."""

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

    A residue's first single representation is the sum of its letter's embedding, its index's, and
    the mean of its projected pairs. Departure: the paper has no index, and a first row of the MSA.
    """

    def __init__(
        self,
        d_single: int,
        d_pair: int,
        *,
        blocks: int,
        pair_updates: Sequence[Callable[[int], nn.Module]],
        max_length: int = 100,
        rotation_gradients: bool = False,
        layers: int = 4,
        heads: int = 4,
        d_head: int = 16,
    ) -> None:
        super().__init__()
        self.trunk = PairTrunk(d_pair, blocks=blocks, pair_updates=pair_updates)
        self.letters = nn.Embedding(LETTERS, d_single)
        self.from_pairs = nn.Linear(d_pair, d_single)
        self.index_embedding = nn.Embedding(max_length, d_single)
        nn.init.normal_(self.index_embedding.weight, std=0.5)
        self.structure = StructureModule(
            d_single,
            d_pair,
            layers=layers,
            heads=heads,
            d_head=d_head,
            rotation_gradients=rotation_gradients,
        )

    def forward(
        self,
        residues: Int64[Tensor, "batch residue"],
        distances: Float[Tensor, "batch residue residue"],
        observed: Bool[Tensor, "batch residue residue"],
    ) -> Structure:
        pair = self.trunk(residues, distances, observed)
        index = torch.arange(residues.shape[1], device=residues.device)
        single = (
            self.letters(residues) + self.index_embedding(index) + self.from_pairs(pair).mean(2)
        )
        return self.structure(single, pair)
