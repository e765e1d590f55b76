"""Intervals and the rule of looks: Student's values, and error and power by simulation."""

import math

import numpy as np
import pytest
from scipy.special import stdtrit

from replications.claims import Above, Below, Between
from replications.claims.intervals import ERROR, LOOK_ERROR, LOOKS, Estimate, interval


def test_the_interval_of_a_figure_is_students_over_the_seeds():
    # t(0.975, 2) = 4.302652729911275 from tables; the standard error of 1, 2, 3 is 1 / sqrt(3).
    found = interval([1.0, 2.0, 3.0])
    half = 4.302652729911275 / math.sqrt(3)
    assert found.mean == 2
    assert found.low == pytest.approx(2 - half, abs=1e-8)
    assert found.high == pytest.approx(2 + half, abs=1e-8)


def test_one_seed_has_no_interval():
    with pytest.raises(ValueError, match="at least two"):
        interval([1.0])


def test_an_estimate_takes_98_percent_of_students_distribution():
    # t(0.99, 2) = 6.964556734283583 from tables.
    estimate = Estimate(2.0, 0.5, 2, "seeds")
    assert estimate.half_width == pytest.approx(6.964556734283583 / 2)
    assert estimate.interval.low == pytest.approx(2 - 6.964556734283583 / 2)


def test_an_estimate_without_an_error_has_no_interval_and_no_p():
    estimate = Estimate(2.0, None, 0, "nothing")
    assert estimate.interval is estimate.half_width is estimate.detectable is None
    assert estimate.p(Above(0)) is None


def test_p_is_the_chance_beyond_the_bound_times_what_further_looks_cost():
    estimate = Estimate(3.0, 1.0, 4, "seeds")
    # P(t(4) > 3) = 0.01997 from tables.
    assert estimate.p(Above(0)) == pytest.approx(2.5 * 0.019970984, rel=1e-5)
    assert estimate.p(Below(6)) == pytest.approx(estimate.p(Above(0)))
    assert estimate.p(Below(0)) == 1
    # A range has to be told from both sides: the nearer end counts.
    assert estimate.p(Between(0, 4)) == pytest.approx(estimate.p(Below(4)))


@pytest.mark.parametrize("criterion", [Above(0.0), Below(1.0), Between(-0.5, 1.0)])
@pytest.mark.parametrize("mean", [-0.9, -0.2, -0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.3, 1.4])
def test_a_claim_is_met_at_a_look_exactly_where_p_is_below_the_error_over_all_looks(
    criterion, mean
):
    estimate = Estimate(float(mean), 0.1, 5, "seeds")
    found = estimate.interval
    inside = criterion.reading(found.low, found.high) == "inside"
    assert inside == (estimate.p(criterion) < ERROR)


def decided(effect: float, runs: int = 100_000) -> float:
    """How often a claim "above 0" is met at one of the looks; the effect in deviations."""
    values = np.random.default_rng(3).normal(effect, 1, (runs, max(LOOKS)))
    met = np.zeros(runs, dtype=bool)
    for look in LOOKS:
        seen = values[:, :look]
        error = seen.std(axis=1, ddof=1) / math.sqrt(look)
        met |= seen.mean(axis=1) - stdtrit(look - 1, 1 - LOOK_ERROR) * error > 0
    return met.mean()


def test_over_all_looks_a_claim_without_an_effect_is_met_in_25_of_1000_cases():
    assert decided(0) == pytest.approx(ERROR, abs=0.0015)


@pytest.mark.parametrize(("effect", "power"), [(1.5, 0.87), (2.0, 0.985)])
def test_the_looks_find_an_effect_of_one_and_a_half_deviations_in_87_of_100_cases(effect, power):
    assert decided(effect) == pytest.approx(power, abs=0.005)


def test_p_over_all_looks_is_small_no_more_often_than_it_says():
    values = np.random.default_rng(4).normal(0, 1, (4_000, max(LOOKS)))
    smallest = []
    for row in values:
        estimates = [
            Estimate(row[:n].mean(), row[:n].std(ddof=1) / math.sqrt(n), n - 1, "seeds")
            for n in LOOKS
        ]
        smallest.append(min(estimate.p(Above(0)) for estimate in estimates))
    for level in (0.01, 0.025, 0.05):
        # Three looks at level / 2.5 each add up to 1.2 of it at most; the rest is the simulation's.
        assert np.mean(np.array(smallest) < level) < 1.2 * level + 3 * math.sqrt(level / 4_000)


def test_the_detectable_effect_is_found_in_80_of_100_cases():
    rng = np.random.default_rng(5)
    runs, look = 40_000, 5
    # The distance is stated in the true standard error, as if that had been estimated.
    distance = Estimate(0.0, 1 / math.sqrt(look), look - 1, "seeds").detectable
    values = rng.normal(distance, 1, (runs, look))
    error = values.std(axis=1, ddof=1) / math.sqrt(look)
    met = values.mean(axis=1) - stdtrit(look - 1, 1 - LOOK_ERROR) * error > 0
    assert met.mean() == pytest.approx(0.8, abs=0.01)
