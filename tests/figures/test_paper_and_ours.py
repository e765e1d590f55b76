"""Figures over seeds: intervals of a share end where shares do, those of a difference do not."""

import pytest
from fabricated import fabricate_record
from matplotlib.collections import LineCollection

from replications.errors import ReplicationError
from replications.figures.paper_and_ours import (
    draw_comparison,
    draw_lines,
    draw_training,
    spread,
)

NEARLY_ALL, HARDLY_ANY = (99.0, 96.0, 100.0), (0.0, 2.0, 0.5)


def ends(figure, axis):
    """The ends of all error bars along an axis (0 is x, 1 is y)."""
    return [
        point[axis]
        for bars in figure.axes[0].collections
        if isinstance(bars, LineCollection)
        for segment in bars.get_segments()
        for point in segment
    ]


def test_an_interval_of_a_share_ends_at_0_and_at_100():
    assert spread(NEARLY_ALL).high > 103
    assert spread(NEARLY_ALL, "contacts found, %").high == 100
    assert spread(NEARLY_ALL, "contacts found, %").low == spread(NEARLY_ALL).low
    assert spread(HARDLY_ANY).low < -1
    assert spread(HARDLY_ANY, "right, %").low == 0
    assert spread((40.0, 50.0, 60.0), "right, %") == spread((40.0, 50.0, 60.0))
    assert spread(NEARLY_ALL, "points of precision").high > 103


def test_a_single_seed_has_an_interval_of_no_width():
    assert (spread((7.0,), "%").low, spread((7.0,)).high) == (7.0, 7.0)


@pytest.mark.parametrize("label", ["right, %", "right, points"])
def test_figures_cut_off_what_no_share_can_be(label):
    rows = draw_comparison({"one": {"a": NEARLY_ALL, "b": HARDLY_ANY}}, x_label=label)
    lines = draw_lines({"one": {1: NEARLY_ALL, 2: HARDLY_ANY}}, x_label="size", y_label=label)
    for found in (ends(rows, 0), ends(lines, 1)):
        inside = min(found) >= -1e-9 and max(found) <= 100 + 1e-9
        assert inside == label.endswith("%")


def legend(figure):
    return [entry.get_text() for each in figure.legends for entry in each.get_texts()]


def test_a_legend_says_which_is_ours_only_where_the_paper_is_drawn_too():
    ours, labels = {"small": {1: (2.0, 3.0), 2: (1.0, 2.0)}}, {"x_label": "size", "y_label": "loss"}
    assert legend(draw_lines(ours, **labels)) == ["small"]
    assert legend(draw_lines(ours, {"large": {4: 1.0}}, **labels)) == [
        "ours: small",
        "paper: large",
    ]


def test_a_single_series_has_no_legend_and_two_have_one():
    one, two = {"first": {"a": (1.0, 2.0)}}, {"second": {"a": (3.0, 4.0)}}
    assert legend(draw_comparison(one, x_label="right, %")) == []
    assert legend(draw_comparison(one | two, x_label="right, %")) == ["first", "second"]
    beside = draw_comparison(one, {"first": {"a": 2.0}}, x_label="right, %")
    assert legend(beside) == ["ours: first", "paper: first"]


def test_an_empty_figure_has_no_numbers_on_its_axis():
    empty = draw_lines({"none": {}}, x_label="size", y_label="loss").axes[0]
    assert empty.get_title() == "Ours: no records yet" and list(empty.get_xticks()) == []


def trained(seed, losses):
    trajectory = [{"seconds": 60.0 * (n + 1), "loss": loss} for n, loss in enumerate(losses)]
    return fabricate_record("net", seed, trajectory=trajectory)


def test_courses_of_training_are_averaged_epoch_by_epoch_if_they_are_as_long():
    runs = [trained(0, (3.0, 2.0)), trained(1, (3.0, 1.0))]
    (ax,) = draw_training(runs, {"ours": "net"}, metric="loss", y_label="loss").axes
    assert list(ax.lines[0].get_ydata()) == [3.0, 1.5]
    with pytest.raises(ReplicationError, match="'net' have trajectories of different lengths"):
        draw_training([*runs, trained(2, (3.0,))], {"ours": "net"}, metric="loss", y_label="loss")
