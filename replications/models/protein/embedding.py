"""The inputs of MSA and pair representation, and recycling."""

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn
from torch.nn import functional

from replications.models.protein.distogram import BINS, bins_of

LETTERS = 22
"""Twenty residues, unknown, gap."""

_FARTHEST = 32


class RelativePositions(nn.Module):
    """An embedding of j - i, clipped at 32 either way. Source: supplement, algorithms 4 and 5."""

    def __init__(self, d_pair: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(2 * _FARTHEST + 1, d_pair)
        nn.init.normal_(self.embedding.weight, std=0.1)

    def forward(
        self, index: Int64[Tensor, "batch residue"]
    ) -> Float[Tensor, "batch residue residue d_pair"]:
        apart = (index[:, None, :] - index[:, :, None]).clamp(-_FARTHEST, _FARTHEST)
        return self.embedding(apart + _FARTHEST)


class AlignmentEmbedding(nn.Module):
    """The first MSA and pair representations. Source: supplement, algorithm 3 and section 1.2.9.

    Features of a sequence's position: its letter, and its column's profile (what the paper calls
    the cluster profile, with the whole alignment as one cluster). Of the query: its letter.
    """

    def __init__(self, d_msa: int, d_pair: int) -> None:
        super().__init__()
        self.msa = nn.Linear(2 * LETTERS, d_msa)
        self.query = nn.Linear(LETTERS, d_msa)
        self.left, self.right = nn.Linear(LETTERS, d_pair), nn.Linear(LETTERS, d_pair)
        self.positions = RelativePositions(d_pair)

    def forward(
        self,
        alignment: Int64[Tensor, "batch sequence residue"],
        index: Int64[Tensor, "batch residue"],
    ) -> tuple[
        Float[Tensor, "batch sequence residue d_msa"], Float[Tensor, "batch residue residue d_pair"]
    ]:
        letters = functional.one_hot(alignment, LETTERS).to(self.msa.weight.dtype)
        profile = letters.mean(1, keepdim=True).expand_as(letters)
        query = letters[:, 0]
        msa = self.msa(torch.cat([letters, profile], -1)) + self.query(query)[:, None]
        pair = self.left(query)[:, :, None] + self.right(query)[:, None]
        return msa, pair + self.positions(index)


class Recycling(nn.Module):
    """What the previous cycle adds: the query's MSA representation, the pairs, and the distances.

    Source: supplement, algorithm 32. Departure: where there is no structure module the distances
    are the expected ones of the distogram, and their bins are the distogram's.
    """

    def __init__(self, d_msa: int, d_pair: int) -> None:
        super().__init__()
        self.query_norm, self.pair_norm = nn.LayerNorm(d_msa), nn.LayerNorm(d_pair)
        self.distances = nn.Embedding(BINS, d_pair)
        nn.init.normal_(self.distances.weight, std=0.1)

    def forward(
        self,
        query: Float[Tensor, "batch residue d_msa"],
        pair: Float[Tensor, "batch residue residue d_pair"],
        distances: Float[Tensor, "batch residue residue"],
    ) -> tuple[Float[Tensor, "batch residue d_msa"], Float[Tensor, "batch residue residue d_pair"]]:
        pairs = self.pair_norm(pair) + self.distances(bins_of(distances))
        return self.query_norm(query), pairs
