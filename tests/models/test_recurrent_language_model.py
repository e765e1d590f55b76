from functools import partial

import pytest
import torch
from torch import nn

from replications.layers.recurrent import GRULayer, LSTMLayer
from replications.models.initialisation import normal
from replications.models.language_model import LanguageModel
from replications.models.recurrent_language_model import RecurrentLanguageModel

SIZES = {"d_model": 12, "hidden": 20, "layers": 2, "dropout": 0.1}


def build(seed=0, **changes):
    torch.manual_seed(seed)
    initialise = partial(normal, std=0.3)
    return RecurrentLanguageModel(30, initialise=initialise, **SIZES | changes).eval()


IDS = torch.randint(30, (3, 9), generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("layer", [LSTMLayer, GRULayer])
def test_read_at_once_or_token_by_token_the_logits_are_the_same(layer):
    model = build(layer=layer)
    assert isinstance(model, LanguageModel)
    whole, state = model(IDS), model.start(3)
    prompt, state = model.step(IDS[:, :4], state)
    torch.testing.assert_close(prompt, whole[:, 3], atol=1e-5, rtol=1e-5)
    for time in range(4, 9):
        logits, state = model.step(IDS[:, time : time + 1], state)
        torch.testing.assert_close(logits, whole[:, time], atol=1e-5, rtol=1e-5)


def test_a_later_token_changes_no_earlier_logits_and_an_earlier_one_changes_later_ones():
    model, changed = build(), IDS.clone()
    changed[:, 5] = (changed[:, 5] + 1) % 30
    before, after = model(IDS), model(changed)
    assert torch.equal(before[:, :5], after[:, :5])
    assert (before[:, 8] - after[:, 8]).abs().max() > 1e-4


def test_it_is_torchs_lstm_with_a_projection_and_the_embedding_as_output():
    model = build(layers=1)
    theirs = nn.LSTM(12, 20, batch_first=True)
    ours = model.stack.layers[0]
    # Theirs has the last two of the four parts, output and candidate, the other way round.
    order = torch.cat([torch.arange(0, 40), torch.arange(60, 80), torch.arange(40, 60)])
    with torch.no_grad():
        theirs.weight_ih_l0.copy_(ours.input.weight[order])
        theirs.weight_hh_l0.copy_(ours.recurrent[order])
        theirs.bias_ih_l0.copy_(ours.input.bias[order])
        theirs.bias_hh_l0.zero_()
    outputs, _ = theirs(model.embedding(IDS))
    logits = model.projection(outputs) @ model.embedding.weight.T
    torch.testing.assert_close(model(IDS), logits, atol=1e-5, rtol=1e-5)
