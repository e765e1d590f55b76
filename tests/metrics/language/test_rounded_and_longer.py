"""What a text costs with rounded weights, and with more or less context."""

from functools import partial
from types import SimpleNamespace

import pytest
import torch

from replications.metrics.language.context_lengths import likelihood_by_context
from replications.metrics.language.quantised_likelihood import quantised_likelihood
from replications.metrics.language.text_likelihood import text_likelihood
from replications.models.initialisation import normal
from replications.models.presets import LLaMA
from replications.tokens.byte_level import ByteLevelBPE

TOKENS = ByteLevelBPE.learn(["the cat sat on the mat"], merges=5)
TEXTS = ["the cat sat on the mat " * 3, "a cat on a mat"]


@pytest.fixture
def objective():
    torch.manual_seed(0)
    model = LLaMA(
        len(TOKENS),
        d_model=32,
        layers=2,
        heads=4,
        d_ff=64,
        max_length=16,
        initialise=partial(normal, std=0.3),
    )
    return SimpleNamespace(model=model.eval())


DATA = SimpleNamespace(vocabulary=TOKENS, length=16, text=SimpleNamespace(test=TEXTS))


def test_fewer_bits_a_weight_cost_more_bits_and_fewer_bytes(objective):
    before = {name: weight.clone() for name, weight in objective.model.state_dict().items()}
    ways = (("int8", 8, None), ("int4", 4, 32))
    found = quantised_likelihood(objective, DATA, ways=ways)
    exact = text_likelihood(objective.model, TOKENS, TEXTS, length=16).bits_per_byte
    assert found["rounded_bits_per_byte:float32"] == exact
    errors = [abs(found[f"rounded_bits_per_byte:{way}"] - exact) for way in ("int8", "int4")]
    assert 0 < errors[0] < errors[1] / 3
    sizes = [found[f"megabytes:{way}"] for way in ("float32", "int8", "int4")]
    assert sizes == sorted(sizes, reverse=True)
    matrices = 2 * (4 * 32 * 32 + 3 * 32 * 64)
    assert (sizes[0] - sizes[2]) * 1e6 == matrices * 4 - (matrices / 2 + matrices / 32 * 4)
    # The model itself stays as it was.
    after = objective.model.state_dict()
    assert all(torch.equal(after[name], weight) for name, weight in before.items())


def test_each_context_is_measured_in_windows_of_its_length(objective):
    found = likelihood_by_context(objective, DATA, contexts=(4, 16, 40))
    for length in (4, 16, 40):
        expected = text_likelihood(objective.model, TOKENS, TEXTS, length=length).bits_per_byte
        assert found[f"context_bits_per_byte:{length}"] == expected
    assert len(set(found.values())) == 3
