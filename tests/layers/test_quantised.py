from functools import partial

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from replications.layers.quantised import (
    QuantisedLinear,
    packed,
    quantise_linears,
    rounded,
    unpacked,
    weight_bytes,
)
from replications.models.presets import BERT


def drawn(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(("bits", "greatest"), [(8, 127), (4, 7)])
@pytest.mark.parametrize("group", [None, 4, 12])
def test_no_weight_moves_by_more_than_half_a_step_of_its_group(bits, greatest, group):
    weight = drawn(5, 12)
    codes, scale = rounded(weight, bits=bits, group=group)
    size = group or 12
    steps = weight.unflatten(1, (-1, size)).abs().amax(-1) / greatest
    torch.testing.assert_close(scale, steps)
    assert codes.abs().amax() == greatest
    back = (codes.unflatten(1, (-1, size)) * scale[..., None]).flatten(1)
    most = (steps / 2).repeat_interleave(size, 1)
    assert ((back - weight).abs() <= most * (1 + 1e-5)).all()


def test_what_lies_on_the_grid_is_kept_and_zeros_stay_zeros():
    weight = torch.tensor([[7.0, -3.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0]]) * 0.25
    layer = nn.Linear(4, 2)
    layer.weight.data = weight
    assert torch.equal(QuantisedLinear(layer, bits=4).weight, weight)


@given(st.lists(st.integers(-8, 7), min_size=2, max_size=40).filter(lambda n: len(n) % 2 == 0))
def test_four_bits_are_unpacked_to_what_was_packed(numbers):
    codes = torch.tensor([numbers], dtype=torch.int8)
    pairs = packed(codes)
    assert pairs.numel() == codes.numel() // 2
    assert torch.equal(unpacked(pairs), codes)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("bits", "group"), [(8, None), (4, 8)])
def test_the_layer_is_torchs_with_the_rounded_matrix(bits, group, bias):
    linear = nn.Linear(16, 6, bias=bias)
    layer = QuantisedLinear(linear, bits=bits, group=group)
    inputs = drawn(2, 3, 16)
    expected = nn.functional.linear(inputs, layer.weight, linear.bias)
    torch.testing.assert_close(layer(inputs), expected)
    assert not torch.equal(layer.weight, linear.weight)
    assert layer(inputs.bfloat16()).dtype == torch.bfloat16


def test_smaller_groups_lie_closer():
    linear = nn.Linear(64, 32)
    linear.weight.data = drawn(32, 64) * torch.linspace(0.1, 2, 64)
    errors = [
        (QuantisedLinear(linear, bits=4, group=group).weight - linear.weight).square().mean()
        for group in (64, 16, 4)
    ]
    assert errors == sorted(errors, reverse=True)


def test_a_network_keeps_its_embedding_output_and_norms_and_shrinks():
    body = nn.Sequential(nn.Linear(64, 64), nn.LayerNorm(64), nn.Sequential(nn.Linear(64, 64)))
    model = nn.Module()
    model.embedding, model.body = nn.Embedding(9, 64), body
    model.output = nn.Linear(64, 9, bias=False)
    before = weight_bytes(model)
    quantise_linears(model, partial(QuantisedLinear, bits=4, group=32))
    assert isinstance(body[0], QuantisedLinear) and isinstance(body[2][0], QuantisedLinear)
    assert type(model.output) is nn.Linear and isinstance(body[1], nn.LayerNorm)
    matrices = 2 * 64 * 64
    saved = matrices * 4 - (matrices // 2 + matrices // 32 * 4)
    assert before - weight_bytes(model) == saved
    encoder = BERT(9, d_model=8, layers=1, heads=2, d_ff=8, max_length=5, segments=2)
    quantise_linears(encoder, partial(QuantisedLinear, bits=8))
    masked = encoder.tasks["masked"]
    assert masked.output.weight is encoder.embedding.weight
    assert isinstance(masked.dense, QuantisedLinear)


@pytest.mark.parametrize(
    ("bits", "group", "words"),
    [(3, None, "weights of 3 bits; give 8 or 4"), (4, 5, "rows of 16 .* groups of 5")],
)
def test_what_cannot_be_rounded_is_refused(bits, group, words):
    with pytest.raises(ValueError, match=words):
        QuantisedLinear(nn.Linear(16, 6), bits=bits, group=group)
