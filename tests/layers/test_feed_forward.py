from functools import partial

import pytest
import torch
from torch import nn
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaMLP

from replications.layers.feed_forward import FeedForward, GatedFeedForward, swiglu_width


def test_swiglu_is_the_feed_forward_network_of_transformers_llama():
    torch.manual_seed(0)
    theirs = LlamaMLP(LlamaConfig(hidden_size=6, intermediate_size=10, num_attention_heads=2))
    ours = GatedFeedForward(6, 10, linear=partial(nn.Linear, bias=False))
    pairs = {"gate": "gate_proj", "inner": "up_proj", "outer": "down_proj"}
    for mine, other in pairs.items():
        getattr(ours, mine).load_state_dict(getattr(theirs, other).state_dict())
    inputs = torch.randn(2, 3, 6)
    torch.testing.assert_close(ours(inputs), theirs(inputs), atol=1e-6, rtol=1e-6)


def test_a_gate_that_is_shut_lets_nothing_through():
    feed_forward = GatedFeedForward(6, 10, linear=partial(nn.Linear, bias=False))
    nn.init.zeros_(feed_forward.gate.weight)
    assert torch.equal(feed_forward(torch.randn(2, 3, 6)), torch.zeros(2, 3, 6))


@pytest.mark.parametrize(
    ("d_model", "width"), [(4096, 11008), (5120, 13824), (6656, 17920), (8192, 22016)]
)
def test_the_width_is_that_of_the_published_models(d_model, width):
    assert swiglu_width(d_model) == width


def test_llama_2_of_70_billion_is_wider_by_what_its_keys_and_values_save():
    assert swiglu_width(8192, multiple_of=4096, multiplier=1.3) == 28_672


def test_three_matrices_of_two_thirds_have_the_weights_of_two():
    gated = GatedFeedForward(
        96, swiglu_width(96, multiple_of=1), linear=partial(nn.Linear, bias=False)
    )
    plain = FeedForward(96, 4 * 96)
    matrices = sum(weight.numel() for weight in plain.parameters() if weight.dim() > 1)
    assert sum(weight.numel() for weight in gated.parameters()) == matrices
