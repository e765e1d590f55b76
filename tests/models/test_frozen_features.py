from functools import partial

import pytest
import torch

from replications.models.frozen_features import FrozenFeatures
from replications.models.presets import BERT
from replications.models.text_classifier import TextClassifier
from replications.objectives.optimisers import adamw
from replications.training.trainers import count_parameters

SIZES = {"d_model": 16, "layers": 3, "heads": 2, "d_ff": 32, "max_length": 12}
IDS = torch.randint(1, 30, (4, 7), generator=torch.Generator().manual_seed(0))
IDS[1, 5:] = 0  # padding
SEGMENTS = torch.zeros_like(IDS)
PLACES = torch.zeros(4, dtype=torch.long)


def body():
    torch.manual_seed(0)
    return partial(BERT, **SIZES)(30)


def read(layers, network=None):
    features = FrozenFeatures(network or body(), layers=layers)
    return features, features(IDS, SEGMENTS, PLACES).pooled


@pytest.mark.parametrize("layer", [0, 1, -1])
def test_a_row_is_the_mean_of_a_layer_over_the_tokens_that_are_no_padding(layer):
    network = body()
    _, rows = read((layer,), network)
    with torch.no_grad():
        states = network.eval().states(IDS, SEGMENTS)[:, layer]
    torch.testing.assert_close(rows[0], states[0].mean(0))
    torch.testing.assert_close(rows[1], states[1, :5].mean(0))


def test_padding_changes_nothing():
    features, rows = read((-2, -1))
    alone = features(IDS[1:2, :5], SEGMENTS[1:2, :5], PLACES[:1]).pooled
    torch.testing.assert_close(alone, rows[1:2], atol=1e-5, rtol=1e-5)


def test_several_layers_stand_side_by_side_in_the_order_given():
    network = body()
    single = [read((layer,), network)[1] for layer in (0, -1)]
    features, both = read((0, -1), network)
    assert features.width == 32
    torch.testing.assert_close(both, torch.cat(single, 1))


def test_training_changes_the_classifier_and_no_weight_of_the_network():
    network = body()
    before = {name: weight.clone() for name, weight in network.state_dict().items()}
    model = TextClassifier(network, 3, read=partial(FrozenFeatures, layers=(-2, -1))).train()
    output = model.output.weight.detach().clone()
    optimiser = adamw(model.parameters(), lr=0.1, weight_decay=0.5)
    for _ in range(3):
        optimiser.zero_grad()
        model(IDS, SEGMENTS, PLACES, 4).outputs.square().sum().backward()
        optimiser.step()
    assert not torch.equal(model.output.weight, output)
    after = network.state_dict()
    assert [name for name in before if not torch.equal(before[name], after[name])] == []


def test_the_classifiers_weights_alone_count_as_trained():
    model = TextClassifier(body(), 3, read=partial(FrozenFeatures, layers=(-2, -1)))
    assert count_parameters(model) == {"embedding": 0, "other": 3 * 2 * SIZES["d_model"] + 3}


def test_nothing_is_dropped_out_of_what_is_read_even_in_training():
    features, rows = read((-1,))
    assert features.train().training and not features.body.training
    torch.testing.assert_close(features(IDS, SEGMENTS, PLACES).pooled, rows)


def test_no_layer_is_an_error():
    with pytest.raises(ValueError, match="give at least one"):
        FrozenFeatures(body(), layers=())
