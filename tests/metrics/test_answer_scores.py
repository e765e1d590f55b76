"""Exact match and continuous scores of the same outputs; the quick loss; margins of pairs."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from tiny_language_model import Bigrams, Letters

from replications.corpora.texts.documents import Documents
from replications.corpora.texts.minimal_pairs import MinimalPair
from replications.errors import ReplicationError
from replications.metrics.language.answer_scores import (
    AnswerScores,
    answer_scores,
    answered_sums,
    repeated_tokens,
)
from replications.metrics.language.pair_margins import pair_margins
from replications.metrics.language.sentence_scores import log_probabilities
from replications.metrics.language.sequence_loss import sequence_loss
from replications.metrics.language.text_likelihood import token_losses


def objective(model=None):
    return SimpleNamespace(model=model or Bigrams())


def test_exact_match_takes_all_of_so_many_tokens_in_a_row():
    right = torch.tensor([[1, 1, 1, 0], [1, 1, 1, 1]], dtype=torch.bool)
    found = AnswerScores(torch.full((2, 4), 0.5), right).named("x", (1, 2, 4))
    assert found == {
        "x_nats_per_token": 0.5,
        "x_token_accuracy": 87.5,
        "x_exact_match:1": 87.5,
        "x_exact_match:2": 75.0,
        "x_exact_match:4": 50.0,
    }


def test_scores_are_those_of_the_last_tokens_given_the_true_ones_before():
    model, ids = Bigrams(), torch.tensor([[0, 1, 2, 3], [3, 3, 1, 0]])
    scores = answer_scores(objective(model), ids, 2)
    log_p = model.table.log_softmax(-1)
    expected = -torch.stack([log_p[ids[:, 1], ids[:, 2]], log_p[ids[:, 2], ids[:, 3]]], 1)
    torch.testing.assert_close(scores.nats, expected.detach())
    greedy = model.table.argmax(-1)
    assert scores.right.tolist() == (greedy[ids[:, 1:3]] == ids[:, 2:]).tolist()


class Copying(Bigrams):
    """Expects the token that stood `distance` before the next one."""

    def __init__(self, distance: int) -> None:
        super().__init__()
        self.distance = distance

    def forward(self, ids):
        shifted = torch.roll(ids, self.distance - 1, 1)
        return 50.0 * torch.nn.functional.one_hot(shifted, 6) + 0 * self.table.sum()


def test_a_model_that_copies_repeats_random_tokens_and_another_does_not():
    data = SimpleNamespace(vocabulary=Letters(), length=64)
    asked = {"sequences": 20, "repeated": 8, "scored": 4, "lengths": (1, 4)}
    copied = repeated_tokens(objective(Copying(8)), data, **asked)
    other = repeated_tokens(objective(Copying(3)), data, **asked)
    assert copied["induction_exact_match:4"] == 100 > other["induction_token_accuracy"]
    assert copied["induction_nats_per_token"] < 1e-6


def test_sums_are_scored_by_their_digits():
    questions = (("ab", "c"), ("bb", "c"))
    data = SimpleNamespace(
        vocabulary=Letters(), eval_sets={"sums": SimpleNamespace(questions=questions)}
    )
    model = Bigrams()
    with torch.no_grad():
        model.table[1] = torch.tensor([0.0, 0, 9, 0, 0, 0])
    found = answered_sums(objective(model), data)
    assert found["sums_exact_match:1"] == found["sums_token_accuracy"] == 100
    uneven = SimpleNamespace(
        vocabulary=Letters(),
        eval_sets={"sums": SimpleNamespace(questions=(("a", "c"), *questions))},
    )
    with pytest.raises(ReplicationError, match="several lengths in tokens"):
        answered_sums(objective(model), uneven)


def test_the_quick_loss_is_the_mean_over_sequences_spread_over_the_part():
    text = Documents(["a"], ["abcd" * 20], ["dcba" * 30], ())
    data = SimpleNamespace(text=text, vocabulary=Letters(), length=4)
    model = Bigrams()
    found = sequence_loss(objective(model), data, part="validation", sequences=4, prefix="v_")
    ids = torch.tensor([*Letters().encode("abcd" * 20), 5])
    starts = [0, 20, 40, 60]
    rows = torch.stack([ids[start : start + 5] for start in starts])
    expected = token_losses(model(rows[:, :-1]), rows[:, 1:]).mean()
    assert found == {"v_nats_per_token": pytest.approx(float(expected.detach()))}
    with pytest.raises(ReplicationError, match="has 20 sequences of 4 tokens, and 21"):
        sequence_loss(objective(model), data, part="validation", sequences=21)


def test_the_margin_of_a_pair_is_the_difference_of_the_sentences_probabilities():
    pairs = [
        MinimalPair("ab", "ad", "syntax", "agreement", "one"),
        MinimalPair("ca", "cb", "syntax", "islands", "two"),
    ]
    data = SimpleNamespace(
        vocabulary=Letters(), length=8, eval_sets={"blimp": SimpleNamespace(pairs=pairs)}
    )
    model = Bigrams()
    found = pair_margins(objective(model), data, score=log_probabilities, phenomena=("agreement",))
    log_p = model.table.log_softmax(-1).detach().double().numpy()
    margins = [log_p[0, 1] - log_p[0, 3], log_p[2, 0] - log_p[2, 1]]
    assert math.isclose(found["blimp_margin"], np.mean(margins), rel_tol=1e-5)
    assert math.isclose(found["blimp_margin:agreement"], margins[0], rel_tol=1e-5)
    assert found["blimp_accuracy"] == 50 * sum(margin > 0 for margin in margins)
