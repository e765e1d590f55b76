"""The loss of a live training: each update where it is known, else each epoch."""

import pytest

from replications.figures.curves.live_loss import draw_live_loss
from replications.training.progress import Progress


def told(losses, *, by_step):
    return [
        Progress(0, 1, None if by_step else loss, None, loss if by_step else None)
        for loss in losses
    ]


def test_the_line_is_the_mean_of_the_last_updates():
    figure = draw_live_loss({"one": told([4, 2, 0, 2], by_step=True)}, y_label="nats", window=2)
    faint, mean = figure.axes[0].lines
    assert list(faint.get_ydata()) == [4, 2, 0, 2]
    assert list(mean.get_ydata()) == pytest.approx([3, 1, 1])
    assert list(mean.get_xdata()) == [1, 2, 3]


def test_what_is_not_known_yet_is_left_out():
    figure = draw_live_loss({"one": told([None, 3, 3, 2], by_step=False)}, y_label="nats", window=1)
    assert list(figure.axes[0].lines[0].get_xdata()) == [1, 2, 3]


def test_a_training_that_told_nothing_leaves_axes_that_say_so():
    figure = draw_live_loss({"one": []}, y_label="nats")
    assert figure.axes[0].get_title() == "Ours: no records yet"


def test_losses_of_different_sizes_are_told_apart_on_a_logarithmic_scale():
    runs = {"large": told([90, 80], by_step=True), "small": told([0.2, 0.1], by_step=True)}
    assert draw_live_loss(runs, y_label="nats").axes[0].get_yscale() == "linear"
    assert draw_live_loss(runs, y_label="nats", log_y=True).axes[0].get_yscale() == "log"
