from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch
from tiny_text import text_of
from torch.testing import assert_close

from replications.corpora.batches.cooccurrence_blocks import (
    CooccurrenceBlocks,
    CountBlock,
    Diagonals,
    shuffled_positions,
)
from replications.corpora.texts.cooccurrence import count_cooccurrences
from replications.corpora.texts.encoded_text import world_text
from replications.metrics.word_vectors.analogies import world_analogy_accuracy
from replications.objectives.cooccurrence_regression import CooccurrenceRegression, count_weight
from replications.recipes import Recipe
from replications.tokens.words import Vocabulary
from replications.training.fit import fit
from replications.training.trainers import train

VOCABULARY = Vocabulary(tuple("abcdefg"), (90, 50, 31, 20, 11, 7, 2))
# Rows 1 to 3 and columns 2 to 5 of seven words: seven of the twelve cells.
ROWS, COLUMNS = slice(1, 4), slice(2, 6)
CELLS = torch.tensor([0, 2, 3, 5, 8, 9, 11])
COUNTS = torch.tensor([0.2, 3.0, 14.5, 10.0, 1.0, 7.25, 130.0])
BLOCK = CountBlock(ROWS, COLUMNS, CELLS.int(), COUNTS)


def objective(**settings) -> CooccurrenceRegression:
    settings = {"dimension": 5, "x_max": 10.0, "learning_rate": 0.3} | settings
    model = CooccurrenceRegression(VOCABULARY, 0, **settings)
    generator = torch.Generator().manual_seed(1)
    for weight in model.parameters():
        weight.data.uniform_(-0.8, 0.8, generator=generator)
    return model


def loss_of_equation_8(model: CooccurrenceRegression) -> torch.Tensor:
    words, contexts = ROWS.start + CELLS // 4, COLUMNS.start + CELLS % 4
    weight = torch.where(COUNTS < 10.0, (COUNTS / 10.0) ** 0.75, torch.ones(7))
    return (weight * (model.model(words, contexts) - COUNTS.log()) ** 2).sum()


def test_the_weight_rises_with_the_count_and_is_1_from_x_max_on():
    counts = torch.tensor([1.0, 16.0, 81.0, 100.0, 5_000.0])
    expected = torch.tensor([100**-0.75, 0.16**0.75, 0.81**0.75, 1.0, 1.0])
    assert_close(count_weight(counts, 100.0, 0.75), expected)


def test_an_exponent_of_zero_weighs_every_cell_alike():
    assert count_weight(torch.tensor([0.1, 5.0, 900.0]), 100.0, 0.0).tolist() == [1, 1, 1]


def test_a_smaller_x_max_weighs_a_cell_no_less():
    counts = torch.tensor([0.5, 5.0, 50.0])
    assert (count_weight(counts, 10.0, 0.75) > count_weight(counts, 100.0, 0.75)).all()


def test_the_loss_of_a_block_is_half_of_equation_8():
    model = objective()
    with torch.no_grad():
        expected = loss_of_equation_8(model) / 2
        assert_close(model.fit_block(BLOCK), expected)


def test_a_step_is_that_of_torchs_adagrad_with_the_gradient_of_half_of_equation_8():
    model, other = objective(), objective()
    adagrad = torch.optim.Adagrad(other.parameters(), lr=0.3, initial_accumulator_value=1.0, eps=0)
    for _ in range(4):
        with torch.no_grad():
            model.fit_block(BLOCK)
        adagrad.zero_grad()
        (loss_of_equation_8(other) / 2).backward()
        adagrad.step()
    for ours, theirs in zip(model.parameters(), other.parameters(), strict=True):
        assert_close(ours, theirs)


def test_words_outside_the_block_keep_their_weights():
    model, before = objective(), objective()
    with torch.no_grad():
        model.fit_block(BLOCK)
    for name, touched in (("word", range(1, 4)), ("context", range(2, 6))):
        now, then = (getattr(one.model, name).weight for one in (model, before))
        changed = (now != then).any(1).nonzero()[:, 0].tolist()
        assert changed == list(touched)


def glove_c(weights, entries, *, learning_rate, divide_first):
    """glove.c's loop (stanfordnlp/GloVe, df70b05) over (word, context, count), in place.

    Its accumulators start at 1 and take (rate · gradient)². It divides by the root of what was
    there before this cell; the textbook's AdaGrad (`divide_first` off) counts this cell too.
    """
    squares = {name: np.ones_like(weight) for name, weight in weights.items()}
    for i, j, count in entries:
        word, context = weights["word"][i].copy(), weights["context"][j].copy()
        difference = word @ context + weights["word_bias"][i] + weights["context_bias"][j]
        difference -= np.log(count)
        scaled = learning_rate * min(1.0, (count / 10.0) ** 0.75) * difference
        steps = {
            ("word", i): scaled * context,
            ("context", j): scaled * word,
            ("word_bias", i): scaled,
            ("context_bias", j): scaled,
        }
        for (name, place), step in steps.items():
            before = squares[name][place]
            after = before + step**2
            weights[name][place] -= step / np.sqrt(before if divide_first else after)
            squares[name][place] = after


