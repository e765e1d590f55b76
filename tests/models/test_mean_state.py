"""The mean over a text's tokens, for a network with a padding id and for one without."""

from functools import partial

import pytest
import torch

from replications.layers.masks import causal
from replications.models.frozen_features import FrozenFeatures
from replications.models.mean_state import MeanState, mean_over
from replications.models.presets import BERT, GPT1, GPT2
from replications.models.text_classifier import TextClassifier

SIZES = {"d_model": 16, "layers": 2, "heads": 2, "d_ff": 32, "max_length": 12}
NETWORKS = {
    "bert": partial(BERT, **SIZES),
    "causal-bert": partial(BERT, **SIZES, mask=causal),
    "gpt1": partial(GPT1, **SIZES),
    "gpt2": partial(GPT2, **SIZES),
}
IDS = torch.randint(1, 30, (4, 7), generator=torch.Generator().manual_seed(0))
IDS[1, 5:] = 0
LENGTHS = torch.tensor([7, 5, 7, 7])
SEGMENTS = torch.zeros_like(IDS)


def body(name):
    torch.manual_seed(0)
    return NETWORKS[name](30).eval()


def test_the_mean_is_over_real_tokens_alone():
    states = torch.tensor([[[1.0], [3.0], [50.0]], [[2.0], [4.0], [9.0]]])
    real = torch.tensor([[True, True, False], [True, True, True]])
    assert mean_over(states, real).tolist() == [[2.0], [5.0]]
    layers = torch.stack([states, 10 * states], 1)
    assert mean_over(layers, real).tolist() == [[[2.0], [20.0]], [[5.0], [50.0]]]


@pytest.mark.parametrize("name", NETWORKS)
def test_padding_changes_nothing(name):
    read = MeanState(body(name))
    together = read(IDS, SEGMENTS, LENGTHS - 1)
    alone = read(IDS[1:2, :5], SEGMENTS[1:2, :5], torch.tensor([4]))
    torch.testing.assert_close(together.pooled[1:2], alone.pooled, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(alone.pooled[0], alone.states[0].mean(0), atol=1e-6, rtol=1e-5)


def test_a_network_without_padding_may_have_a_token_of_number_nought():
    ids = IDS.clone()
    ids[0, 3] = 0
    found = MeanState(body("gpt1"))(ids, SEGMENTS, LENGTHS - 1)
    torch.testing.assert_close(found.pooled[0], found.states[0].mean(0))


@pytest.mark.parametrize("name", NETWORKS)
def test_every_token_is_trained_through_the_mean(name):
    network = body(name).train()
    classifier = TextClassifier(network, 2, read=MeanState, dropout=0.0)
    classifier(IDS, SEGMENTS, LENGTHS - 1, 4).outputs.square().sum().backward()
    gradient = network.embedding.weight.grad
    assert (gradient[IDS[0]].abs().sum(1) > 0).all()


@pytest.mark.parametrize("name", ["gpt1", "causal-bert"])
def test_frozen_features_of_every_network_leave_padding_out(name):
    read = FrozenFeatures(body(name), layers=(0, -1))
    together = read(IDS, SEGMENTS, LENGTHS - 1).pooled
    alone = read(IDS[1:2, :5], SEGMENTS[1:2, :5], torch.tensor([4])).pooled
    torch.testing.assert_close(together[1:2], alone, atol=1e-5, rtol=1e-5)
    assert alone.shape == (1, 32)
