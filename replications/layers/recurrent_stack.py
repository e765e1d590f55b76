"""Recurrent layers combined: reversed, bidirectional and stacked."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from replications.layers.dropout import Dropout
from replications.layers.recurrent import LayerState, RecurrentLayer


class Reversed(nn.Module):
    """A layer that reads its sequence from the end to the beginning.

    Its output at a position depends on that position and all after it. Padding is read first and
    leaves the initial state as it is. The last state is the one after the first position.
    """

    def __init__(self, layer: RecurrentLayer) -> None:
        super().__init__()
        self.layer = layer

    def forward(
        self,
        inputs: Float[Tensor, "batch time d"],
        padding_mask: Bool[Tensor, "batch time"] | None = None,
        state: LayerState | None = None,
    ) -> tuple[Float[Tensor, "batch time h"], LayerState]:
        padding_mask = None if padding_mask is None else padding_mask.flip(1)
        outputs, state = self.layer(inputs.flip(1), padding_mask, state)
        return outputs.flip(1), state


class Bidirectional(nn.Module):
    """A forward and a backward layer, whose outputs are concatenated at each position.

    Source: Schuster and Paliwal 1997; Bahdanau et al. 2014, section 3.2. The last state is that of
    the forward layer, then that of the backward layer.
    """

    def __init__(self, forward_layer: RecurrentLayer, backward_layer: RecurrentLayer) -> None:
        super().__init__()
        self.forwards, self.backwards = forward_layer, Reversed(backward_layer)

    def forward(
        self,
        inputs: Float[Tensor, "batch time d"],
        padding_mask: Bool[Tensor, "batch time"] | None = None,
    ) -> tuple[Float[Tensor, "batch time both"], tuple[LayerState, LayerState]]:
        forwards, forward_state = self.forwards(inputs, padding_mask)
        backwards, backward_state = self.backwards(inputs, padding_mask)
        return torch.cat((forwards, backwards), 2), (forward_state, backward_state)


class RecurrentStack(nn.Module):
    """Stacked recurrent layers.

    Dropout is applied between layers, never to the recurrent connections (Zaremba et al. 2014,
    equations 7 to 9); the input of the lowest layer and the output of the highest are left to the
    caller.
    """

    def __init__(self, layers: list[RecurrentLayer], dropout: float = 0.0) -> None:
        super().__init__()
        self.layers, self.dropout = nn.ModuleList(layers), Dropout(dropout)

    def forward(
        self,
        inputs: Float[Tensor, "batch time d"],
        padding_mask: Bool[Tensor, "batch time"] | None = None,
        states: tuple[LayerState, ...] | None = None,
    ) -> tuple[Float[Tensor, "batch time h"], tuple[LayerState, ...]]:
        """The outputs of the highest layer, and the last state of each layer."""
        last = []
        for depth, layer in enumerate(self.layers):
            inputs = self.dropout(inputs) if depth else inputs
            inputs, state = layer(inputs, padding_mask, None if states is None else states[depth])
            last.append(state)
        return inputs, tuple(last)

    def step(
        self, input: Float[Tensor, "batch d"], states: tuple[LayerState, ...]
    ) -> tuple[Float[Tensor, "batch h"], tuple[LayerState, ...]]:
        after = []
        for depth, (layer, state) in enumerate(zip(self.layers, states, strict=True)):
            after.append(layer.step(self.dropout(input) if depth else input, state))
            input = after[-1][0]
        return input, tuple(after)