def hand_fed(divide_first: bool) -> tuple[dict, dict]:
    """Weights after twenty cells, a block each: ours, and those of glove.c's rule."""
    learning_rate = 0.05
    # Accumulating (rate · g)² from 1 is accumulating g² from 1 / rate², with a rate of 1.
    model = objective(learning_rate=1.0, initial_accumulator=1 / learning_rate**2)
    theirs = {
        "word": model.model.word.weight.detach().double().numpy().copy(),
        "context": model.model.context.weight.detach().double().numpy().copy(),
        "word_bias": model.model.word_bias.detach().double().numpy().copy(),
        "context_bias": model.model.context_bias.detach().double().numpy().copy(),
    }
    generator = torch.Generator().manual_seed(2)
    permutation = torch.randint(7, (20, 2), generator=generator).tolist()
    counts = (torch.rand(20, generator=generator) * 40 + 0.1).tolist()
    entries = [(i, j, count) for (i, j), count in zip(permutation, counts, strict=True)]
    glove_c(theirs, entries, learning_rate=learning_rate, divide_first=divide_first)
    with torch.no_grad():
        for i, j, count in entries:
            entry = torch.zeros(1, dtype=torch.int32)
            model.fit_block(
                CountBlock(slice(i, i + 1), slice(j, j + 1), entry, torch.tensor([count]))
            )
    ours = {
        "word": model.model.word.weight,
        "context": model.model.context.weight,
        "word_bias": model.model.word_bias,
        "context_bias": model.model.context_bias,
    }
    return {name: weight.detach().double().numpy() for name, weight in ours.items()}, theirs


def test_twenty_cells_one_by_one_are_the_textbooks_adagrad_in_the_units_of_glove_c():
    ours, theirs = hand_fed(divide_first=False)
    for name in theirs:
        np.testing.assert_allclose(ours[name], theirs[name], atol=1e-6)


def test_glove_c_divides_before_it_adds_and_ends_a_little_farther_on():
    """The departure: a new square counts at once with us, and from the next cell on in glove.c."""
    ours, theirs = hand_fed(divide_first=True)
    gaps = {name: np.abs(ours[name] - theirs[name]).max() for name in theirs}
    assert 1e-6 < max(gaps.values()) < 0.02


def test_the_kept_vectors_are_the_sum_of_both_by_word():
    model = objective()
    assert_close(model.vectors, model.word_vectors + model.context_vectors)
    for number, place in enumerate(model.permutation.tolist()):
        assert torch.equal(model.word_vectors[number], model.model.word.weight[place])


TINY = text_of("a b c a c d e", "b d a a e c b", "e f a g b d f")


@pytest.mark.parametrize("block", [3, 64])
def test_passes_over_the_blocks_fit_all_log_counts_where_there_are_dimensions_enough(block):
    entries = count_cooccurrences(TINY, window=3)
    model = CooccurrenceRegression(
        TINY.vocabulary, 0, dimension=8, x_max=1.0, exponent=0.75, learning_rate=0.4
    )
    diagonals = Diagonals(entries, shuffled_positions(entries.size, 0), block)
    with torch.no_grad():
        for _ in range(200):
            for found in diagonals:
                for part in found:
                    model.fit_block(part)
        rows, columns, counts = entries.symmetric()
        predicted = model.model(model.permutation[rows], model.permutation[columns])
    assert_close(predicted, counts.log(), atol=0.1, rtol=0)


def test_the_same_seed_gives_the_same_bits():
    recipe = Recipe(
        "tiny-glove",
        data=partial(
            CooccurrenceBlocks, text=partial(world_text, tokens=3_000), window=3, block=64
        ),
        learner=partial(train, objective=partial(CooccurrenceRegression, dimension=8), epochs=3),
        metrics=(world_analogy_accuracy,),
        minutes=0.01,
    )
    one, two, other = (fit(recipe, paper="glove", tier="smoke", seed=seed)[1] for seed in (0, 0, 1))
    assert torch.equal(one.vectors, two.vectors)
    assert one.vectors.shape != other.vectors.shape or not torch.equal(one.vectors, other.vectors)
