"""Recurrent layers by their equations, all behind one interface.

A layer's state is a tuple of tensors; the first is what the layer says at that step. Sequences are
padded on the right, and `padding_mask` is False there: the state then stays as it is, so that
padding changes neither the last state nor what is said before it.
"""

import math
from collections.abc import Iterator

import torch
from einops import rearrange
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional

from replications.layers.dropout import Dropout

LayerState = tuple[Float[Tensor, "batch h"], ...]


class RecurrentLayer(nn.Module):
    """What recurrent layers share: the inputs of all steps are projected at once, then steps go on.

    A kind of layer is an `cell_step` and the number of its parts, that is of its gates and its
    candidate; it keeps `state_size` tensors from step to step. Weights and biases start uniform
    within ±1 / sqrt(hidden), as those of torch.nn do.
    """

    def __init__(self, input_size: int, hidden: int, *, parts: int, state_size: int = 1) -> None:
        super().__init__()
        self.hidden, self.state_size = hidden, state_size
        self.input = nn.Linear(input_size, parts * hidden)
        self.recurrent = nn.Parameter(torch.empty(parts * hidden, hidden))
        self._start_uniform(1 / math.sqrt(hidden))

    def zero_state(self, batch: int) -> LayerState:
        """The state before the first step."""
        return tuple(self.recurrent.new_zeros(batch, self.hidden) for _ in range(self.state_size))

    def recurrent_matrices(self) -> Iterator[Float[Tensor, "h h"]]:
        """The square matrices on the previous state, one a part, to be given their first values."""
        return iter(self.recurrent.detach().split(self.hidden))

    def project(
        self, inputs: Float[Tensor, "batch time d"]
    ) -> Float[Tensor, "batch time projected"]:
        """What the inputs add to each part of each step, biases included."""
        # Steps are laid out one after the other in memory, for `unroll`.
        steps = self.input(rearrange(inputs, "batch time d -> time batch d"))
        return rearrange(steps, "time batch projected -> batch time projected")

    def cell_step(
        self, projected: Float[Tensor, "batch projected"], state: LayerState
    ) -> LayerState:
        """One step, from a projected input."""
        raise NotImplementedError(f"{type(self).__name__} has no equations")

    def step(self, input: Float[Tensor, "batch d"], state: LayerState) -> LayerState:
        """One step, from an input."""
        return self.cell_step(self.input(input), state)

    def unroll(
        self,
        projected: Float[Tensor, "batch time projected"],
        padding_mask: Bool[Tensor, "batch time"] | None,
        state: LayerState,
    ) -> tuple[Float[Tensor, "batch time h"], LayerState]:
        """All steps, from projected inputs."""
        padded = (
            [False] * projected.shape[1]
            if padding_mask is None
            else (~padding_mask.all(0)).tolist()
        )
        outputs = []
        for time, step in enumerate(projected.unbind(1)):
            after = self.cell_step(step, state)
            if padded[time]:
                going_on = padding_mask[:, time, None]
                pairs = zip(after, state, strict=True)
                after = tuple(torch.where(going_on, new, old) for new, old in pairs)
            state = after
            outputs.append(state[0])
        return rearrange(torch.stack(outputs), "time batch h -> batch time h"), state

    def forward(
        self,
        inputs: Float[Tensor, "batch time d"],
        padding_mask: Bool[Tensor, "batch time"] | None = None,
        state: LayerState | None = None,
    ) -> tuple[Float[Tensor, "batch time h"], LayerState]:
        """What the layer says at each step, and its last state. It starts from zeros by default."""
        state = self.zero_state(len(inputs)) if state is None else state
        return self.unroll(self.project(inputs), padding_mask, state)

    def _start_uniform(self, bound: float) -> None:
        for weight in self.parameters():
            nn.init.uniform_(weight, -bound, bound)


class VanillaRNNLayer(RecurrentLayer):
    """h_t = tanh(W x_t + U h_{t-1} + b).

    Source: Elman 1990, with tanh; torch.nn.RNN with one bias. The state is (h,).
    """

    def __init__(self, input_size: int, hidden: int) -> None:
        super().__init__(input_size, hidden, parts=1)

    def cell_step(
        self, projected: Float[Tensor, "batch projected"], state: LayerState
    ) -> LayerState:
        return (torch.tanh(projected + functional.linear(state[0], self.recurrent)),)


