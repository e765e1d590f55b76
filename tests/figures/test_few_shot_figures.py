"""The figures of learning in context: what they draw, and that they cope with no records."""

from __future__ import annotations

from functools import partial

import pytest
from fabricated import fabricate_record

from replications.figures.attention.masks import draw_masks
from replications.figures.curves.compute_envelope import draw_compute, mean_trajectories
from replications.figures.curves.few_shot_curves import draw_few_shots
from replications.fits.envelope import Spent
from replications.layers.masks import alternating_bands, bidirectional


def labels(figure) -> list[str]:
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_models_controls_and_the_ceiling_are_drawn_and_named():
    figure = draw_few_shots(
        {"small": {0: [1.0, 2.0], 8: [10.0, 14.0]}},
        control={"small": {0: [1.0], 8: [2.0]}},
        best={0: 6.0, 8: 99.0},
    )
    assert labels(figure) == ["best possible", "small", "small, shuffled"]
    _, *runs, mean, control = (list(line.get_ydata()) for line in figure.axes[0].lines)
    assert runs == [[1.0, 10.0], [2.0, 14.0]]
    assert mean == [1.5, 12.0]
    assert control == [1.0, 2.0]


def test_a_single_run_is_drawn_once():
    assert len(draw_few_shots({"small": {0: [1.0], 8: [10.0]}}).axes[0].lines) == 1


def test_without_records_the_figures_say_so():
    assert draw_few_shots({"small": {0: [], 8: []}}).axes[0].get_title() == "Ours: no records yet"
    assert draw_compute({}, y_label="loss").axes[0].get_title() == "Ours: no records yet"


def test_a_course_is_the_mean_over_seeds_and_recipes_without_records_are_left_out():
    records = [
        fabricate_record("d32", seed, trajectory=[{"tokens": 10, "loss": 2.0 + seed}])
        for seed in (0, 1)
    ]
    found = mean_trajectories(records, {"d32": 5, "d64": 9}, "loss")
    assert found == {"d32": [Spent(300.0, 2.5)]}


def test_the_envelope_is_ringed_and_its_law_named():
    points = [Spent(10.0**place, 10.0 ** (-0.1 * place)) for place in range(4)]
    figure = draw_compute({"all": points, "worse": [Spent(10.0, 5.0)]}, y_label="loss")
    assert labels(figure)[-2:] == ["lower envelope", "compute to the power −0.100"]


def test_the_course_of_one_size_is_no_envelope_of_sizes():
    points = [Spent(10.0**place, 10.0 ** (-0.1 * place)) for place in range(4)]
    assert labels(draw_compute({"all": points}, y_label="loss")) == ["all"]


def test_a_pattern_has_a_square_for_each_layer_and_dark_cells_where_one_may_look():
    figure = draw_masks(partial(alternating_bands, width=3), layers=2, length=6)
    dense, banded = (ax.images[0].get_array() for ax in figure.axes)
    assert dense.sum() == 6 * 7 / 2
    assert banded.sum() == 1 + 2 + 4 * 3
    with pytest.raises(ValueError, match="nothing to draw"):
        draw_masks(bidirectional)
