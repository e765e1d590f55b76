from __future__ import annotations

import math
from types import SimpleNamespace

import pytest
import torch
from tiny_text import text_of

from replications.corpora.texts.cooccurrence import Cooccurrences, count_cooccurrences
from replications.corpora.texts.encoded_text import world_text
from replications.corpora.world.words import PROBED, PROBES
from replications.errors import ReplicationError
from replications.metrics.word_vectors.ratios import (
    ice_and_steam,
    ice_and_steam_by_document,
    planted_ratios,
    probability_ratios,
    ratio_scores,
)
from replications.tokens.words import Vocabulary

VOCABULARY = Vocabulary(
    ("ice", "steam", "solid", "gas", "water", "rest"), (1_000, 900, 100, 90, 80, 70)
)


def counts_of(cooccurrences: dict[tuple[str, str], float]) -> Cooccurrences:
    ordered = sorted(
        (*sorted((VOCABULARY.id(one), VOCABULARY.id(other))), count)
        for (one, other), count in cooccurrences.items()
    )
    first, second, count = (torch.tensor(column) for column in zip(*ordered, strict=True))
    return Cooccurrences(first, second, count, len(VOCABULARY))


CELLS = counts_of(
    {
        ("ice", "solid"): 8.0,
        ("ice", "gas"): 2.0,
        ("ice", "water"): 30.0,
        ("ice", "rest"): 160.0,
        ("steam", "solid"): 1.0,
        ("steam", "gas"): 9.0,
        ("steam", "water"): 15.0,
        ("steam", "rest"): 75.0,
        ("solid", "gas"): 400.0,
    }
)


def test_the_ratios_are_those_of_the_counts_by_hand():
    rows = probability_ratios(CELLS, VOCABULARY, "ice", "steam", ["solid", "gas", "water"])
    solid, gas, water = rows
    assert solid["probe"] == "solid"
    assert (solid["first_count"], solid["second_count"]) == (8, 1)
    # Ice has 200 neighbours in all, steam 100.
    assert solid["first_probability"] == pytest.approx(0.04)
    assert solid["second_probability"] == pytest.approx(0.01)
    assert solid["ratio"] == pytest.approx(4)
    assert gas["ratio"] == pytest.approx(0.01 / 0.09)
    assert water["ratio"] == pytest.approx(1)


def test_the_metric_gives_natural_logarithms_and_the_counts_that_they_rest_on():
    found = ice_and_steam(None, SimpleNamespace(counts=CELLS, vocabulary=VOCABULARY))
    assert found["log_ratio:solid"] == pytest.approx(math.log(4))
    assert found["log_ratio:water"] == pytest.approx(0, abs=1e-12)
    assert (found["ice:gas"], found["steam:gas"]) == (2, 9)


def test_an_unknown_word_is_an_error_that_names_it():
    with pytest.raises(ReplicationError, match="'fashion' is not among the 6 words"):
        probability_ratios(CELLS, VOCABULARY, "ice", "steam", ["fashion"])


def test_a_probe_that_is_never_seen_beside_one_word_is_an_error_that_names_it():
    text = text_of("ice solid water", "steam gas water", "rest solid")
    cooccurrences = count_cooccurrences(text, window=5)
    with pytest.raises(ReplicationError, match="'solid' never stands near both 'ice' and 'steam'"):
        probability_ratios(cooccurrences, text.vocabulary, "ice", "steam", ["water", "solid"])


def test_the_worlds_counts_show_the_ratios_that_were_planted():
    text = world_text(0, tokens=140_000)
    rows = probability_ratios(
        count_cooccurrences(text, window=3), text.vocabulary, *PROBED, tuple(PROBES)
    )
    for row in rows:
        planted = text.world.log_ratios[row["probe"]]
        assert math.log(row["ratio"]) == pytest.approx(planted, abs=0.35)


def exact_model(world, vocabulary, *, stretch=1.0):
    """Contexts along one direction, as far as their planted log ratio; ice and steam 1 apart."""
    words, contexts = torch.zeros(len(vocabulary), 2), torch.zeros(len(vocabulary), 2)
    words[vocabulary.id("ice"), 0], words[vocabulary.id("steam"), 0] = 0.75, -0.25
    words[:, 1] = 3
    for probe, value in world.log_ratios.items():
        contexts[vocabulary.id(probe)] = torch.tensor([stretch * value + 0.4, 5.0])
    return SimpleNamespace(word_vectors=words, context_vectors=contexts)


def test_vectors_that_hold_the_planted_ratios_have_full_rank_correlation_and_slope_1():
    text = world_text(0, tokens=14_000)
    model = exact_model(text.world, text.vocabulary)
    found = planted_ratios(model, text_data(text))
    assert found["ratio_rank_correlation"] == pytest.approx(100)
    assert found["ratio_slope"] == pytest.approx(1, abs=1e-5)


def test_the_slope_tells_vectors_that_show_a_part_of_the_ratios():
    text = world_text(0, tokens=14_000)
    found = planted_ratios(exact_model(text.world, text.vocabulary, stretch=-0.5), text_data(text))
    assert found["ratio_rank_correlation"] == pytest.approx(-100)
    assert found["ratio_slope"] == pytest.approx(-0.5, abs=1e-5)


def test_a_score_is_the_difference_of_words_times_the_context():
    text = world_text(0, tokens=14_000)
    scores = ratio_scores(
        exact_model(text.world, text.vocabulary), text.vocabulary, "ice", "steam", ["solid", "gas"]
    )
    planted = [text.world.log_ratios[probe] + 0.4 for probe in ("solid", "gas")]
    assert scores.tolist() == pytest.approx(planted, abs=1e-5)


def text_data(text):
    return SimpleNamespace(text=text, vocabulary=text.vocabulary)


def test_the_documents_counts_add_up_to_those_of_the_whole_text():
    text = text_of(
        "ice solid x gas ice", "gas steam gas", "solid x steam", "x x", "ice ice solid gas steam"
    )
    numbers = ice_and_steam_by_document(None, SimpleNamespace(text=text), window=2)
    counts, vocabulary = count_cooccurrences(text, window=2), text.vocabulary

    def between(one, other):
        return counts.between(vocabulary.id(one), vocabulary.id(other))

    whole = between("solid", "ice") * between("gas", "steam")
    whole /= between("solid", "steam") * between("gas", "ice")
    found = numbers["log_ratio_difference"]
    assert found == pytest.approx(math.log(whole))
    assert found.items.values[:, 0] == pytest.approx([1, 0, 0, 0, 1.5])
