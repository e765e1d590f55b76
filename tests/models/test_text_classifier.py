from functools import partial

import pytest
import torch

from replications.models.presets import BERT
from replications.models.text_classifier import PooledState, TextClassifier

SIZES = {"d_model": 16, "layers": 1, "heads": 2, "d_ff": 32, "max_length": 12}
IDS = torch.randint(1, 30, (4, 7), generator=torch.Generator().manual_seed(0))
SEGMENTS = torch.tensor([0, 0, 0, 1, 1, 1, 1]).expand(4, 7)


def body(**changes):
    torch.manual_seed(0)
    return partial(BERT, **SIZES, **changes)(30).eval()


def classify(network, *, positions=0, examples=4):
    torch.manual_seed(1)
    classifier = TextClassifier(network, 3, read=PooledState, std=0.5).eval()
    where = torch.full((4,), positions)
    return classifier, classifier(IDS, SEGMENTS, where, examples).outputs


def test_the_pooler_of_next_sentences_goes_on_and_is_not_made_anew():
    network = body()
    classifier, outputs = classify(network)
    pooler = network.tasks["next_sentence"].pooler
    pooled = pooler(network.hidden(IDS, SEGMENTS))
    torch.testing.assert_close(outputs, classifier.output(pooled), atol=1e-5, rtol=1e-5)
    assert not [name for name, _ in classifier.named_parameters() if "own_pooler" in name]


def test_without_next_sentences_a_pooler_starts_afresh():
    classifier, _ = classify(body(tasks={}))
    assert [name for name, _ in classifier.named_parameters() if "own_pooler" in name]


@pytest.mark.parametrize("place", [0, 3, 6])
def test_the_state_at_the_place_is_read(place):
    network = body()
    classifier, outputs = classify(network, positions=place)
    states = network.hidden(IDS, SEGMENTS)[:, place]
    pooled = network.tasks["next_sentence"].pooler.dense(states).tanh()
    torch.testing.assert_close(outputs, classifier.output(pooled), atol=1e-5, rtol=1e-5)


def test_segments_are_read():
    network = body()
    classifier, outputs = classify(network)
    others = classifier(IDS, torch.zeros_like(IDS), torch.zeros(4, dtype=torch.long), 4).outputs
    assert (outputs - others).abs().max() > 1e-4


def test_the_states_of_an_examples_rows_are_added():
    network = body()
    classifier, _ = classify(network)
    _, together = classify(network, examples=2)
    rows = classifier.read(IDS, SEGMENTS, torch.zeros(4, dtype=torch.long)).pooled
    expected = classifier.output(rows.unflatten(0, (2, 2)).sum(1))
    torch.testing.assert_close(together, expected, atol=1e-5, rtol=1e-5)
