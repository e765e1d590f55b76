from __future__ import annotations

from math import cos, pi, sin
from types import SimpleNamespace

import pytest
import torch
from tiny_text import IDENTITY

from replications.errors import ReplicationError
from replications.metrics.word_vectors import similarity
from replications.metrics.word_vectors.similarity import (
    scaled_similarity,
    similarity_correlation,
)
from replications.tokens.words import Vocabulary

VOCABULARY = Vocabulary(("hub", "near", "close", "far", "away"), (9, 8, 7, 6, 5))
ANGLES = torch.tensor([0.0, 0.1, 0.3, 0.8, 1.0]) * pi
PAIRS = [("Hub", "near", 9.5), ("hub", "CLOSE", 7.0), ("hub", "far", 2.5), ("hub", "away", 0.5)]


@pytest.fixture
def register(monkeypatch):
    def register_pairs(wordsim, simlex):
        rows = [
            {"dataset": dataset, "word1": first, "word2": second, "score": score}
            for dataset, pairs in (
                ("WS-353-ALL", wordsim),
                ("SIMLEX-999", simlex),
                ("MEN-TR-3k", PAIRS),
            )
            for first, second, score in pairs
        ]
        data = {name: [row[name] for row in rows] for name in rows[0]}
        monkeypatch.setattr(similarity, "load_corpus", lambda name, split: (data, IDENTITY))
        similarity._pairs.cache_clear()

    yield register_pairs
    similarity._pairs.cache_clear()


def planted():
    """Words on a circle: the cosine with "hub" falls from word to word."""
    vectors = torch.tensor([[cos(angle), sin(angle)] for angle in ANGLES])
    lengths = torch.tensor([[1.0], [0.1], [5.0], [2.0], [30.0]])
    return SimpleNamespace(vectors=vectors * lengths), SimpleNamespace(vocabulary=VOCABULARY)


def test_vectors_that_rank_pairs_as_people_do_score_a_hundred(register):
    register(PAIRS, [(first, second, -score) for first, second, score in PAIRS])
    numbers = similarity_correlation(*planted(), corpus="planted")
    assert numbers == {
        "wordsim353": 100.0,
        "wordsim353_pairs": 4.0,
        "simlex999": -100.0,
        "simlex999_pairs": 4.0,
    }


def test_one_exchange_of_ranks_costs_what_spearman_says(register):
    scores = (9.5, 2.5, 7.0, 0.5)
    swapped = [(a, b, score) for (a, b, _), score in zip(PAIRS, scores, strict=True)]
    register(PAIRS, swapped)
    # 1 - 6 Σ d² / (n (n² - 1)) with d = (0, 1, -1, 0) and n = 4.
    numbers = similarity_correlation(*planted(), corpus="planted")
    assert numbers["simlex999"] == pytest.approx(80)


def test_pairs_outside_the_vocabulary_are_left_out_and_not_counted(register):
    register([*PAIRS, ("hub", "unheard", 10.0), ("unseen", "hub", 0.0)], PAIRS)
    numbers = similarity_correlation(*planted(), corpus="planted")
    assert numbers["wordsim353"] == 100
    assert numbers["wordsim353_pairs"] == 4


def test_too_few_pairs_are_an_error_that_names_the_set(register):
    register(PAIRS, [*PAIRS[:2], ("hub", "unheard", 1.0)])
    with pytest.raises(ReplicationError, match="Of SIMLEX-999 only 2 pairs"):
        similarity_correlation(*planted(), corpus="planted")


def test_the_scale_of_a_feature_changes_nothing_once_it_is_normalised(register):
    register(PAIRS, PAIRS)
    model, data = planted()
    before = scaled_similarity(model, data)
    wide = SimpleNamespace(vectors=model.vectors * torch.tensor([7.0, 0.1]))
    assert scaled_similarity(wide, data) == pytest.approx(before)
    # What is added to all words changes their cosines, but not once the mean is taken off.
    moved = SimpleNamespace(vectors=model.vectors + torch.tensor([0.0, 3.0]))
    assert similarity_correlation(moved, data)["wordsim353"] < 90
    after = scaled_similarity(moved, data)
    assert after["men_standardised"] == pytest.approx(before["men_standardised"])


def test_too_few_pairs_to_rank_are_an_error_with_scaled_features_too(register):
    register(PAIRS[:2], PAIRS)
    with pytest.raises(ReplicationError, match="WS-353-ALL only 2 pairs"):
        scaled_similarity(*planted())
