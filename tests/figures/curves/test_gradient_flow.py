"""Gradients against the steps that they cross."""

import pytest
import torch

from replications.figures.curves.gradient_flow import draw_gradients, gradient_by_lag
from replications.layers.recurrent import LSTMLayer, VanillaRNNLayer


def test_a_single_linear_unit_loses_the_same_share_at_each_step():
    layer = VanillaRNNLayer(1, 1)
    for weight in layer.parameters():
        weight.data.fill_(0.0)
    layer.input.weight.data.fill_(1.0)
    layer.recurrent.data.fill_(0.5)
    # With inputs of 0 the unit stays at 0, where tanh has slope 1.
    flow = gradient_by_lag(layer, torch.zeros(3, 5, 1))
    torch.testing.assert_close(flow, 0.5 ** torch.arange(5.0))


def test_an_open_forget_gate_carries_the_gradient_and_a_half_open_one_does_not():
    torch.manual_seed(0)
    inputs = torch.randn(4, 60, 2)
    open_, half = (
        gradient_by_lag(LSTMLayer(2, 8, forget_bias=bias), inputs) for bias in (5.0, 0.0)
    )
    assert open_[59] > 0.1 * open_[1]
    assert half[59] < 1e-6 * half[1]


def test_the_inputs_and_the_layer_keep_no_gradient():
    layer, inputs = VanillaRNNLayer(2, 3), torch.randn(1, 4, 2)
    gradient_by_lag(layer, inputs)
    assert inputs.grad is None and not inputs.requires_grad
    assert all(weight.grad is None for weight in layer.parameters())


def test_each_layer_is_drawn_relative_to_its_gradient_at_no_lag():
    (ax,) = draw_gradients({"one": torch.tensor([4.0, 2.0, 1.0]), "two": torch.ones(3)}).axes
    assert ax.get_yscale() == "log"
    lines = {line.get_label(): line.get_ydata().tolist() for line in ax.get_lines()}
    assert lines == {"one": pytest.approx([1.0, 0.5, 0.25]), "two": pytest.approx([1.0, 1.0, 1.0])}
