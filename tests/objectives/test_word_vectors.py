from __future__ import annotations

from functools import partial
from math import exp, log
from types import SimpleNamespace

import pytest
import torch
from tiny_text import IDENTITY, draw_batch
from torch.testing import assert_close

from replications.corpora.batches.word_blocks import WordBatch
from replications.corpora.texts.encoded_text import EncodedText
from replications.metrics.word_vectors.held_out import held_out_loss
from replications.models.window_predictors import ContinuousBagOfWords, SkipGram, Update
from replications.objectives.binary_targets import binary_loss
from replications.objectives.hierarchical_softmax import HierarchicalSoftmax
from replications.objectives.negative_sampling import NegativeSampling
from replications.objectives.word_vectors import WordVectorObjective, add_rows_
from replications.tokens.words import Vocabulary

VOCABULARY = Vocabulary(tuple("abcdefghijk"), (90, 50, 33, 21, 20, 9, 8, 5, 3, 2, 1))
OUTPUTS = {
    "negative sampling": partial(NegativeSampling, negatives=5, shared_negatives=8),
    "hierarchical softmax": HierarchicalSoftmax,
}


def objective(predictor=SkipGram, output=OUTPUTS["negative sampling"], *, seed=0, **options):
    options = {"dimension": 3, **options}
    model = WordVectorObjective(VOCABULARY, seed, predictor=predictor, output=output, **options)
    model.on_train_epoch_start()
    return model


def randomise(model, seed=0):
    generator = torch.Generator().manual_seed(seed)
    for weight in (model.input.weight, model.output.weight):
        weight.data.normal_(generator=generator)


def step(model, batch, learning_rate=0.1):
    with torch.no_grad():
        prediction, binary_targets = model.decide(batch)
        model.apply_gradients(batch, prediction, binary_targets, learning_rate)
    return prediction, binary_targets


def test_vectors_start_small_and_even_and_output_rows_at_nought():
    model = objective(dimension=50)
    assert model.vectors.abs().max() <= 0.5 / 50
    assert model.vectors.std().item() == pytest.approx(1 / 50 / 12**0.5, rel=0.05)
    assert not model.output.weight.any()
    assert torch.equal(model.vectors, objective(dimension=50).vectors)
    assert not torch.equal(model.vectors, objective(dimension=50, seed=1).vectors)


def test_measuring_held_out_text_takes_none_of_the_draws_of_training():
    model, untouched = objective(), objective()
    held_out = EncodedText(
        torch.arange(40, dtype=torch.int32) % len(VOCABULARY),
        torch.zeros(40, dtype=torch.int32),
        VOCABULARY,
        40,
        IDENTITY,
    )
    text = SimpleNamespace(held_out=held_out)
    data = SimpleNamespace(text=text, window=2, block=8, blocks_per_batch=2)
    assert held_out_loss(model, data)["held_out_loss"] == pytest.approx(6 * log(2))
    drawn, expected = (torch.rand(5, generator=each.generator) for each in (model, untouched))
    assert torch.equal(drawn, expected)


def test_the_rate_falls_in_a_line_to_a_ten_thousandth():
    model = objective(learning_rate=0.05)
    assert [model.learning_rate_at(done) for done in (0.0, 0.25, 0.5)] == pytest.approx(
        [0.05, 0.0375, 0.025]
    )
    assert model.learning_rate_at(0.99995) == model.learning_rate_at(1.0) == pytest.approx(5e-6)


def test_the_first_loss_of_negative_sampling_is_that_of_six_tossed_coins():
    model = objective()
    assert model.mean_loss(*model.decide(draw_batch(11))).item() == pytest.approx(6 * log(2))


def test_the_first_loss_of_hierarchical_softmax_is_a_coin_for_each_level_of_the_path():
    model = objective(output=HierarchicalSoftmax)
    batch = draw_batch(11)
    targets = batch.context[:, None].expand(-1, 3, -1)[batch.in_window]
    depth = model.output.on_path[targets].sum(1).double().mean().item()
    assert depth > 1
    assert model.mean_loss(*model.decide(batch)).item() == pytest.approx(depth * log(2))


def test_a_batch_without_pairs_costs_nothing_and_changes_nothing():
    for predictor in (SkipGram, ContinuousBagOfWords):
        model = objective(predictor)
        randomise(model)
        before = [weight.clone() for weight in model.parameters()]
        batch = draw_batch(11)
        batch = batch._replace(in_window=torch.zeros_like(batch.in_window))
        assert model.mean_loss(*model.decide(batch)).item() == 0
        step(model, batch)
        for weight, old in zip(model.parameters(), before, strict=True):
            assert torch.equal(weight, old)


