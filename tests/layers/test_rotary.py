import pytest
import torch
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb

from replications.layers.rotary import (
    Rotary,
    halves,
    halves_from_neighbours,
    neighbours,
)

CLOSE = {"atol": 1e-5, "rtol": 1e-5}


def drawn(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("base", [10_000.0, 50.0])
def test_vectors_are_turned_as_transformers_turns_them(base):
    queries, keys = drawn(2, 2, 3, 7, 8)
    config = LlamaConfig(
        hidden_size=24,
        num_attention_heads=3,
        head_dim=8,
        rope_parameters={"rope_type": "default", "rope_theta": base},
    )
    cos, sin = LlamaRotaryEmbedding(config)(queries, torch.arange(5, 12)[None])
    expected = apply_rotary_pos_emb(queries, keys, cos, sin)
    rotary = Rotary(8, base=base)
    for found, theirs in zip((rotary(queries, 5), rotary(keys, 5)), expected, strict=True):
        torch.testing.assert_close(found, theirs, **CLOSE)


def test_neighbours_are_turned_as_complex_numbers_are_multiplied():
    # The code beside the paper (meta-llama/llama) multiplies complex numbers.
    vectors = drawn(2, 3, 6, 8)
    angles = torch.arange(6)[:, None] * 10_000.0 ** (-torch.arange(0, 8, 2) / 8)
    turned = torch.view_as_complex(vectors.unflatten(-1, (4, 2))) * torch.polar(
        torch.ones(6, 4), angles
    )
    found = Rotary(8, pairing=neighbours)(vectors)
    torch.testing.assert_close(found, torch.view_as_real(turned).flatten(-2), **CLOSE)


@pytest.mark.parametrize("pairing", [halves, neighbours])
def test_a_product_depends_on_the_distance_alone(pairing):
    rotary = Rotary(8, base=20.0, pairing=pairing)
    query, key = drawn(2, 1, 8)
    near = [float(rotary(query, 4 + far) @ rotary(key, far).T) for far in (0, 3, 200)]
    assert near == pytest.approx([near[0]] * 3, abs=1e-4)
    assert float(rotary(query, 7) @ rotary(key, 0).T) != pytest.approx(near[0], abs=1e-2)


@pytest.mark.parametrize("pairing", [halves, neighbours])
def test_turning_keeps_lengths_and_the_first_position_turns_nothing(pairing):
    vectors = drawn(2, 5, 8)
    found = Rotary(8, pairing=pairing)(vectors)
    torch.testing.assert_close(found.norm(dim=-1), vectors.norm(dim=-1), **CLOSE)
    torch.testing.assert_close(found[:, 0], vectors[:, 0])
    assert not torch.allclose(found[:, 1], vectors[:, 1], atol=1e-2)


def test_converted_weights_give_the_products_of_the_other_pairing():
    inputs, heads = drawn(9, 12), 3
    query, key = drawn(2, 24, 12)

    def scores(pairing, query, key):
        rotary = Rotary(8, pairing=pairing)
        split = [(inputs @ w.T).unflatten(-1, (heads, 8)).transpose(0, 1) for w in (query, key)]
        return rotary(split[0]) @ rotary(split[1]).transpose(-1, -2)

    metas = scores(neighbours, query, key)
    converted = [halves_from_neighbours(weight, heads) for weight in (query, key)]
    torch.testing.assert_close(scores(halves, *converted), metas, **CLOSE)
    assert (scores(halves, query, key) - metas).abs().max() > 1


def test_the_conversion_is_the_one_of_transformers():
    # transformers, convert_llama_weights_to_hf.py: `permute`.
    weight, heads = drawn(24, 12), 3
    theirs = weight.view(heads, 4, 2, 12).transpose(1, 2).reshape(24, 12)
    assert torch.equal(halves_from_neighbours(weight, heads), theirs)


def test_what_inference_made_can_be_used_in_training():
    rotary, vectors = Rotary(4), drawn(1, 3, 4)
    with torch.inference_mode():
        rotary(vectors)
    asked = vectors.clone().requires_grad_()
    rotary(asked).sum().backward()
    assert asked.grad is not None


def test_an_odd_head_has_a_number_without_a_partner():
    with pytest.raises(ValueError, match="7 dimensions a head cannot be paired"):
        Rotary(7)
