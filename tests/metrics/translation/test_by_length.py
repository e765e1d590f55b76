from __future__ import annotations

import numpy as np
import pytest

from replications.errors import ReplicationError
from replications.metrics.ranges import indices_by_range
from replications.metrics.translation.bleu import Translations, bleu
from replications.metrics.translation.by_length import (
    accuracy_by_length,
    bleu_by_length,
    source_lengths,
    weighted_slope,
)


def test_an_edge_closes_its_range_and_empty_ranges_are_left_out():
    found = indices_by_range([1, 10, 11, 0, 31, 2], (1, 10, 20, 30))
    assert found == {"1": [0], "2-10": [1, 5], "11-20": [2], "31+": [4]}
    assert indices_by_range([5, 1], ()) == {"1+": [0, 1]}


@pytest.mark.parametrize("edges", [(10, 10), (20, 10), (0, 5)])
def test_edges_that_do_not_rise_are_refused(edges):
    with pytest.raises(ReplicationError, match="must be positive and rise"):
        indices_by_range([1], edges)


def test_lengths_are_words_and_punctuation_marks():
    assert source_lengths(("A man's hat.", "one")) == [6, 1]


def sentences(size, right, count):
    """Sources of a size, with references of 12 letters of which the first are right."""
    source = " ".join(["w"] * size)
    reference = "a b c d e f g h i j k l"
    hypothesis = " ".join([*reference.split()[:right], *["z"] * (12 - right)])
    return [(source, reference, hypothesis)] * count


def test_bleu_is_taken_in_each_range_of_source_lengths():
    rows = [*sentences(4, 12, 3), *sentences(12, 10, 2), *sentences(30, 6, 1)]
    numbers = bleu_by_length(Translations(*zip(*rows, strict=True)), edges=(5, 20))
    hypothesis = rows[-1][2]
    assert numbers["bleu:1-5"] == pytest.approx(100)
    assert numbers["bleu:21+"] == pytest.approx(bleu([hypothesis], [rows[-1][1]])[0])
    assert {n: v for n, v in numbers.items() if n.startswith("sentences")} == {
        "sentences:1-5": 3,
        "sentences:6-20": 2,
        "sentences:21+": 1,
    }
    # The slope is numpy's, where a weight multiplies the residual before it is squared.
    scores = [numbers[f"bleu:{name}"] for name in ("1-5", "6-20", "21+")]
    expected = np.polyfit([4, 12, 30], scores, 1, w=np.sqrt([3, 2, 1]))[0]
    assert numbers["bleu_slope"] == pytest.approx(10 * expected)
    assert numbers["bleu_slope"] < 0


def test_one_range_has_no_slope():
    numbers = bleu_by_length(Translations(*zip(*sentences(4, 12, 3), strict=True)))
    assert numbers.keys() == {"bleu:1-10", "sentences:1-10"}


def test_a_slope_is_what_a_line_rises_by():
    assert weighted_slope([(1.0, 5.0, 1), (3.0, 9.0, 7), (4.0, 11.0, 2)]) == pytest.approx(2)


def test_words_are_right_at_their_place_and_sentences_as_a_whole():
    translations = Translations(
        source=("a b", "a b c", "a b c d", "a b c d"),
        reference=("x y", "x y z", "x y z w", "x y"),
        hypothesis=("x y", "x z y", "x y", "x y z"),
    )
    assert accuracy_by_length(translations, edges=(3,)) == pytest.approx(
        {
            "exact": 25,
            "word_accuracy": 100 * 7 / 11,
            "exact:1-3": 50,
            "word_accuracy:1-3": 100 * 3 / 5,
            "exact:4+": 0,
            "word_accuracy:4+": 100 * 4 / 6,
        }
    )
