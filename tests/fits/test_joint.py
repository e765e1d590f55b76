"""Kaplan's joint law and the critical batch: planted numbers are recovered."""

from __future__ import annotations

import numpy as np
import pytest

from replications.fits.bootstrap import draw_runs
from replications.fits.critical_batch import Tradeoff, fit_tradeoff, updates_to_reach
from replications.fits.joint import JointLaw, fit_joint
from replications.fits.sweep import Sweep

# Kaplan et al. 2020, table 2.
KAPLAN = JointLaw(6.4e13, 1.8e13, 0.076, 0.103)


def planted(law: JointLaw = KAPLAN, noise: float = 0.0, seed: int = 0) -> Sweep:
    sizes, tokens = np.geomspace(1e5, 1e9, 6), np.geomspace(1e7, 1e10, 6)
    n, d = (grid.ravel() for grid in np.meshgrid(sizes, tokens))
    away = np.random.default_rng(seed).standard_normal(len(n))
    return Sweep(n, d, 6 * n * d, law.loss(n, d) * np.exp(noise * away))


@pytest.mark.parametrize("law", [KAPLAN, JointLaw(1e9, 1e8, 0.3, 0.2)])
def test_a_planted_joint_law_is_recovered(law):
    (found,) = fit_joint(planted(law))
    assert found == pytest.approx(law, rel=1e-3)


def test_with_noise_its_exponents_are_recovered_to_a_hundredth():
    sweep = planted(noise=0.005)
    (found,) = fit_joint(sweep)
    assert found[2:] == pytest.approx(KAPLAN[2:], abs=0.01)
    laws = fit_joint(sweep, draw_runs(np.zeros(len(sweep), dtype=int), samples=200))
    low, high = np.percentile([law.size_exponent for law in laws], [2.5, 97.5])
    assert low < KAPLAN.size_exponent < high


def test_a_model_eight_times_as_large_takes_five_times_the_data():
    """Kaplan et al. 2020, section 4.2."""
    more = 8 ** (KAPLAN.size_exponent / KAPLAN.data_exponent)
    assert more == pytest.approx(4.6, abs=0.1)
    sizes, tokens = np.array([1e6, 8e6]), np.array([1e8, more * 1e8])
    overfitting = KAPLAN.loss(sizes, tokens) / KAPLAN.loss(sizes, np.inf) - 1
    assert overfitting[0] == pytest.approx(overfitting[1])


def test_without_end_of_data_the_joint_law_is_that_of_the_size():
    assert KAPLAN.loss(1e6, np.inf) == pytest.approx((6.4e13 / 1e6) ** 0.076)


def test_the_critical_batch_is_recovered_and_is_where_both_ends_double():
    batches, planted = np.geomspace(256, 65_536, 7), Tradeoff(300.0, 2e6)
    (found,) = fit_tradeoff(batches, planted.updates(batches))
    assert found == pytest.approx(planted, rel=1e-6)
    at = found.critical_batch
    assert at == pytest.approx(2e6 / 300)
    assert found.updates(at) == pytest.approx(600)
    assert found.updates(at) * at == pytest.approx(4e6)


def test_updates_and_tokens_lie_on_the_papers_hyperbola():
    law, batch = Tradeoff(300.0, 2e6), np.geomspace(10, 1e6, 9)
    updates = law.updates(batch)
    product = (updates / 300 - 1) * (updates * batch / 2e6 - 1)
    assert product == pytest.approx(np.ones(9))


def test_with_noise_the_critical_batch_is_within_a_tenth():
    batches, planted = np.geomspace(256, 65_536, 9), Tradeoff(300.0, 2e6)
    noisy = planted.updates(batches) * np.exp(0.02 * np.random.default_rng(0).standard_normal(9))
    counts = draw_runs(np.zeros(9, dtype=int), samples=50)
    laws = fit_tradeoff(batches, noisy, counts)
    assert np.median([law.critical_batch for law in laws]) == pytest.approx(6667, rel=0.1)
    with pytest.raises(ValueError, match="three batches"):
        fit_tradeoff(batches[:2], noisy[:2])


def test_a_level_is_reached_between_two_points_or_not_at_all():
    updates, loss = np.array([10.0, 100.0, 1000.0]), np.array([4.0, 2.0, 1.0])
    assert updates_to_reach(updates, loss, 2.0) == pytest.approx(100)
    assert updates_to_reach(updates, loss, 2 * 2**0.5) == pytest.approx(10 * 10**0.5)
    assert np.isnan(updates_to_reach(updates, loss, 0.5))
    assert np.isnan(updates_to_reach(updates, loss, 4.5))
