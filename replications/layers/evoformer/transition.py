"""The position-wise network of MSA and pair representation."""

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional


class Transition(nn.Module):
    """Linear(relu(Linear(norm(x)))) with a hidden layer `factor` times as wide.

    Source: Jumper et al. 2021, supplement, algorithms 9 (MSA) and 15 (pairs).
    """

    def __init__(self, d_model: int, *, factor: int = 4) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(d_model)
        self.wide = nn.Linear(d_model, factor * d_model)
        self.output = nn.Linear(factor * d_model, d_model)
        nn.init.kaiming_normal_(self.wide.weight, nonlinearity="relu")
        for zero in (self.wide.bias, self.output.weight, self.output.bias):
            nn.init.zeros_(zero)

    def forward(self, inputs: Float[Tensor, "*batch d"]) -> Float[Tensor, "*batch d"]:
        return self.output(functional.relu(self.wide(self.norm(inputs))))


class AlignmentTransition(Transition):
    """Transition of the MSA, with the signature of its attention layers. Source: algorithm 9."""

    def __init__(self, d_msa: int, d_pair: int, *, factor: int = 4) -> None:
        super().__init__(d_msa, factor=factor)

    def forward(
        self,
        msa: Float[Tensor, "batch sequence residue d_msa"],
        pair: Float[Tensor, "batch residue residue d_pair"],
    ) -> Float[Tensor, "batch sequence residue d_msa"]:
        return super().forward(msa)
