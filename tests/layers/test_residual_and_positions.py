import math
from functools import partial

import pytest
import torch
from torch import nn

from replications.layers.dropout import Dropout
from replications.layers.feed_forward import FeedForward
from replications.layers.positions import LearnedPositions, NoPositions, Sinusoidal, sinusoids
from replications.layers.residual import PostNorm, PreNorm


def test_sinusoids_are_the_formulas_of_section_3_5():
    table = sinusoids(50, 8)
    for place in (0, 1, 7, 49):
        for i in range(4):
            angle = place / 10_000 ** (2 * i / 8)
            assert math.isclose(table[place, 2 * i], math.sin(angle), abs_tol=1e-6)
            assert math.isclose(table[place, 2 * i + 1], math.cos(angle), abs_tol=1e-6)


def test_a_shift_of_sinusoids_is_a_rotation_that_does_not_depend_on_the_place():
    table = sinusoids(60, 6).double()
    k, rate = 5, 1 / 10_000 ** (2 / 6)
    turn = torch.tensor(
        [[math.cos(k * rate), math.sin(k * rate)], [-math.sin(k * rate), math.cos(k * rate)]],
        dtype=torch.float64,
    )
    torch.testing.assert_close(table[k:, 2:4], table[:-k, 2:4] @ turn.T, atol=1e-6, rtol=0)


@pytest.mark.parametrize("kind", [Sinusoidal, LearnedPositions])
def test_places_go_on_from_the_given_start(kind):
    positions = kind(10, 4)
    whole = positions(torch.zeros(1, 6, 4))
    torch.testing.assert_close(positions(torch.zeros(1, 2, 4), start=4), whole[:, 4:])


def test_a_place_without_a_vector_is_refused():
    with pytest.raises(ValueError, match="11 positions, but only 10"):
        Sinusoidal(10, 4)(torch.zeros(1, 3, 4), start=8)


def test_no_positions_adds_nothing_and_learned_ones_are_trained():
    tokens = torch.randn(1, 3, 4)
    assert NoPositions(10, 4)(tokens) is tokens
    assert [tuple(p.shape) for p in LearnedPositions(10, 4).parameters()] == [(10, 4)]
    assert not list(Sinusoidal(10, 4).parameters())


def test_post_norm_normalises_the_sum_and_pre_norm_what_goes_in():
    torch.manual_seed(0)
    inputs, double = torch.randn(2, 3, 8), lambda x: 2 * x
    norm = nn.LayerNorm(8)
    torch.testing.assert_close(PostNorm(8, 0.0)(inputs, double), norm(3 * inputs))
    torch.testing.assert_close(PreNorm(8, 0.0)(inputs, double), inputs + 2 * norm(inputs))
    assert isinstance(PostNorm.final_norm(8), nn.Identity)
    assert isinstance(PreNorm.final_norm(8), nn.LayerNorm)


def test_a_norm_may_be_passed_in():
    torch.manual_seed(0)
    norm = partial(nn.RMSNorm, eps=0.5)
    inputs, double = torch.randn(2, 3, 8), lambda x: 2 * x
    torch.testing.assert_close(PostNorm(8, 0.0, norm)(inputs, double), norm(8)(3 * inputs))
    torch.testing.assert_close(PreNorm(8, 0.0, norm)(inputs, double), inputs + 2 * norm(8)(inputs))
    assert isinstance(PostNorm.final_norm(8, norm), nn.Identity)
    assert PreNorm.final_norm(8, norm).eps == 0.5


@pytest.mark.parametrize("form", ["none", "tanh"])
def test_an_activation_may_be_passed_in(form):
    torch.manual_seed(0)
    layer = FeedForward(3, 5, activation=partial(nn.GELU, approximate=form))
    x = 3 * torch.randn(2, 4, 3)
    d_ff = x @ layer.inner.weight.T + layer.inner.bias
    if form == "none":
        gelu = d_ff * (1 + torch.erf(d_ff / math.sqrt(2))) / 2
    else:
        gelu = d_ff * (1 + torch.tanh(math.sqrt(2 / math.pi) * (d_ff + 0.044715 * d_ff**3))) / 2
    expected = gelu @ layer.outer.weight.T + layer.outer.bias
    torch.testing.assert_close(layer(x), expected, atol=1e-6, rtol=1e-6)


def test_the_feed_forward_network_is_equation_2():
    layer = FeedForward(3, 5)
    x = torch.randn(2, 4, 3)
    d_ff = (x @ layer.inner.weight.T + layer.inner.bias).clamp(min=0)
    torch.testing.assert_close(layer(x), d_ff @ layer.outer.weight.T + layer.outer.bias)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_dropout_drops_its_share_and_keeps_the_mean(p):
    torch.manual_seed(0)
    dropout, ones = Dropout(p), torch.ones(1000, 401)
    dropped = dropout(ones)
    # Four standard errors of a share among 401,000 draws, and half a step of 1/256.
    room = 4 * math.sqrt(p * (1 - p) / ones.numel()) + 1 / 512
    assert abs((dropped == 0).double().mean() - p) < room
    assert abs(dropped.double().mean() - 1) < room / (1 - p)
    assert dropped.unique().numel() == 2
    assert (dropped.double().mean(0) - 1).abs().max() < 0.4  # no column is favoured


def test_dropout_rests_when_the_model_is_evaluated():
    dropout, inputs = Dropout(0.5).eval(), torch.randn(5)
    assert dropout(inputs) is inputs


def test_dropout_scales_the_gradient_as_it_scales_the_value():
    torch.manual_seed(0)
    inputs = torch.ones(1001, requires_grad=True)
    dropped = Dropout(0.25)(inputs)
    dropped.sum().backward()
    torch.testing.assert_close(inputs.grad, dropped.detach())


def test_the_largest_share_that_can_be_dropped_leaves_finite_values():
    torch.manual_seed(0)
    dropped = Dropout(255.4 / 256)(torch.ones(10_000))
    assert set(dropped.unique().tolist()) == {0.0, 256.0}


@pytest.mark.parametrize("p", [-0.1, 1.0, 255.5 / 256, 0.9999, float("nan")])
def test_a_share_that_cannot_be_dropped_is_refused(p):
    with pytest.raises(ValueError, match="cannot be dropped"):
        Dropout(p)
