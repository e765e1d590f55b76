from __future__ import annotations

import torch
from torch.testing import assert_close

from replications.models.glove import LogBilinear
from replications.training.trainers import count_parameters


def model_of(words=11, dimension=6, seed=0):
    return LogBilinear(words, dimension, torch.Generator().manual_seed(seed))


def test_a_cell_is_predicted_by_the_product_and_both_biases():
    model = model_of()
    words, contexts = torch.tensor([3, 10, 3]), torch.tensor([7, 0, 3])
    with torch.no_grad():
        found = model(words, contexts)
        for place, (i, j) in enumerate(zip(words, contexts, strict=True)):
            product = model.word.weight[i] @ model.context.weight[j]
            assert_close(found[place], product + model.word_bias[i] + model.context_bias[j])


def test_weights_and_biases_start_within_half_of_one_over_d_plus_one():
    model = model_of(words=400, dimension=9)
    for weight in model.parameters():
        assert 0.045 < weight.abs().max() <= 0.05
        assert abs(weight.mean()) < 0.01


def test_words_and_contexts_start_apart_and_by_the_seed():
    assert not torch.equal(model_of().word.weight, model_of().context.weight)
    assert torch.equal(model_of(seed=4).word.weight, model_of(seed=4).word.weight)
    assert not torch.equal(model_of(seed=4).word.weight, model_of(seed=5).word.weight)


def test_a_model_has_two_vectors_and_two_biases_a_word():
    assert count_parameters(model_of(words=11, dimension=6)) == {
        "embedding": 2 * 11 * 6,
        "other": 2 * 11,
    }


def test_the_gradient_reaches_every_part():
    model = model_of()
    model(torch.arange(11), torch.arange(11).flip(0)).square().sum().backward()
    assert all(weight.grad.abs().sum() > 0 for weight in model.parameters())
