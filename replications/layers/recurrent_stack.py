"""Recurrent layers put together: read from the other end, from both ends, one upon the other."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from replications.layers.dropout import Dropout
from replications.layers.recurrent import LayerState, RecurrentLayer


class Reversed(nn.Module):
    """A layer that reads its sequence from the end to the beginning.

    What it says at a place has seen that place and all after it. Padding comes first for it and
    leaves it in its initial state. Its last state is the one after the first place.
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
    """Two layers that read a sequence from both ends; at each place, what both say, end to end.

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
    """Recurrent layers one upon the other.

    Dropout is applied to what goes up into a layer, never to what goes on in time (Zaremba et al.
    2014, equations 7 to 9); the input of the lowest layer and the output of the highest are left to
    those who use the stack.
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
        """What the highest layer says at each step, and the last state of each layer."""
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
