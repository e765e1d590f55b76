"""Best-of-n from one pool: without bias, whatever the ties; and the curves of Gao et al."""

import itertools
import math

import numpy as np
import pytest

from replications.errors import ReplicationError
from replications.metrics.preference.best_of_n import (
    expected_best,
    fit_best_of_n,
    fit_policy,
    kl_of_best,
)


def brute_force(proxy, gold, count):
    """The mean gold of the best of every subset; equal proxies share."""
    found = []
    for subset in itertools.combinations(range(len(proxy)), count):
        best = max(proxy[n] for n in subset)
        found.append((best, subset))
    # Of equal ones any of the whole pool, as subsets hold each as often.
    by_value = {}
    for value, worth in zip(proxy, gold, strict=True):
        by_value.setdefault(value, []).append(worth)
    return np.mean([np.mean(by_value[best]) for best, _ in found])


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8])
@pytest.mark.parametrize("digits", [6, 0])
def test_the_estimator_is_the_mean_over_all_subsets(count, digits):
    draw = np.random.default_rng(0)
    proxy, gold = np.round(draw.normal(size=(2, 8)) * 2, digits), draw.normal(size=(2, 8))
    expected = [brute_force(p.tolist(), g, count) for p, g in zip(proxy, gold, strict=True)]
    assert expected_best(proxy, gold, count) == pytest.approx(expected)


def test_the_best_of_all_is_the_maximum_and_of_one_the_mean():
    values = np.random.default_rng(1).normal(size=(3, 50))
    assert expected_best(values, values, 50) == pytest.approx(values.max(1))
    assert expected_best(values, values, 1) == pytest.approx(values.mean(1))


def test_pools_of_another_size_estimate_the_same():
    draw = np.random.default_rng(2)
    small, large = draw.normal(size=(4_000, 20)), draw.normal(size=(400, 200))
    assert expected_best(small, small, 8).mean() == pytest.approx(
        expected_best(large, large, 8).mean(), abs=0.03
    )


def test_more_than_the_pool_has_are_refused():
    with pytest.raises(ReplicationError, match="best of 9 of 8"):
        expected_best(np.zeros((1, 8)), np.zeros((1, 8)), 9)


def test_the_divergence_of_one_is_zero_and_of_two_a_half_less_log_two():
    assert kl_of_best(1) == 0
    assert kl_of_best(2) == pytest.approx(math.log(2) - 0.5)


def test_the_fits_recover_planted_curves():
    d = np.linspace(0.1, 3, 12)
    best, policy = d * (1.4 - 0.3 * d), d * (0.9 - 0.2 * np.log(d))
    assert fit_best_of_n(d.tolist(), best.tolist()) == pytest.approx((1.4, 0.3, 1.0))
    assert fit_policy(d.tolist(), policy.tolist()) == pytest.approx((0.9, 0.2, 1.0))
    noisy = best + np.random.default_rng(0).normal(size=12) * 0.3
    assert 0 < fit_best_of_n(d.tolist(), noisy.tolist())[2] < 0.95
