"""The Evoformer: an MSA and a pair representation that update each other."""

from collections.abc import Callable, Sequence

from jaxtyping import Float
from torch import Tensor, nn

from replications.layers.evoformer.alignment import OuterProductMean


class EvoformerBlock(nn.Module):
    """MSA updates in their order, the outer product mean, pair updates in their order.

    Source: Jumper et al. 2021, supplement, algorithm 6: row attention with pair bias, column
    attention, transition; outer product mean; triangle multiplications outgoing and incoming,
    triangle attentions around the starting and the ending node, transition. Each is a residual
    update. The parts are passed in: `msa_updates` are called with the two widths, `pair_updates`
    with that of the pairs. Without `outer` the MSA does not update the pairs.

    Departure: no dropout; no training here repeats an example often enough to need it.
    """

    def __init__(
        self,
        d_msa: int,
        d_pair: int,
        *,
        msa_updates: Sequence[Callable[[int, int], nn.Module]],
        pair_updates: Sequence[Callable[[int], nn.Module]],
        outer: Callable[[int, int], OuterProductMean] | None = OuterProductMean,
    ) -> None:
        super().__init__()
        self.msa_updates = nn.ModuleList(make(d_msa, d_pair) for make in msa_updates)
        self.outer = None if outer is None else outer(d_msa, d_pair)
        self.pair_updates = nn.ModuleList(make(d_pair) for make in pair_updates)

    def forward(
        self,
        msa: Float[Tensor, "batch sequence residue d_msa"],
        pair: Float[Tensor, "batch residue residue d_pair"],
    ) -> tuple[
        Float[Tensor, "batch sequence residue d_msa"], Float[Tensor, "batch residue residue d_pair"]
    ]:
        for update in self.msa_updates:
            msa = msa + update(msa, pair)
        if self.outer is not None:
            pair = pair + self.outer(msa)
        for update in self.pair_updates:
            pair = pair + update(pair)
        return msa, pair


class PairStack(nn.Module):
    """Blocks of pair updates alone, where there is no alignment."""

    def __init__(
        self, d_pair: int, *, blocks: int, pair_updates: Sequence[Callable[[int], nn.Module]]
    ) -> None:
        super().__init__()
        self.pair_updates = nn.ModuleList(
            make(d_pair) for _ in range(blocks) for make in pair_updates
        )

    def forward(
        self, pair: Float[Tensor, "batch residue residue d_pair"]
    ) -> Float[Tensor, "batch residue residue d_pair"]:
        for update in self.pair_updates:
            pair = pair + update(pair)
        return pair
