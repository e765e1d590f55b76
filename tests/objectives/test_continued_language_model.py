"""A language model that goes on from a trained one."""

from functools import partial
from types import SimpleNamespace

import torch
from tiny_language_model import Letters

from replications.models.presets import GPT1
from replications.objectives.continued_language_model import ContinuedLanguageModel
from replications.objectives.schedules import constant


def test_it_begins_with_the_trained_weights():
    network = partial(GPT1, d_model=8, layers=1, heads=2, d_ff=16, max_length=8)
    torch.manual_seed(0)
    trained = network(len(Letters()))
    made = ContinuedLanguageModel(
        Letters(),
        0,
        SimpleNamespace(model=trained),
        model=network,
        schedule=partial(constant, learning_rate=1e-3),
    )
    for name, weight in made.model.state_dict().items():
        torch.testing.assert_close(weight, trained.state_dict()[name], atol=0, rtol=0)
