from __future__ import annotations

import torch
from tiny_text import draw_batch
from torch.testing import assert_close

from replications.corpora.batches.word_blocks import WordBatch
from replications.models.window_predictors import ContinuousBagOfWords, SkipGram, WindowPredictor

WORDS, DIMENSION = 11, 4


def draw_vectors(seed: int = 0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(WORDS, DIMENSION, generator=generator, dtype=torch.float64)


def added_up(update):
    """The update as a whole matrix, row by row."""
    whole = torch.zeros(WORDS, DIMENSION, dtype=torch.float64)
    for block in range(len(update.rows)):
        for row, gradient in zip(update.rows[block], update.gradient[block], strict=True):
            whole[row] += gradient
    return whole


def test_both_architectures_are_window_predictors():
    assert isinstance(SkipGram(), WindowPredictor)
    assert isinstance(ContinuousBagOfWords(), WindowPredictor)


def test_skip_gram_predicts_each_word_of_the_window_from_the_centre_word():
    vectors, batch = draw_vectors(), draw_batch(WORDS)
    prediction = SkipGram().predict(vectors, *batch)
    assert_close(prediction.hidden, vectors[batch.centre])
    assert torch.equal(prediction.targets, batch.context)
    assert torch.equal(prediction.weights.bool(), batch.in_window)


def test_the_bag_of_words_predicts_the_centre_word_from_the_mean_of_its_window():
    vectors, batch = draw_vectors(), draw_batch(WORDS)
    prediction = ContinuousBagOfWords().predict(vectors, *batch)
    assert torch.equal(prediction.targets, batch.centre)
    for block in range(2):
        for i in range(3):
            window = batch.context[block][batch.in_window[block, i]]
            if len(window) == 0:
                assert not prediction.weights[block, i].any()
                continue
            assert_close(prediction.hidden[block, i], vectors[window].mean(0))
            assert prediction.weights[block, i].tolist() == [float(j == i) for j in range(3)]


def test_the_order_of_a_window_does_not_matter_to_the_bag_of_words():
    vectors, batch = draw_vectors(), draw_batch(WORDS)
    order = torch.tensor([6, 4, 2, 0, 1, 3, 5])
    mixed = WordBatch(batch.centre, batch.context[:, order], batch.in_window[:, :, order])
    one, two = (ContinuousBagOfWords().predict(vectors, *each) for each in (batch, mixed))
    assert_close(one.hidden, two.hidden)
    assert one.hidden.abs().sum() > 0


def test_words_outside_every_window_cannot_change_a_prediction():
    vectors, batch = draw_vectors(), draw_batch(WORDS)
    for predictor in (SkipGram(), ContinuousBagOfWords()):
        before = predictor.predict(vectors, *batch)
        used = torch.cat([batch.centre.flatten(), batch.context[batch.in_window.any(1)]])
        changed = vectors.clone()
        unused = torch.ones(WORDS, dtype=torch.bool)
        unused[used] = False
        assert unused.any()
        changed[unused] += 100
        assert_close(predictor.predict(changed, *batch).hidden, before.hidden)


def test_the_divided_bag_of_words_spreads_the_gradient_of_the_mean():
    vectors, batch = draw_vectors().requires_grad_(), draw_batch(WORDS)
    predictor = ContinuousBagOfWords(divided=True)
    hidden = predictor.predict(vectors, *batch).hidden
    gradient = torch.randn(hidden.shape, generator=torch.Generator().manual_seed(1)).double()
    gradient[1, 2] = 0  # an empty window has no prediction, and so no gradient
    (hidden * gradient).sum().backward()
    update = predictor.spread(gradient, torch.ones(2, 3).double(), *batch)
    assert_close(added_up(update), vectors.grad)


def test_the_undivided_bag_of_words_adds_n_times_the_gradient_to_each_of_n_words():
    batch = draw_batch(WORDS)
    gradient = torch.randn(2, 3, DIMENSION, generator=torch.Generator().manual_seed(1)).double()
    pairs = torch.ones(2, 3).double()
    for i in range(3):
        alone = batch._replace(in_window=batch.in_window & (torch.arange(3) == i)[None, :, None])
        size = int(alone.in_window[0].sum())
        assert size > 1
        divided, undivided = (
            ContinuousBagOfWords(divided=each).spread(gradient[:1], pairs[:1], *first_of(alone))
            for each in (True, False)
        )
        assert_close(undivided.gradient, size * divided.gradient)
        expected = torch.zeros(WORDS, DIMENSION).double()
        for word in alone.context[0][alone.in_window[0, i]]:
            expected[word] += gradient[0, i]
        assert_close(added_up(undivided), expected)


def first_of(batch: WordBatch) -> WordBatch:
    return WordBatch(*(part[:1] for part in batch))


def test_each_word_of_a_window_counts_the_decisions_it_had_a_part_in():
    batch = draw_batch(WORDS)
    gradient, asked = torch.zeros(2, 3, DIMENSION), torch.tensor([[1.0, 10, 100], [2, 20, 200]])
    update = ContinuousBagOfWords().spread(gradient, asked, *batch)
    assert_close(update.pairs, (batch.in_window * asked[..., None]).sum(1))
    update = SkipGram().spread(gradient, asked, *batch)
    assert torch.equal(update.pairs, asked)
    assert torch.equal(update.rows, batch.centre)
