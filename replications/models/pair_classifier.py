"""Two texts encoded separately by the same network, and one linear layer that compares them."""

from collections.abc import Callable

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor, nn

from replications.layers.dropout import Dropout
from replications.models.mean_state import MeanState
from replications.models.text_classifier import Classified

Vector = Float[Tensor, "example d"]
Features = Callable[[Vector, Vector], tuple[Vector, ...]]
"""The features of two vectors: vectors of their width, to be concatenated."""


def symmetric_features(u: Vector, v: Vector) -> tuple[Vector, ...]:
    """u + v, |u - v| and u * v: symmetric, so for tasks whose texts have no order."""
    return u + v, (u - v).abs(), u * v


def ordered_features(u: Vector, v: Vector) -> tuple[Vector, ...]:
    """u, v, |u - v| and u * v. Source: Conneau et al. 2017 (arXiv:1705.02364), section 3.1.

    For tasks in which the two texts have different roles, such as entailment.
    """
    return u, v, (u - v).abs(), u * v


class PairClassifier(nn.Module):
    """Encodes both texts of an example with one network, and computes `outputs` of their features.

    Source: Conneau et al. 2017, section 3.1 and figure 1; with a pre-trained Transformer below,
    Reimers and Gurevych 2019, section 3. `read` is called with the body; the data is to have a
    sequence for each of two texts (each_text_alone). Raises ValueError for another number.
    """

    def __init__(
        self,
        body: nn.Module,
        outputs: int,
        *,
        features: Features = symmetric_features,
        read: Callable[[nn.Module], nn.Module] = MeanState,
        dropout: float = 0.1,
        std: float = 0.02,
    ) -> None:
        super().__init__()
        self.read, self.features, self.dropout = read(body), features, Dropout(dropout)
        nothing = torch.zeros(1, self.read.width)
        self.output = nn.Linear(len(features(nothing, nothing)) * self.read.width, outputs)
        nn.init.normal_(self.output.weight, std=std)
        nn.init.zeros_(self.output.bias)

    @property
    def body(self) -> nn.Module:
        return self.read.body

    def forward(
        self,
        ids: Int[Tensor, "sequence time"],
        segments: Int[Tensor, "sequence time"],
        places: Int[Tensor, " sequence"],
        examples: int,
    ) -> Classified:
        if len(ids) != 2 * examples:
            raise ValueError(
                f"{examples} examples have {len(ids)} sequences, and two of each are compared: "
                "arrange a task of pairs by each_text_alone"
            )
        read = self.read(ids, segments, places)
        u, v = rearrange(read.pooled, "(example text) d -> text example d", text=2)
        compared = torch.cat(self.features(u, v), -1)
        return Classified(self.output(self.dropout(compared)), read.states)
