"""Recurrent layers written as their equations, all behind one interface.

`cell_step` has the equations. Where torch has a kernel for them (recurrent_kernels.py), it computes
whole sequences; elsewhere they are computed step by step.

A layer's state is a tuple of tensors; the first is its output at that step. Sequences are padded on
the right, and `padding_mask` is False there: the state is then carried over unchanged, so that
padding changes neither the last state nor the outputs before it.
"""

import math
from collections.abc import Iterator

import torch
from einops import rearrange
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional

from replications.layers.recurrent_kernels import SHUT, KernelWeights, has_kernel, run_lstm

LayerState = tuple[Float[Tensor, "batch h"], ...]


class RecurrentLayer(nn.Module):
    """Base class: projects the inputs of all steps at once, then unrolls the steps.

    A subclass has a `cell_step` and a number of parts, that is of gates and candidate; its state
    has `state_size` tensors. Weights and biases are initialised uniformly within
    ±1 / sqrt(hidden), as in torch.nn.
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
        """The square matrices on the previous state, one for each part, to be initialised."""
        return iter(self.recurrent.detach().split(self.hidden))

    def project(
        self, inputs: Float[Tensor, "batch time d"]
    ) -> Float[Tensor, "batch time projected"]:
        """The projected inputs of each part and step, biases included."""
        # Time comes first in memory, so that each step of `unroll` is contiguous.
        steps = self.input(rearrange(inputs, "batch time d -> time batch d"))
        return rearrange(steps, "time batch projected -> batch time projected")

    def cell_step(
        self, projected: Float[Tensor, "batch projected"], state: LayerState
    ) -> LayerState:
        """One step, from a projected input."""
        raise NotImplementedError(f"{type(self).__name__} does not define cell_step")

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
        """The output at each step, and the last state. The initial state is zero by default."""
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


class KernelLSTM(RecurrentLayer):
    """An LSTM that torch's kernel can compute: its state is (h, c)."""

    def kernel_gates(
        self, rows: Float[Tensor, "parts *columns"]
    ) -> tuple[Float[Tensor, "h *columns"], ...]:
        """The rows of a matrix, or a bias, in torch's order: i, f, g, o."""
        raise NotImplementedError(f"{type(self).__name__} does not define kernel_gates")

    def kernel_weights(self) -> KernelWeights:
        """The layer's weights in the kernel's layout."""
        weights = self.input.weight, self.recurrent, self.input.bias
        return KernelWeights(*(torch.cat(self.kernel_gates(rows)) for rows in weights))

    def forward(
        self,
        inputs: Float[Tensor, "batch time d"],
        padding_mask: Bool[Tensor, "batch time"] | None = None,
        state: LayerState | None = None,
    ) -> tuple[Float[Tensor, "batch time h"], LayerState]:
        if not has_kernel(inputs, padding_mask):
            return super().forward(inputs, padding_mask, state)
        state = self.zero_state(len(inputs)) if state is None else state
        return run_lstm(inputs, padding_mask, state, self.kernel_weights())


class LSTMLayer(KernelLSTM):
    """Long short-term memory with a forget gate and no peepholes.

        i, f, o = σ(W x_t + U h_{t-1} + b),   g = tanh(W x_t + U h_{t-1} + b)
        c_t = f c_{t-1} + i g,   h_t = o tanh(c_t)

    Source: Sutskever et al. 2014, section 2, use the formulation of Graves 2013, equations 7 to 11.
    Departure: without its peepholes, the connections from c to the gates, as in torch.nn.LSTM.
    The state is (h, c); the parts of the matrices come in the order i, f, o, g.

    `forget_bias` is added to the bias of the forget gate at the start: 0 as in the paper. A memory
    that is to last n steps needs about log n. `input_gate_biases` are added to those of the input
    gates, spread evenly from cell to cell. Negative ones start them almost closed, against the
    drift of the cell state early in training: Hochreiter and Schmidhuber 1997, section 4.
    """

    def __init__(
        self,
        input_size: int,
        hidden: int,
        *,
        forget_bias: float = 0.0,
        input_gate_biases: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        super().__init__(input_size, hidden, parts=4, state_size=2)
        bias = self.input.bias.detach()
        bias[:hidden] += torch.linspace(*input_gate_biases, hidden)
        bias[hidden : 2 * hidden] += forget_bias

    def kernel_gates(
        self, rows: Float[Tensor, "parts *columns"]
    ) -> tuple[Float[Tensor, "h *columns"], ...]:
        input_gate, forget, output, candidate = rows.chunk(4)
        return input_gate, forget, candidate, output

    def cell_step(
        self, projected: Float[Tensor, "batch projected"], state: LayerState
    ) -> LayerState:
        hidden, cell = state
        parts = projected + functional.linear(hidden, self.recurrent)
        gates, candidate = parts.split((3 * self.hidden, self.hidden), 1)
        input_gate, forget, output = torch.sigmoid(gates).chunk(3, 1)
        cell = torch.addcmul(forget * cell, input_gate, torch.tanh(candidate))
        return output * torch.tanh(cell), cell


class LSTM1997Layer(KernelLSTM):
    """The original LSTM: no forget gate, and input gates that start almost closed.

        i, o = σ(W x_t + U h_{t-1} + b),   g = 4σ(W x_t + U h_{t-1} + b) - 2
        c_t = c_{t-1} + i g,   h_t = o (2σ(c_t) - 1)

    Source: Hochreiter and Schmidhuber 1997, section 4 and appendix A.1; weights uniform within
    ±0.1 as in its experiments 3 to 6, gate biases spread evenly from cell to cell between the two
    values given, by default those of its experiment 4 (the adding problem) at the input gate.
    As 4σ(x) - 2 = 2 tanh(x / 2), it is torch.nn.LSTM with a forget gate of 1, where the weights of
    the candidate and the cell are halved. The state is (h, c); the parts come in the order i, o, g.

    Departures: each block has one cell; the gradient flows through all connections, where the
    paper truncates it at the recurrent ones of the gates and the candidate.
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

    def kernel_gates(
        self, rows: Float[Tensor, "parts *columns"]
    ) -> tuple[Float[Tensor, "h *columns"], ...]:
        input_gate, output, candidate = rows.chunk(3)
        # The forget gate has zero weights and a large bias: it is always open.
        forget = torch.full_like(output, SHUT if rows.dim() == 1 else 0.0)
        return input_gate, forget, candidate / 2, output

    def forward(
        self,
        inputs: Float[Tensor, "batch time d"],
        padding_mask: Bool[Tensor, "batch time"] | None = None,
        state: LayerState | None = None,
    ) -> tuple[Float[Tensor, "batch time h"], LayerState]:
        if not has_kernel(inputs, padding_mask):
            return super().forward(inputs, padding_mask, state)
        hidden, cell = self.zero_state(len(inputs)) if state is None else state
        # The kernel's cell is half of ours.
        outputs, (hidden, half) = run_lstm(
            inputs, padding_mask, (hidden, cell / 2), self.kernel_weights()
        )
        return outputs, (hidden, 2 * half)

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
    leaves out of its equations, are one for each part. The state is (s,); the parts of the input's
    matrix come in the order z, r, s~.

    torch.nn.GRU is another unit: it multiplies by r after the matrix U, and its z is our 1 - z. So
    its kernel cannot compute this one, which is unrolled step by step.
    """

    def __init__(self, input_size: int, hidden: int) -> None:
        super().__init__(input_size, hidden, parts=3)
        # Separate from the gates' matrices: the candidate's can be applied only when r is known.
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
