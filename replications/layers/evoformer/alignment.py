"""Row and column attention of an alignment, and its update of the pairs."""

from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn

from replications.layers.evoformer.gated_attention import GatedSelfAttention


class RowAttention(nn.Module):
    """Each sequence attends over its residues; the pairs bias all sequences alike.

    Source: Jumper et al. 2021, supplement, algorithm 7 (MSARowAttentionWithPairBias). Without
    `pair_bias` it is plain row attention, the ablation.
    """

    def __init__(
        self, d_msa: int, d_pair: int, *, heads: int, d_head: int, pair_bias: bool = True
    ) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(d_msa)
        self.attention = GatedSelfAttention(d_msa, heads, d_head)
        self.pair_norm = nn.LayerNorm(d_pair) if pair_bias else None
        self.bias = nn.Linear(d_pair, heads, bias=False) if pair_bias else None

    def forward(
        self,
        msa: Float[Tensor, "batch sequence residue d_msa"],
        pair: Float[Tensor, "batch residue residue d_pair"],
    ) -> Float[Tensor, "batch sequence residue d_msa"]:
        bias = None
        if self.bias is not None:
            bias = rearrange(self.bias(self.pair_norm(pair)), "b i j h -> b 1 h i j")
        return self.attention(self.norm(msa), bias)


class ColumnAttention(nn.Module):
    """Each residue attends over the sequences. Source: supplement, algorithm 8."""

    def __init__(self, d_msa: int, d_pair: int, *, heads: int, d_head: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(d_msa)
        self.attention = GatedSelfAttention(d_msa, heads, d_head)

    def forward(
        self,
        msa: Float[Tensor, "batch sequence residue d_msa"],
        pair: Float[Tensor, "batch residue residue d_pair"],
    ) -> Float[Tensor, "batch sequence residue d_msa"]:
        columns = rearrange(self.norm(msa), "b s i d -> b i s d")
        return rearrange(self.attention(columns, None), "b i s d -> b s i d")


class OuterProductMean(nn.Module):
    """The mean over the sequences of a_si ⊗ b_sj, projected, for columns i and j.

    Source: supplement, algorithm 10. It divides by the number of sequences, so that the depth of
    an alignment changes the variance of the mean and not its scale.
    """

    def __init__(self, d_msa: int, d_pair: int, *, d_hidden: int = 32) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(d_msa)
        self.left_right = nn.Linear(d_msa, 2 * d_hidden)
        self.output = nn.Linear(d_hidden * d_hidden, d_pair)
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)

    def forward(
        self, msa: Float[Tensor, "batch sequence residue d_msa"]
    ) -> Float[Tensor, "batch residue residue d_pair"]:
        left, right = self.left_right(self.norm(msa)).chunk(2, -1)
        length, depth = msa.shape[2], msa.shape[1]
        # One matrix product: rows are (i, c), columns (j, e), and it sums over the sequences.
        left = rearrange(left / depth, "b s i c -> b (i c) s")
        product = left @ rearrange(right, "b s j e -> b s (j e)")
        product = rearrange(product, "b (i c) (j e) -> b i j (c e)", i=length, j=length)
        return self.output(product)
