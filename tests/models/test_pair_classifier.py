"""Two texts compared by the features of their vectors."""

import pytest
import torch

from replications.models.pair_classifier import (
    PairClassifier,
    ordered_features,
    symmetric_features,
)
from replications.models.presets import BERT, GPT1
from replications.models.text_classifier import LastState

SIZES = {"d_model": 16, "layers": 1, "heads": 2, "d_ff": 32, "max_length": 12}
IDS = torch.randint(1, 30, (6, 7), generator=torch.Generator().manual_seed(0))
SWAPPED = IDS[[1, 0, 3, 2, 5, 4]]
SEGMENTS, PLACES = torch.zeros_like(IDS), torch.full((6,), 6)


def classifier(network=BERT, **parts):
    torch.manual_seed(0)
    body = network(30, **SIZES)
    return PairClassifier(body, 3, std=0.5, **parts).eval()


def outputs(model, ids):
    return model(ids, SEGMENTS, PLACES, 3).outputs


def test_the_features_are_sum_difference_and_product():
    u, v = torch.tensor([[1.0, -2.0]]), torch.tensor([[3.0, 5.0]])
    expected = [[4.0, 3.0, 2.0, 7.0, 3.0, -10.0]]
    assert torch.cat(symmetric_features(u, v), 1).tolist() == expected
    assert torch.cat(symmetric_features(v, u), 1).tolist() == expected
    ordered = torch.cat(ordered_features(u, v), 1).tolist()
    assert ordered == [[1.0, -2.0, 3.0, 5.0, 2.0, 7.0, 3.0, -10.0]]


@pytest.mark.parametrize("network", [BERT, GPT1])
def test_the_order_of_two_texts_means_nothing_where_the_features_are_symmetric(network):
    model = classifier(network)
    torch.testing.assert_close(outputs(model, IDS), outputs(model, SWAPPED), atol=1e-5, rtol=1e-5)


def test_the_order_of_two_texts_counts_where_the_features_are_not_symmetric():
    model = classifier(features=ordered_features)
    assert (outputs(model, IDS) - outputs(model, SWAPPED)).abs().min() > 1e-3


def test_the_texts_of_an_example_are_its_neighbours():
    model = classifier()
    vectors = model.read(IDS, SEGMENTS, PLACES).pooled
    features = torch.cat(symmetric_features(vectors[2:3], vectors[3:4]), 1)
    torch.testing.assert_close(
        outputs(model, IDS)[1:2], model.output(features), atol=1e-5, rtol=1e-5
    )


def test_another_state_may_stand_for_a_text():
    model = classifier(GPT1, read=LastState)
    last = model.body.hidden(IDS)[:, -1]
    features = torch.cat(symmetric_features(last[0::2], last[1::2]), -1)
    torch.testing.assert_close(outputs(model, IDS), model.output(features), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("examples", [6, 2])
def test_another_number_of_texts_is_an_error(examples):
    with pytest.raises(ValueError, match="6 sequences, and two of each"):
        classifier()(IDS, SEGMENTS, PLACES, examples)
