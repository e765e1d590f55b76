"""Trajectories by the tokens read: one value a seed at each point."""

import pytest
from fabricated import fabricate_record

from replications.figures.curves.over_tokens import by_million_tokens, draw_over_tokens


def run(seed, values, recipe="books"):
    points = [
        {"epoch": n, "tokens": n * 2e6, "seconds": 1.0, "zero_shot_auc": value}
        for n, value in enumerate(values, 1)
    ]
    return fabricate_record(recipe, seed=seed, trajectory=points)


def test_each_point_has_the_values_of_all_seeds_of_that_recipe():
    records = [run(0, [50, 60]), run(1, [52, 61]), run(0, [1, 2], recipe="reviews")]
    found = by_million_tokens(records, "books", "zero_shot_auc")
    assert found == {2: [50, 52], 4: [60, 61]}
    assert by_million_tokens(records, "lstm", "zero_shot_auc") == {}


def test_runs_of_several_lengths_are_refused():
    with pytest.raises(ValueError, match="argument"):
        by_million_tokens([run(0, [50, 60]), run(1, [52])], "books", "zero_shot_auc")


def test_recorded_runs_and_chance_are_drawn_on_the_same_axes():
    figure = draw_over_tokens(
        {"books": {2: [50, 52], 4: [60, 61]}, "reviews": {}}, y_label="%", chance=50
    )
    (ax,) = figure.axes
    assert {text.get_text() for text in figure.legends[0].get_texts()} == {"books", "chance"}
    assert [list(line.get_ydata()) for line in ax.lines if line.get_label() == "chance"] == [
        [50, 50]
    ]


def test_without_records_no_line_of_chance_stands_alone():
    assert not draw_over_tokens({"books": {}}, y_label="%", chance=50).axes[0].lines
