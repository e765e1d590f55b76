import math
from functools import partial

import pytest

from replications.objectives.schedules import Schedule, constant, cosine, linear, noam


def test_noam_is_equation_3_with_its_peak_at_the_last_update_of_the_warmup():
    rates = [noam(step, 0.0, d_model=512, warmup=4000) for step in range(20_000)]
    assert rates.index(max(rates)) == 3999
    assert math.isclose(max(rates), 6.99e-4, rel_tol=1e-3)
    assert math.isclose(rates[0], 512**-0.5 * 4000**-1.5)
    assert math.isclose(rates[15_999] / rates[3999], 0.5)


def test_cosine_climbs_peaks_and_falls_to_its_floor():
    learning_rate = partial(cosine, learning_rate=2.0, warmup=0.1, floor=0.25)
    assert 0 < learning_rate(0, 0.0) < 0.1
    assert math.isclose(learning_rate(5, 0.05), 1.0)
    assert math.isclose(learning_rate(10, 0.1), 2.0)
    assert math.isclose(learning_rate(55, 0.55), 1.25)
    assert math.isclose(learning_rate(100, 1.0), 0.5)


def test_linear_climbs_and_falls_to_nothing():
    learning_rate = partial(linear, learning_rate=2.0, warmup=0.2)
    assert 0 < learning_rate(0, 0.0) < 0.1
    found = [learning_rate(1, done) for done in (0.1, 0.2, 0.6, 1.0)]
    assert found == pytest.approx([1.0, 2.0, 1.0, 0.0])


def test_all_are_schedules():
    assert constant(3, 0.5, learning_rate=0.1) == 0.1
    assert all(isinstance(kind, Schedule) for kind in (constant, noam, cosine, linear))
