"""Names chosen by the probability of the whole rest of a sentence."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch
from tiny_language_model import Bigrams, Letters

from replications.corpora.texts.name_cloze import NameQuestion
from replications.metrics.language.name_cloze import name_cloze_metrics

QUESTIONS = (
    NameQuestion("abc", " d", ("a", "b", "c"), "b"),
    NameQuestion("bcd", " a", ("a", "b"), "a"),
)


def measured(model):
    data = SimpleNamespace(
        vocabulary=Letters(), length=16, eval_sets={"names": SimpleNamespace(questions=QUESTIONS)}
    )
    return name_cloze_metrics(SimpleNamespace(model=model), data)


def preferring(*pairs):
    model = Bigrams()
    with torch.no_grad():
        model.table.fill_(0.0)
        for one, other in pairs:
            model.table[one, other] = 5.0
    return model


def test_the_candidate_that_the_model_prefers_is_chosen():
    # Four is the blank: after it b, or a.
    assert measured(preferring((4, 1)))["cloze_names"] == 50
    assert measured(preferring((4, 0)))["cloze_names"] == 50
    assert measured(preferring((4, 2)))["cloze_names"] == 50


def test_what_follows_the_candidate_counts_too():
    # All candidates are as probable; after b alone a blank is.
    found = measured(preferring((1, 4)))
    assert found["cloze_names"] == 50
    assert measured(preferring((1, 4), (0, 4)))["cloze_names"] == 50


def test_chance_and_the_most_frequent_name_are_the_questions_own():
    found = measured(Bigrams())
    assert found["cloze_names_chance"] == pytest.approx(100 * (1 / 3 + 1 / 2) / 2)
    assert found["cloze_names_frequent"] == 50
