"""Prediction of the distances of a query's residues from its alignment."""

from collections.abc import Callable

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from replications.models.protein.distogram import DistogramHead, expected_distance
from replications.models.protein.embedding import AlignmentEmbedding, Recycling
from replications.models.protein.evoformer import EvoformerBlock
from replications.models.protein.memory import require_memory


class ContactNetwork(nn.Module):
    """Embedding, a stack of Evoformer blocks and a distogram, with recycling.

    Source: Jumper et al. 2021, supplement, algorithm 2, without templates, extra sequences and
    structure. `block` makes a block of the two widths, `last` one more of another kind.

    In training only the last cycle has gradients, as in section 1.10 of the supplement. Departure:
    the first cycle has no recycling embedding, where the algorithm embeds zeros.
    """

    def __init__(
        self,
        d_msa: int,
        d_pair: int,
        *,
        blocks: int,
        block: Callable[[int, int], EvoformerBlock],
        last: Callable[[int, int], EvoformerBlock] | None = None,
    ) -> None:
        super().__init__()
        self.d_msa, self.d_pair = d_msa, d_pair
        self.embedding = AlignmentEmbedding(d_msa, d_pair)
        self.recycling = Recycling(d_msa, d_pair)
        makers = [block] * blocks + ([] if last is None else [last])
        self.blocks = nn.ModuleList(make(d_msa, d_pair) for make in makers)
        self.head = DistogramHead(d_pair)

    def forward(
        self,
        alignment: Int64[Tensor, "batch sequence residue"],
        index: Int64[Tensor, "batch residue"],
        cycles: int,
    ) -> Float[Tensor, "batch residue residue bin"]:
        """The distogram's logits after so many cycles.

        Raises ReplicationError where the chain takes more memory than there is.
        """
        _, depth, length = alignment.shape
        require_memory(length, depth, d_msa=self.d_msa, d_pair=self.d_pair)
        before = None
        for _ in range(cycles - 1):
            with torch.no_grad():
                msa, pair, logits = self._cycle(alignment, index, before)
            before = (msa[:, 0], pair, expected_distance(logits))
        return self._cycle(alignment, index, before)[-1]

    def _cycle(
        self,
        alignment: Int64[Tensor, "batch sequence residue"],
        index: Int64[Tensor, "batch residue"],
        before: tuple[Tensor, Tensor, Tensor] | None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        msa, pair = self.embedding(alignment, index)
        if before is not None:
            query, pairs = self.recycling(*before)
            msa = torch.cat([msa[:, :1] + query[:, None], msa[:, 1:]], 1)
            pair = pair + pairs
        for block in self.blocks:
            msa, pair = block(msa, pair)
        return msa, pair, self.head(pair)
