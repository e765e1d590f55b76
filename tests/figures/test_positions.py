"""Waves and learning rates, as they are computed."""

from functools import partial

import pytest
import torch

from replications.figures.positions import draw_schedules, draw_sinusoids
from replications.layers.positions import sinusoids
from replications.objectives.schedules import constant, linear, noam


def test_a_row_is_a_position_and_a_column_one_of_its_numbers():
    ax = draw_sinusoids(max_length=7, d_model=6).axes[0]
    drawn = torch.tensor(ax.images[0].get_array())
    torch.testing.assert_close(drawn, sinusoids(7, 6))
    assert (ax.images[0].norm.vmin, ax.images[0].norm.vmax) == (-1, 1)


def test_each_schedule_is_a_line_of_the_rates_that_its_updates_take():
    schedules = {
        "noam": partial(noam, d_model=16, warmup=4),
        "linear": partial(linear, learning_rate=0.5, warmup=0.5),
        "constant": partial(constant, learning_rate=0.1),
    }
    (ax,) = draw_schedules(schedules, steps=8).axes
    lines = {line.get_label(): line for line in ax.lines}
    assert list(lines) == list(schedules)
    assert lines["noam"].get_xdata().tolist() == list(range(1, 9))
    rates = lines["noam"].get_ydata()
    assert rates[3] == max(rates) == pytest.approx(16**-0.5 * 4**-0.5)
    assert lines["linear"].get_ydata()[4:] == pytest.approx([0.5, 0.375, 0.25, 0.125])
    assert lines["constant"].get_ydata().tolist() == [0.1] * 8
