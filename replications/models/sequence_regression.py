"""A number read from a sequence: a recurrent layer, and a linear unit on its last state."""

from jaxtyping import Bool, Float
from torch import Tensor, nn

from replications.layers.recurrent import RecurrentLayer


class SequenceRegression(nn.Module):
    """Reads a sequence with a recurrent layer and gives one number at its end.

    Source: the set-up of Hochreiter and Schmidhuber 1997, section 5.4 (the adding problem).
    Departure: the unit that gives the number is linear.
    """

    def __init__(self, layer: RecurrentLayer) -> None:
        super().__init__()
        self.layer = layer
        self.output = nn.Linear(layer.hidden, 1)

    def forward(
        self,
        inputs: Float[Tensor, "batch time d"],
        inside: Bool[Tensor, "batch time"] | None = None,
    ) -> Float[Tensor, " batch"]:
        _, state = self.layer(inputs, inside)
        return self.output(state[0])[:, 0]
