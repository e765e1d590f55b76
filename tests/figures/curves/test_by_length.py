"""A score against the length of sentences: means over seeds, range by range."""

import pytest
from fabricated import fabricate_record

from replications.errors import ReplicationError
from replications.figures.curves.by_length import draw_by_length

RANGES = ("1-10", "11-20", "21+")


def runs(recipe, scores, *, prefix="", counts=(120, 700, 180)):
    """A record for each seed; `scores` has a row a seed."""
    return [
        fabricate_record(
            recipe,
            seed,
            {f"{prefix}bleu:{key}": score for key, score in zip(RANGES, row, strict=True)}
            | {f"{prefix}sentences:{key}": n for key, n in zip(RANGES, counts, strict=False)},
        )
        for seed, row in enumerate(scores)
    ]


FALLING = runs("forward", [(20.0, 16.0, 8.0), (22.0, 18.0, 10.0), (24.0, 17.0, 9.0)])
LEVEL = runs("search", [(23.0, 22.0, 21.0), (24.0, 23.0, 22.0), (25.0, 24.0, 23.0)])


def heights(ax, label):
    (found,) = (bars for bars in ax.containers if bars.get_label() == label)
    return found.lines[0].get_ydata().tolist()


def test_each_recipe_has_its_mean_over_seeds_at_each_range_in_the_order_of_lengths():
    (ax,) = draw_by_length(FALLING + LEVEL, {"one vector": "forward", "attention": "search"}).axes
    assert heights(ax, "one vector") == [22.0, 17.0, 9.0]
    assert heights(ax, "attention") == [24.0, 23.0, 22.0]
    assert [text.get_text() for text in ax.get_xticklabels()] == [
        "1–10\n(120)",
        "11–20\n(700)",
        "21+\n(180)",
    ]


def test_lines_stand_a_little_apart_so_that_no_bar_hides_another():
    (ax,) = draw_by_length(FALLING + LEVEL, {"a": "forward", "b": "search"}).axes
    places = [bars.lines[0].get_xdata() for bars in ax.containers]
    assert (places[0] < places[1]).all()
    assert (places[1] - places[0] < 0.2).all()


def test_a_prefix_chooses_another_test_set():
    joined = runs("forward", [(5.0, 4.0, 3.0)], prefix="joined:")
    both = [
        fabricate_record("forward", 0, {**plain.metrics, **long.metrics})
        for plain, long in zip(FALLING, joined, strict=False)
    ]
    (ax,) = draw_by_length(both, {"a": "forward"}, prefix="joined:").axes
    assert heights(ax, "a") == [5.0, 4.0, 3.0]


def test_without_counts_no_counts_are_promised():
    record = fabricate_record("forward", 0, {"exact:1-5": 90.0, "exact:6-10": 50.0, "exact": 70.0})
    (ax,) = draw_by_length([record], {"a": "forward"}, metric="exact", y_label="exact, %").axes
    assert [text.get_text() for text in ax.get_xticklabels()] == ["1–5", "6–10"]
    assert "sentences" not in ax.get_xlabel()


def test_a_range_that_a_seed_does_not_have_is_a_mean_over_the_others():
    short = fabricate_record("forward", 3, {"bleu:1-10": 26.0, "sentences:1-10": 120})
    (ax,) = draw_by_length([*FALLING, short], {"a": "forward"}).axes
    assert heights(ax, "a") == [23.0, 17.0, 9.0]


def test_without_records_the_picture_says_so():
    (ax,) = draw_by_length([], {"a": "forward"}).axes
    assert ax.get_title() == "Ours: no records yet"
    assert not ax.axison and ax.figure.get_figheight() < 1


def test_a_record_that_measured_nothing_by_length_is_an_error():
    with pytest.raises(ReplicationError, match="no metric 'bleu' by length. It has: total"):
        draw_by_length([fabricate_record("forward")], {"a": "forward"})
