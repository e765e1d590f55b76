"""The structure module: backbone frames from single and pair representation."""

from typing import NamedTuple

from jaxtyping import Float
from torch import Tensor, nn

from replications.layers.evoformer.transition import Transition
from replications.layers.geometry.frames import Frames
from replications.layers.geometry.invariant_point_attention import (
    BackboneUpdate,
    InvariantPointAttention,
)

ANGSTROM_PER_NANOMETRE = 10.0
"""The structure module computes in nanometres, and gives angstrom."""

CONFIDENCE_BINS = 50


class Structure(NamedTuple):
    """The frames after each layer, the last one's being the prediction, in angstrom."""

    layers: list[Frames]
    confidence: Float[Tensor, "batch residue bin"]

    @property
    def frames(self) -> Frames:
        return self.layers[-1]


class ConfidenceHead(nn.Module):
    """Logits of the predicted lDDT of each residue. Source: supplement, algorithm 29.

    Departure: one hidden layer, as wide as the states; the algorithm has two, of 128 units.
    """

    def __init__(self, d_single: int) -> None:
        super().__init__()
        self.logits = nn.Sequential(
            nn.LayerNorm(d_single),
            nn.Linear(d_single, d_single),
            nn.ReLU(),
            nn.Linear(d_single, CONFIDENCE_BINS),
        )

    def forward(
        self, single: Float[Tensor, "batch residue d"]
    ) -> Float[Tensor, "batch residue bin"]:
        return self.logits(single)


def expected_confidence(
    logits: Float[Tensor, "batch residue bin"],
) -> Float[Tensor, "batch residue"]:
    """pLDDT, from 0 to 1: the mean of the distribution."""
    bins = logits.shape[-1]
    centres = (logits.new_tensor(range(bins)) + 0.5) / bins
    return logits.softmax(-1) @ centres


class StructureModule(nn.Module):
    """Layers that share their weights: invariant point attention, transition, backbone update.

    Source: Jumper et al. 2021, supplement, algorithm 20, without side chains. All frames start at
    the origin. Gradients stop at the rotations between layers, but for the last one's, unless
    `rotation_gradients`: short trainings of small networks learn from them first.

    Departure: the transition is that of the Evoformer, a norm and two linear layers with twice the
    width between them, and there is no dropout. The algorithm has three linear layers of one width,
    no norm before them, and dropout of 0.1 before each of the two norms.
    """

    def __init__(
        self,
        d_single: int,
        d_pair: int,
        *,
        layers: int = 8,
        heads: int = 12,
        d_head: int = 16,
        rotation_gradients: bool = False,
    ) -> None:
        super().__init__()
        self.layers, self.rotation_gradients = layers, rotation_gradients
        self.single_norm, self.pair_norm = nn.LayerNorm(d_single), nn.LayerNorm(d_pair)
        self.first = nn.Linear(d_single, d_single)
        self.attention = InvariantPointAttention(d_single, d_pair, heads=heads, d_head=d_head)
        self.attention_norm = nn.LayerNorm(d_single)
        self.transition = Transition(d_single, factor=2)
        self.transition_norm = nn.LayerNorm(d_single)
        self.update = BackboneUpdate(d_single)
        self.confidence = ConfidenceHead(d_single)

    def forward(
        self,
        single: Float[Tensor, "batch residue d_single"],
        pair: Float[Tensor, "batch residue residue d_pair"],
    ) -> Structure:
        pair = self.pair_norm(pair)
        single = self.first(self.single_norm(single))
        frames = Frames.identity(*single.shape[:2], like=single)
        found = []
        for layer in range(self.layers):
            single = self.attention_norm(single + self.attention(single, pair, frames))
            single = self.transition_norm(single + self.transition(single))
            frames = frames.compose(self.update(single))
            found.append(frames.scaled(ANGSTROM_PER_NANOMETRE))
            if not self.rotation_gradients and layer < self.layers - 1:
                frames = frames.without_rotation_gradient()
        return Structure(found, self.confidence(single))
