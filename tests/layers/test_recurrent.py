import contextlib

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from replications.layers.recurrent import (
    GRULayer,
    LSTM1997Layer,
    LSTMLayer,
    VanillaRNNLayer,
)
from replications.layers.recurrent_kernels import by_equations, has_kernel
from replications.layers.recurrent_stack import Bidirectional, RecurrentStack, Reversed

D, HIDDEN, BATCH, TIME = 3, 5, 4, 7
KINDS = [VanillaRNNLayer, LSTMLayer, LSTM1997Layer, GRULayer]
close = {"atol": 1e-5, "rtol": 1e-5}


def drawn(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def layer_of(kind, d=D, hidden=HIDDEN, seed=0):
    torch.manual_seed(seed)
    return kind(d, hidden)


def ragged(lengths=(7, 3, 1, 5), time=TIME):
    return torch.arange(time) < torch.tensor(lengths)[:, None]


def as_ours(rows):
    """torch.nn.LSTM's rows i, f, g, o in our order i, f, o, g."""
    entry, forget, candidate, output = rows.chunk(4)
    return torch.cat((entry, forget, output, candidate))


def copied_lstm(theirs, suffix="l0"):
    ours = LSTMLayer(theirs.input_size, theirs.hidden_size)
    weights = {name: weight.detach() for name, weight in theirs.named_parameters()}
    with torch.no_grad():
        ours.input.weight.copy_(as_ours(weights[f"weight_ih_{suffix}"]))
        ours.recurrent.copy_(as_ours(weights[f"weight_hh_{suffix}"]))
        ours.input.bias.copy_(as_ours(weights[f"bias_ih_{suffix}"] + weights[f"bias_hh_{suffix}"]))
    return ours


def test_the_lstm_is_torchs_with_the_same_weights_gradients_included():
    theirs = nn.LSTM(D, HIDDEN, batch_first=True)
    ours = copied_lstm(theirs)
    inputs = [drawn(BATCH, TIME, D).requires_grad_() for _ in range(2)]
    start = drawn(BATCH, HIDDEN, seed=1), drawn(BATCH, HIDDEN, seed=2)
    expected, (last_hidden, last_cell) = theirs(inputs[0], tuple(part[None] for part in start))
    found, (hidden, cell) = ours(inputs[1], None, start)
    assert_close(found, expected, **close)
    assert_close((hidden, cell), (last_hidden[0], last_cell[0]), **close)

    weight = drawn(BATCH, TIME, HIDDEN, seed=3)
    ((expected * weight).sum() + last_cell.square().sum()).backward()
    ((found * weight).sum() + cell.square().sum()).backward()
    assert_close(inputs[1].grad, inputs[0].grad, **close)
    assert_close(ours.input.weight.grad, as_ours(theirs.weight_ih_l0.grad), **close)
    assert_close(ours.recurrent.grad, as_ours(theirs.weight_hh_l0.grad), **close)
    assert_close(ours.input.bias.grad, as_ours(theirs.bias_hh_l0.grad), **close)


def test_two_directions_are_torchs_with_the_same_weights():
    theirs = nn.LSTM(D, HIDDEN, batch_first=True, bidirectional=True)
    ours = Bidirectional(copied_lstm(theirs), copied_lstm(theirs, "l0_reverse"))
    inputs, padding_mask = drawn(BATCH, TIME, D), ragged()
    packed = nn.utils.rnn.pack_padded_sequence(
        inputs, padding_mask.sum(1), batch_first=True, enforce_sorted=False
    )
    expected, (hidden, cell) = theirs(packed)
    expected, _ = nn.utils.rnn.pad_packed_sequence(expected, batch_first=True)
    found, (forwards, backwards) = ours(inputs, padding_mask)
    assert_close(found[padding_mask], expected[padding_mask], **close)
    assert_close(forwards, (hidden[0], cell[0]), **close)
    assert_close(backwards, (hidden[1], cell[1]), **close)


def test_a_stack_is_torchs_with_the_same_weights():
    theirs = nn.LSTM(D, HIDDEN, num_layers=2, batch_first=True)
    ours = RecurrentStack([copied_lstm(theirs), copied_lstm_above(theirs)])
    expected, (hidden, cell) = theirs(drawn(BATCH, TIME, D))
    found, states = ours(drawn(BATCH, TIME, D))
    assert_close(found, expected, **close)
    assert_close(states, ((hidden[0], cell[0]), (hidden[1], cell[1])), **close)


def copied_lstm_above(theirs):
    above = nn.LSTM(theirs.hidden_size, theirs.hidden_size)
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        getattr(above, f"{name}_l0").data = getattr(theirs, f"{name}_l1").data
    return copied_lstm(above)


def test_the_plain_layer_is_torchs_with_the_same_weights():
    theirs, ours = nn.RNN(D, HIDDEN, batch_first=True), VanillaRNNLayer(D, HIDDEN)
    with torch.no_grad():
        ours.input.weight.copy_(theirs.weight_ih_l0)
        ours.recurrent.copy_(theirs.weight_hh_l0)
        ours.input.bias.copy_(theirs.bias_ih_l0 + theirs.bias_hh_l0)
    assert_close(ours(drawn(BATCH, TIME, D))[0], theirs(drawn(BATCH, TIME, D))[0], **close)


def test_the_cell_of_1997_is_torchs_with_a_forget_gate_of_one_and_halved_candidate():
    ours = layer_of(LSTM1997Layer)
    theirs = nn.LSTM(D, HIDDEN, batch_first=True)
    with torch.no_grad():
        parts = (ours.input.weight, ours.recurrent, ours.input.bias)
        names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0")
        theirs.bias_hh_l0.zero_()
        for name, part in zip(names, parts, strict=True):
            entry, output, candidate = part.chunk(3)
            # σ(50) is 1 to the last digit of a float.
            forget = torch.full_like(entry, 50.0 if part.dim() == 1 else 0.0)
            getattr(theirs, name).copy_(torch.cat((entry, forget, candidate / 2, output)))
    inputs = drawn(BATCH, TIME, D)
    expected, (_, halved) = theirs(inputs)
    found, (_, cell) = ours(inputs)
    assert_close(found, expected, **close)
    assert_close(cell / 2, halved[0], **close)


def test_the_cell_of_1997_squashes_as_the_paper_says():
    layer = layer_of(LSTM1997Layer, hidden=1)
    hidden, cell = torch.zeros(1, 1), torch.tensor([[1.5]])
    parts = torch.tensor([[0.3, -0.2, 0.7]])
    (said, after) = layer.cell_step(parts, (hidden, cell))
    entry, output, candidate = torch.sigmoid(parts[0])
    assert_close(after[0, 0], 1.5 + entry * (4 * candidate - 2))
    assert_close(said[0, 0], output * (2 * torch.sigmoid(after[0, 0]) - 1))


def test_the_gates_of_1997_start_almost_closed():
    layer = LSTM1997Layer(2, 4, output_gate_biases=(-1.0, -1.0))
    entry, output, candidate = layer.input.bias.detach().split(4)
    assert_close(entry, torch.tensor([-3.0, -4.0, -5.0, -6.0]), atol=0.1, rtol=0)
    assert_close(output, torch.full((4,), -1.0), atol=0.1, rtol=0)
    assert all(weight.abs().max() <= 0.1 for weight in (candidate, layer.recurrent))


def test_a_gate_that_stays_shut_keeps_a_value_for_ever():
    layer = LSTM1997Layer(D, HIDDEN, input_gate_biases=(-60.0, -60.0))
    state = torch.zeros(BATCH, HIDDEN), drawn(BATCH, HIDDEN, seed=4)
    _, (_, cell) = layer(drawn(BATCH, 40, D), None, state)
    assert_close(cell, state[1])


def test_the_gru_follows_the_appendix_step_by_step():
    layer = layer_of(GRULayer)
    inputs, state = drawn(BATCH, TIME, D), drawn(BATCH, HIDDEN, seed=1)
    found, (last,) = layer(inputs, None, (state,))
    w_z, w_r, w = layer.input.weight.chunk(3)
    b_z, b_r, b = layer.input.bias.chunk(3)
    u_z, u_r, u = layer.recurrent_matrices()
    for time in range(TIME):
        x = inputs[:, time]
        z = torch.sigmoid(x @ w_z.T + state @ u_z.T + b_z)
        r = torch.sigmoid(x @ w_r.T + state @ u_r.T + b_r)
        candidate = torch.tanh(x @ w.T + (r * state) @ u.T + b)
        state = (1 - z) * state + z * candidate
        assert_close(found[:, time], state, **close)
    assert_close(last, state, **close)


def test_the_gru_is_torchs_when_the_reset_gate_is_open():
    theirs, ours = nn.GRU(D, HIDDEN, batch_first=True), layer_of(GRULayer)
    with torch.no_grad():
        # torch keeps r, z, n; its z is our 1 - z.
        for name, part in (("weight_ih_l0", ours.input.weight), ("bias_ih_l0", ours.input.bias)):
            z, r, n = part.chunk(3)
            r.fill_(50.0 if part.dim() == 1 else 0.0)
            getattr(theirs, name).copy_(torch.cat((r, -z, n)))
        z, r, n = ours.recurrent_matrices()
        r.zero_()
        theirs.weight_hh_l0.copy_(torch.cat((r, -z, n)))
        theirs.bias_hh_l0.zero_()
    assert_close(ours(drawn(BATCH, TIME, D))[0], theirs(drawn(BATCH, TIME, D))[0], **close)


@pytest.mark.parametrize("kind", KINDS)
def test_padding_and_what_stands_in_it_changes_nothing(kind):
    layer, padding_mask = layer_of(kind), ragged()
    inputs = drawn(BATCH, TIME, D)
    found, last = layer(inputs, padding_mask)
    with_rubbish, _ = layer(inputs.masked_fill(~padding_mask[..., None], 1e6), padding_mask)
    assert_close(with_rubbish, found)
    for row, length in enumerate(padding_mask.sum(1)):
        alone, alone_last = layer(inputs[row : row + 1, :length])
        assert_close(found[row, :length], alone[0], **close)
        for part, expected in zip(last, alone_last, strict=True):
            assert_close(part[row], expected[0], **close)


@pytest.mark.parametrize("kind", KINDS)
def test_no_gradient_reaches_padding(kind):
    layer, padding_mask = layer_of(kind), ragged()
    inputs = drawn(BATCH, TIME, D).requires_grad_()
    found, last = layer(inputs, padding_mask)
    (found.sum() + last[-1].sum()).backward()
    assert not inputs.grad[~padding_mask].any()
    assert inputs.grad[padding_mask].all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_layer_goes_on_from_a_state_and_step_by_step(kind):
    layer, inputs = layer_of(kind), drawn(BATCH, TIME, D)
    whole, last = layer(inputs)
    early, state = layer(inputs[:, :3])
    late, state = layer(inputs[:, 3:], None, state)
    assert_close(torch.cat((early, late), 1), whole)
    assert_close(state, last)
    state = layer.zero_state(BATCH)
    for time in range(TIME):
        state = layer.step(inputs[:, time], state)
        assert_close(state[0], whole[:, time], **close)


@pytest.mark.parametrize("kind", KINDS)
def test_reading_backwards_is_reading_what_was_reversed(kind):
    layer, padding_mask = layer_of(kind), ragged()
    inputs = drawn(BATCH, TIME, D)
    found, last = Reversed(layer)(inputs, padding_mask)
    for row, length in enumerate(padding_mask.sum(1)):
        alone, alone_last = layer(inputs[row : row + 1, :length].flip(1))
        assert_close(found[row, :length], alone[0].flip(0), **close)
        assert_close(last[0][row], alone_last[0][0], **close)


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_are_those_of_finite_differences(kind):
    layer = layer_of(kind, hidden=2).double()
    inputs = drawn(2, 3, D).double().requires_grad_()
    padding_mask = ragged((3, 2), 3)

    def said_and_kept(inputs, *weights):
        outputs, last = layer(inputs, padding_mask)
        return outputs, *last

    assert torch.autograd.gradcheck(said_and_kept, (inputs, *layer.parameters()))


@pytest.mark.parametrize("kind", KINDS)
def test_products_may_be_computed_in_bfloat16_while_the_state_stays_precise(kind):
    layer, inputs, padding_mask = layer_of(kind), drawn(BATCH, TIME, D), ragged()
    precise, _ = layer(inputs, padding_mask)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found, last = layer(inputs, padding_mask)
    found.sum().backward()
    assert_close(found.float(), precise, atol=0.03, rtol=0.03)
    if kind is not VanillaRNNLayer:
        assert last[-1].dtype == torch.float32


def test_layers_have_a_matrix_a_part_and_one_bias():
    for kind, parts in ((VanillaRNNLayer, 1), (LSTM1997Layer, 3), (GRULayer, 3), (LSTMLayer, 4)):
        layer = layer_of(kind)
        count = sum(weight.numel() for weight in layer.parameters())
        assert count == parts * HIDDEN * (D + HIDDEN + 1)
        matrices = list(layer.recurrent_matrices())
        assert [tuple(matrix.shape) for matrix in matrices] == [(HIDDEN, HIDDEN)] * parts


def test_first_values_given_to_a_recurrent_matrix_are_the_layers():
    layer = layer_of(GRULayer)
    for matrix in layer.recurrent_matrices():
        nn.init.zeros_(matrix)
    assert not layer.recurrent.any()
    assert not layer.candidate.any()


def test_the_forget_gate_can_start_open():
    plain, keen = layer_of(LSTMLayer), layer_of(lambda d, h: LSTMLayer(d, h, forget_bias=5.0))
    difference = keen.input.bias - plain.input.bias
    assert_close(difference, torch.tensor([0.0, 5.0, 0.0, 0.0]).repeat_interleave(HIDDEN))


def test_the_input_gates_can_start_almost_shut_spread_from_cell_to_cell():
    plain = layer_of(LSTMLayer)
    shut = layer_of(lambda d, h: LSTMLayer(d, h, input_gate_biases=(-3.0, -6.0)))
    difference = (shut.input.bias - plain.input.bias).detach()
    assert_close(difference[:HIDDEN], torch.linspace(-3, -6, HIDDEN))
    assert_close(difference[HIDDEN:], torch.zeros(3 * HIDDEN))


def test_dropout_of_a_stack_goes_up_and_never_on_in_time():
    stack = RecurrentStack([layer_of(VanillaRNNLayer), VanillaRNNLayer(HIDDEN, HIDDEN)], 0.5)
    inputs = drawn(BATCH, TIME, D)
    lower = stack.layers[0](inputs)[0]
    torch.manual_seed(0)
    first, states = stack(inputs)
    assert_close(states[0][0], lower[:, -1])
    second, _ = stack(inputs)
    assert not torch.allclose(first, second)
    stack.eval()
    assert_close(stack(inputs)[0], stack(inputs)[0])


def in_both_ways(layer, inputs, padding_mask, state, precision=torch.float32):
    """Outputs, last state and gradients, by the kernel and by the equations."""
    results = []
    for steps in (contextlib.nullcontext(), by_equations()):
        layer.zero_grad()
        x, h, c = (each.clone().requires_grad_() for each in (inputs, *state))
        with steps, torch.autocast("cpu", precision, enabled=precision != torch.float32):
            assert has_kernel(x, padding_mask) is isinstance(steps, contextlib.nullcontext)
            outputs, last = layer(x, padding_mask, (h, c))
        upstream = drawn(*outputs.shape, seed=5)
        ((outputs * upstream).sum() + (last[1] * upstream[:, 0]).sum() + last[0].sum()).backward()
        gradients = [x.grad, h.grad, c.grad, *(weight.grad for weight in layer.parameters())]
        results.append([outputs, *last, *gradients])
    return zip(*results, strict=True)


@pytest.mark.parametrize("padding_mask", [None, ragged(), ragged((7, 3, 0, 5))])
@pytest.mark.parametrize("kind", [LSTMLayer, LSTM1997Layer])
def test_the_kernel_computes_the_equations_gradients_included(kind, padding_mask):
    inputs, state = drawn(BATCH, TIME, D), (drawn(BATCH, HIDDEN, seed=1), drawn(BATCH, HIDDEN))
    for kernel, equations in in_both_ways(layer_of(kind), inputs, padding_mask, state):
        assert_close(kernel, equations, **close)


@pytest.mark.parametrize("kind", [LSTMLayer, LSTM1997Layer])
def test_the_kernel_computes_the_equations_in_bfloat16_as_near_as_that_goes(kind):
    inputs, state = drawn(BATCH, TIME, D), (drawn(BATCH, HIDDEN, seed=1), drawn(BATCH, HIDDEN))
    pairs = in_both_ways(layer_of(kind), inputs, ragged(), state, torch.bfloat16)
    for kernel, equations in pairs:
        assert kernel.dtype == equations.dtype == torch.float32
        assert (kernel - equations).norm() < 0.02 * equations.norm()


def test_what_is_padded_on_the_left_or_within_takes_the_equations():
    inputs = drawn(2, 3, D)
    assert has_kernel(inputs, torch.tensor([[True, True, False], [False] * 3]))
    assert not has_kernel(inputs, torch.tensor([[True] * 3, [False, True, True]]))
    assert not has_kernel(inputs, torch.tensor([[True] * 3, [True, False, True]]))
    assert not has_kernel(inputs.to("meta"), None)


def test_the_equations_are_left_even_after_a_failure():
    with pytest.raises(ZeroDivisionError), by_equations():
        raise ZeroDivisionError
    assert has_kernel(drawn(2, 3, D), None)
