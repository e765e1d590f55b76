"""Regression from a sequence: a recurrent layer, and linear units on its last state."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from replications.layers.recurrent import RecurrentLayer


class SequenceRegression(nn.Module):
    """Reads a sequence with a recurrent layer and predicts `outputs` values at its end.

    Source: the set-up of Hochreiter and Schmidhuber 1997, sections 5.4 and 5.6.
    Departure: the output units are linear.
    """

    def __init__(self, layer: RecurrentLayer, outputs: int = 1) -> None:
        super().__init__()
        self.layer = layer
        self.output = nn.Linear(layer.hidden, outputs)

    def forward(
        self, inputs: Float[Tensor, "batch time d"], lengths: Int[Tensor, " batch"]
    ) -> Float[Tensor, "batch output"]:
        padding_mask = torch.arange(inputs.shape[1], device=inputs.device) < lengths[:, None]
        _, state = self.layer(inputs, padding_mask)
        return self.output(state[0])