@pytest.mark.parametrize("output", OUTPUTS.values(), ids=OUTPUTS)
@pytest.mark.parametrize("predictor", [SkipGram, partial(ContinuousBagOfWords, divided=True)])
def test_an_update_is_a_step_down_the_gradient_of_the_loss(predictor, output):
    model = objective(predictor, output)
    randomise(model)
    batch = draw_batch(11)
    before = [weight.detach().clone() for weight in (model.input.weight, model.output.weight)]
    prediction, binary_targets = model.decide(batch)
    binary_loss(
        prediction.hidden, model.output.weight[binary_targets.rows], binary_targets
    ).backward()
    with torch.no_grad():
        model.apply_gradients(batch, prediction, binary_targets, 0.1)
    for weight, old in zip((model.input.weight, model.output.weight), before, strict=True):
        assert weight.grad.abs().max() > 0.1
        assert_close(weight.detach(), old - 0.1 * weight.grad, atol=1e-6, rtol=0)


@pytest.mark.parametrize("output", OUTPUTS.values(), ids=OUTPUTS)
@pytest.mark.parametrize("predictor", [SkipGram, ContinuousBagOfWords])
def test_one_batch_can_be_learnt_by_heart(predictor, output):
    model = objective(predictor, output, dimension=16)
    if isinstance(model.output, NegativeSampling):
        # All noise is the last word, which is no target: else no model could reach a loss of zero.
        model.output.cumulative_noise = torch.eye(11).double()[10].cumsum(0)
    context = torch.tensor([[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]])
    in_window = torch.zeros(2, 1, 5, dtype=torch.bool)
    in_window[0, 0, 1] = in_window[1, 0, 3] = True
    batch = WordBatch(context[:, 2:3], context, in_window)
    first = model.mean_loss(*model.decide(batch)).item()
    for _ in range(200):
        step(model, batch, learning_rate=0.5)
    assert model.mean_loss(*model.decide(batch)).item() < first / 50


def test_one_pair_is_updated_as_word2vec_c_does_it():
    model = objective(output=partial(NegativeSampling, negatives=2, shared_negatives=2))
    model.output.draw = lambda shape, generator: torch.tensor([[7, 4]])
    inputs, outputs = (
        weight.data.normal_(generator=torch.Generator().manual_seed(seed)).tolist()
        for seed, weight in enumerate((model.input.weight, model.output.weight))
    )
    word, target, learning_rate = 3, 5, 0.2
    step(
        model,
        WordBatch(*map(torch.tensor, ([[word]], [[target, word]], [[[True, False]]]))),
        learning_rate,
    )

    # The inner loop of word2vec.c: neu1e gathers the change of the word's own vector.
    neu1e = [0.0, 0.0, 0.0]
    for row, label in ((target, 1), (7, 0), (4, 0)):
        f = sum(u * v for u, v in zip(inputs[word], outputs[row], strict=True))
        g = (label - 1 / (1 + exp(-f))) * learning_rate
        for c in range(3):
            neu1e[c] += g * outputs[row][c]
            outputs[row][c] += g * inputs[word][c]
    for c in range(3):
        inputs[word][c] += neu1e[c]
    assert_close(model.vectors, torch.tensor(inputs), atol=1e-6, rtol=0)
    assert_close(model.output.weight.detach(), torch.tensor(outputs), atol=1e-6, rtol=0)


def test_noise_changes_with_the_seed():
    first, again, other = (objective(seed=seed) for seed in (0, 0, 1))
    rows = [model.decide(draw_batch(11))[1].rows for model in (first, again, other)]
    assert torch.equal(rows[0], rows[1])
    assert not torch.equal(rows[0], rows[2])


def test_a_row_given_twice_gets_both_gradients():
    weight = torch.zeros(4, 2)
    rows = torch.tensor([[1, 3, 1], [0, 1, 3]])
    gradient = torch.arange(12.0).view(2, 3, 2)
    add_rows_(weight, Update(rows, gradient, torch.ones(2, 3)), 0.5, update_cap=100.0)
    assert weight.tolist() == [[3, 3.5], [6, 7.5], [0, 0], [6, 7]]


def test_a_row_with_too_many_pairs_is_scaled_down_to_the_most_and_others_are_not():
    weight = torch.zeros(3, 1)
    rows, gradient = torch.tensor([[0, 0, 1]]), torch.tensor([[[30.0], [50.0], [7.0]]])
    pairs = torch.tensor([[60.0, 100.0, 20.0]])
    add_rows_(weight, Update(rows, gradient, pairs), 1.0, update_cap=20.0)
    assert weight.flatten().tolist() == [10, 7, 0]


def test_the_cap_holds_for_input_and_output_rows_alike():
    free, capped = objective(update_cap=1e9), objective(update_cap=2.0)
    moved = []
    for model in (free, capped):
        randomise(model)
        before = [weight.clone() for weight in model.parameters()]
        step(model, draw_batch(11))
        pairs = zip(model.parameters(), before, strict=True)
        moved.append([(weight - old).detach().norm().item() for weight, old in pairs])
    assert all(small < 0.5 * large for large, small in zip(*moved, strict=True))


def test_each_epoch_draws_noise_of_its_own(monkeypatch):
    model, rows = objective(), []
    for epoch in (0, 1, 0):
        monkeypatch.setattr(WordVectorObjective, "current_epoch", epoch)
        model.on_train_epoch_start()
        rows.append(model.decide(draw_batch(11))[1].rows)
    assert torch.equal(rows[0], rows[2])
    assert not torch.equal(rows[0], rows[1])
