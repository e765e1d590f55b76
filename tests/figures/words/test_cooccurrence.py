from __future__ import annotations

import numpy as np
import pytest
import torch
from tiny_text import text_of

from replications.corpora.texts.cooccurrence import count_cooccurrences
from replications.figures.words.cooccurrence import (
    count_table,
    draw_count_weights,
    draw_matrix,
    draw_scores,
    ratio_table,
    share_of_entries,
)
from replications.metrics.word_vectors.ratios import probability_ratios

TEXT = text_of("ice solid water ice water", "steam gas water solid steam", "ice gas")
CELLS = count_cooccurrences(TEXT, window=5)


def test_a_table_of_counts_is_symmetric_and_leaves_empty_cells_empty():
    rows = count_table(CELLS, TEXT.vocabulary, ["ice", "steam", "water"]).data.splitlines()[2:]
    cooccurrences = [[cell.strip() for cell in row.split("|")[2:-1]] for row in rows]
    assert cooccurrences[0][1] == cooccurrences[1][0] == "·"
    assert cooccurrences[0][2] == cooccurrences[2][0] != "·"
    # "ice ... water": 2, 4, 1 and 1 apart.
    assert float(cooccurrences[0][2]) == pytest.approx(1 / 2 + 1 / 4 + 1 + 1)


def test_weights_are_drawn_as_the_curves_that_they_are():
    (ax,) = draw_count_weights({"ours": 10, "paper": 100}, exponent=0.75).axes
    ours, paper = (dict(zip(*line.get_data(), strict=True)) for line in ax.lines)
    assert ours[5] == pytest.approx(0.5**0.75) and ours[10] == ours[150] == 1
    assert paper[10] == pytest.approx(0.1**0.75) and paper[99] < paper[100] == 1


def test_a_table_of_ratios_shows_the_counts_and_what_was_planted():
    rows = probability_ratios(CELLS, TEXT.vocabulary, "ice", "steam", ["solid", "gas", "water"])
    plain = ratio_table(rows, "ice", "steam").data
    assert "planted" not in plain
    assert all(f"**{probe}**" in plain for probe in ("solid", "gas", "water"))
    with_truth = ratio_table([row | {"planted": 8.9} for row in rows], "ice", "steam").data
    assert "planted ratio" in with_truth and "8.90" in with_truth


def test_the_share_of_cells_is_one_where_all_are_full_and_zero_where_none_is():
    cooccurrences = count_cooccurrences(text_of("a a b b a", "c c"), window=5)
    share = share_of_entries(cooccurrences, torch.arange(3), pixels=150)
    assert share.tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
    turned = share_of_entries(cooccurrences, torch.tensor([2, 1, 0]), pixels=3)
    assert turned.tolist() == [[1, 0, 0], [0, 1, 1], [0, 1, 1]]


def test_fewer_pixels_than_words_hold_the_share_of_their_square():
    share = share_of_entries(CELLS, torch.arange(CELLS.size), pixels=2)
    full = CELLS.dense() > 0
    # Five words in two parts: three and two.
    assert share[0, 0] == pytest.approx(full[:3, :3].double().mean().item())
    assert share[1, 0] == pytest.approx(full[3:, :3].double().mean().item())


def test_the_matrix_is_drawn_in_both_orders_with_the_blocks_in_the_second():
    figure = draw_matrix(CELLS, torch.randperm(CELLS.size), block=2)
    left, right, _ = figure.axes
    assert len(left.images) == len(right.images) == 1
    assert len(left.lines) == 0
    assert len(right.lines) == 2 * 3


def test_scores_are_drawn_against_the_truth_each_with_its_name():
    truth = {"solid": 2.2, "gas": -2.5, "water": 0.3}
    figure = draw_scores(truth, torch.tensor([1.9, -2.0, 0.1]))
    (ax,) = figure.axes
    line, points = ax.lines
    np.testing.assert_allclose(points.get_xdata(), list(truth.values()))
    assert np.ptp(line.get_ydata()) == pytest.approx(np.ptp(line.get_xdata()))
    assert {text.get_text() for text in ax.texts} == set(truth)
