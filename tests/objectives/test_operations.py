"""Operations are counted for each shape of batch, and none that is not done."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from replications.layers.recurrent import LSTMLayer
from replications.objectives import operations
from replications.objectives.operations import CountsOperations


class Net(nn.Module):
    """Compares all places of a sequence: operations grow with the square of its length."""

    def __init__(self, d=8):
        super().__init__()
        self.below, self.above = nn.Linear(d, d, bias=False), nn.Linear(d, d, bias=False)
        self.calls = 0

    def forward(self, x, marked=None):
        self.calls += 1
        states = self.below(x)
        states = (states @ states.mT).softmax(-1) @ states
        return self.above(states if marked is None else states[marked]), None


def counting():
    module = CountsOperations()
    module.model = Net()
    return module


def forward(length, batch=1, d=8):
    """A product of m x n and n x k takes 2 m n k operations."""
    return 2 * batch * (2 * length * d * d + 2 * length * length * d)


def test_each_shape_is_counted_by_itself_and_once():
    module = counting()
    for length in (4, 16, 4, 16):
        x = torch.randn(2, length, 8)
        module.count(x.shape[0] * length, x)
    assert module.flops == 3 * 2 * (forward(4, 2) + forward(16, 2))
    assert module.model.calls == 2
    # As it was before: the first batch's operations a token, for all.
    assert module.flops != pytest.approx(3 * 2 * forward(4, 2) * 5, rel=0.1)


def test_the_time_that_counting_takes_is_said():
    module, x = counting(), torch.randn(1, 4, 8)
    assert module.aside == (0, 0)
    module.count(4, x)
    taken = module.aside
    assert min(taken) > 0
    module.count(4, x)
    assert module.aside == taken, "nothing was counted"


def test_the_places_that_a_mask_marks_belong_to_the_shape():
    module, x = counting(), torch.randn(1, 4, 8)
    one = torch.tensor([[True, False, False, False]])
    for marked in (one, one.roll(1), ~one):
        module.count(4, x, marked)
    body = forward(4) - 2 * 4 * 8 * 8
    assert module.flops == 3 * (3 * body + 2 * (1 + 1 + 3) * 8 * 8)
    assert module.model.calls == 2


def test_frozen_weights_below_the_others_have_no_backward_pass():
    module, x = counting(), torch.randn(1, 4, 8)
    module.model.below.weight.requires_grad_(False)
    module.count(4, x)
    # Backward: the gradient of the upper weights alone, one product more.
    assert module.flops == forward(4) + 2 * 4 * 8 * 8
    assert all(weight.grad is None for weight in module.model.parameters())


def test_frozen_weights_above_the_others_are_passed_through():
    module, x = counting(), torch.randn(1, 4, 8)
    module.model.above.weight.requires_grad_(False)
    module.count(4, x)
    assert module.flops == 3 * forward(4) - 2 * 2 * 4 * 8 * 8


def test_beyond_so_many_shapes_the_mean_of_those_counted_stands_for_others(monkeypatch):
    monkeypatch.setattr(operations, "_MOST_SHAPES", 2)
    module = counting()
    for length in (2, 4, 6):
        module.count(length, torch.randn(1, length, 8))
    counted = 3 * (forward(2) + forward(4))
    assert module.flops == counted + counted / 6 * 6
    assert module.model.calls == 2


def test_a_run_that_goes_on_counts_as_it_did():
    module, checkpoint = counting(), {}
    module.count(4, torch.randn(1, 4, 8))
    module.on_save_checkpoint(checkpoint)
    resumed = counting()
    resumed.on_load_checkpoint(checkpoint)
    resumed.count(4, torch.randn(1, 4, 8))
    assert (resumed.flops, resumed.model.calls) == (module.flops, 0)
    resumed.on_load_checkpoint({"flops_a_unit": 3.0})
    resumed.count(4, torch.randn(1, 4, 8))
    assert resumed.flops == 2 * module.flops


def test_a_recurrent_layer_that_goes_through_a_kernel_is_counted_by_its_equations():
    module, inputs = CountsOperations(), torch.randn(3, 5, 7)
    module.model = LSTMLayer(7, 4)
    padding_mask = torch.arange(5) < torch.tensor([5, 2, 4])[:, None]
    module.count(15, inputs, padding_mask)
    assert module.flops == 3 * 2 * (3 * 5) * (4 * 4) * (7 + 4)