class LSTMLayer(RecurrentLayer):
    """Long short-term memory with a forget gate and no peepholes.

        i, f, o = σ(W x_t + U h_{t-1} + b),   g = tanh(W x_t + U h_{t-1} + b)
        c_t = f c_{t-1} + i g,   h_t = o tanh(c_t)

    Source: Sutskever et al. 2014, section 2, use the formulation of Graves 2013, equations 7 to 11.
    Departure: without its peepholes, the connections from c to the gates, as in torch.nn.LSTM.
    The state is (h, c); the parts of the matrices come in the order i, f, o, g.

    `forget_bias` is added to the bias of the forget gate at the start: 0 as in the paper. A memory
    that is to last n steps needs about log n.
    """

    def __init__(self, input_size: int, hidden: int, *, forget_bias: float = 0.0) -> None:
        super().__init__(input_size, hidden, parts=4, state_size=2)
        self.input.bias.detach()[hidden : 2 * hidden] += forget_bias

    def cell_step(
        self, projected: Float[Tensor, "batch projected"], state: LayerState
    ) -> LayerState:
        hidden, cell = state
        parts = projected + functional.linear(hidden, self.recurrent)
        gates, candidate = parts.split((3 * self.hidden, self.hidden), 1)
        input_gate, forget, output = torch.sigmoid(gates).chunk(3, 1)
        cell = torch.addcmul(forget * cell, input_gate, torch.tanh(candidate))
        return output * torch.tanh(cell), cell


class LSTM1997Layer(RecurrentLayer):
    """The first long short-term memory: it cannot forget, and its gates start almost closed.

        i, o = σ(W x_t + U h_{t-1} + b),   g = 4σ(W x_t + U h_{t-1} + b) - 2
        c_t = c_{t-1} + i g,   h_t = o (2σ(c_t) - 1)

    Source: Hochreiter and Schmidhuber 1997, section 4 and appendix A.1; weights uniform within
    ±0.1 as in its experiments 3 to 6, gate biases spread evenly from cell to cell between the two
    numbers given, by default those of its experiment 4 (the adding problem) at the input gate.
    As 4σ(x) - 2 = 2 tanh(x / 2), it is torch.nn.LSTM with a forget gate of 1, where the weights of
    the candidate and the cell are halved. The state is (h, c); the parts come in the order i, o, g.

    Departures: each block has one cell; the gradient flows through all connections, where the
    paper cuts it off at the gates' and the candidate's recurrent ones.
    """

    def __init__(
        self,
        input_size: int,
        hidden: int,
        *,
        bound: float = 0.1,
        input_gate_biases: tuple[float, float] = (-3.0, -6.0),
        output_gate_biases: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        super().__init__(input_size, hidden, parts=3, state_size=2)
        self._start_uniform(bound)
        biases = self.input.bias.detach().split(hidden)
        for bias, ends in zip(biases, (input_gate_biases, output_gate_biases), strict=False):
            bias += torch.linspace(*ends, hidden)

    def cell_step(
        self, projected: Float[Tensor, "batch projected"], state: LayerState
    ) -> LayerState:
        hidden, cell = state
        parts = projected + functional.linear(hidden, self.recurrent)
        gates, candidate = parts.split((2 * self.hidden, self.hidden), 1)
        input_gate, output = torch.sigmoid(gates).chunk(2, 1)
        cell = torch.addcmul(cell, input_gate, torch.tanh(candidate / 2), value=2)
        return output * torch.tanh(cell / 2), cell


class GRULayer(RecurrentLayer):
    """The gated recurrent unit.

        z, r = σ(W x_t + U s_{t-1} + b),   s~ = tanh(W x_t + U (r s_{t-1}) + b)
        s_t = (1 - z) s_{t-1} + z s~

    Source: Bahdanau et al. 2014, appendix A.1.1, after Cho et al. 2014; the biases, which the paper
    leaves out of its equations, are one a part. The state is (s,); the parts of the input's matrix
    come in the order z, r, s~.

    torch.nn.GRU is another unit: it multiplies by r after the matrix U, and its z is our 1 - z.
    """

    def __init__(self, input_size: int, hidden: int) -> None:
        super().__init__(input_size, hidden, parts=3)
        # Apart from the gates' matrices: the candidate's can be applied only when r is known.
        gates, candidate = self.recurrent.detach().split((2 * hidden, hidden))
        self.recurrent = nn.Parameter(gates.clone())
        self.candidate = nn.Parameter(candidate.clone())

    def recurrent_matrices(self) -> Iterator[Float[Tensor, "h h"]]:
        yield from super().recurrent_matrices()
        yield self.candidate.detach()

    def cell_step(
        self, projected: Float[Tensor, "batch projected"], state: LayerState
    ) -> LayerState:
        (state,) = state
        for_gates, for_candidate = projected.split((2 * self.hidden, self.hidden), 1)
        gates = torch.sigmoid(for_gates + functional.linear(state, self.recurrent))
        update, reset = gates.chunk(2, 1)
        candidate = for_candidate + functional.linear(reset * state, self.candidate)
        return (torch.addcmul(state, update, torch.tanh(candidate) - state),)


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
