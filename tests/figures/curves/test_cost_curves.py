"""What a score costs: means over seeds along the trajectories, and the paper's points apart."""

import pytest
from fabricated import fabricate_record

from replications.errors import ReplicationError
from replications.figures.curves.cost_curves import draw_costs


def run(recipe, seed, scores, *, minutes=1.0, flops=1e13):
    trajectory = [
        {
            "epoch": epoch,
            "tokens": 1000 * epoch,
            "seconds": 40.0 * minutes * epoch,
            "processor_seconds": 60.0 * minutes * epoch + 6 * seed,
            "flops": flops * epoch,
            "loss": 3.0,
            "validation_bleu": score,
        }
        for epoch, score in enumerate(scores, 1)
    ]
    return fabricate_record(recipe, seed, trajectory=trajectory)


RECORDS = [
    run("seq2seq", 0, [5.0, 10.0, 12.0]),
    run("seq2seq", 1, [7.0, 10.0, 14.0]),
    run("transformer", 0, [9.0, 20.0, 24.0], flops=4e13),
]
RECIPES = {"chapter 3": "seq2seq", "Transformer": "transformer"}


def line_of(ax, name):
    (found,) = (line for line in ax.lines if line.get_label() == name)
    return found.get_xdata().tolist(), found.get_ydata().tolist()


def test_each_recipe_is_a_line_of_means_over_seeds_against_each_cost():
    time, operations = draw_costs(RECORDS, RECIPES).axes
    xs, ys = line_of(time, "chapter 3")
    assert xs == pytest.approx([1.05, 2.05, 3.05])
    assert ys == [6.0, 10.0, 13.0]
    assert line_of(operations, "Transformer") == ([4e13, 8e13, 12e13], [9.0, 20.0, 24.0])
    assert time.get_xscale() == operations.get_xscale() == "log"


def test_the_band_is_the_interval_over_seeds():
    (time,) = draw_costs(RECORDS, {"chapter 3": "seq2seq"}, against=["seconds"]).axes
    (band,) = time.collections
    ys = band.get_paths()[0].vertices[:, 1]
    # t(0.975, 1) = 12.706 times s / sqrt(2) = 1.
    assert ys.max() == pytest.approx(13 + 12.706, abs=0.001)


def test_operations_have_round_ticks_with_a_unit_that_do_not_touch():
    figure = draw_costs(RECORDS, RECIPES, against=["flops"])
    figure.draw_without_rendering()
    (ax,) = figure.axes
    low, high = ax.get_xlim()
    labels = [t.label1 for t in ax.xaxis.get_major_ticks() if low <= t.get_loc() <= high]
    assert [text.get_text() for text in labels] == ["10 TFLOP", "20 TFLOP", "50 TFLOP", "100 TFLOP"]
    boxes = [text.get_window_extent() for text in labels]
    assert all(a.x1 < b.x0 for a, b in zip(boxes, boxes[1:], strict=False))


def test_the_papers_points_have_a_panel_and_names_of_their_own():
    paper = {"ByteNet": (1e18, 23.75), "MoE": (2.0e19, 26.03), "base": (3.3e18, 27.3)}
    *_, theirs = draw_costs(RECORDS, RECIPES, paper=paper).axes
    (points,) = theirs.lines
    assert list(zip(*points.get_data(), strict=True)) == list(paper.values())
    assert [text.get_text() for text in theirs.texts if text.get_text()] == list(paper)


def test_without_records_the_picture_says_so():
    assert draw_costs([], RECIPES).axes[0].get_title() == "Ours: no records yet"


def test_a_trajectory_without_the_measure_and_ones_of_other_lengths_are_errors():
    with pytest.raises(ReplicationError, match="has no 'chrf'. It has: epoch, flops"):
        draw_costs(RECORDS, RECIPES, metric="chrf")
    with pytest.raises(ReplicationError, match="'seq2seq' have trajectories of different lengths"):
        draw_costs([*RECORDS, run("seq2seq", 2, [1.0])], RECIPES)
