"""Power laws along the lower envelope of several courses, recovered where one was planted."""

from __future__ import annotations

import math

import numpy as np
import pytest

from replications.fits.envelope import Spent, lower_envelope
from replications.fits.power_law import fit_lines, fit_power_law

# Brown et al. 2020, figure 3.1, with compute in PetaFLOP/s-days.
PREFACTOR, EXPONENT = 2.57, 0.048
# One PetaFLOP/s-day in operations.
UNIT = 8.64e19


def planted(sizes: int = 12, points: int = 25) -> list[list[Spent]]:
    """Each size touches the planted line at one point, and is above it before and after."""
    trajectories = []
    for size in range(sizes):
        best = 10.0 ** (size - 6)
        trajectories.append(
            [
                Spent(
                    best * 10 ** (step / 4),
                    PREFACTOR
                    * (best * 10 ** (step / 4)) ** -EXPONENT
                    * (1 + 0.05 * (step / 4) ** 2),
                )
                for step in range(-points // 2, points // 2)
            ]
        )
    return trajectories


def test_the_envelope_has_the_best_loss_for_each_compute_and_falls():
    trajectories = [[Spent(1, 5.0), Spent(3, 4.0), Spent(9, 3.9)], [Spent(3, 4.5), Spent(9, 3.0)]]
    assert lower_envelope(trajectories) == [Spent(1, 5.0), Spent(3, 4.0), Spent(9, 3.0)]


def test_the_order_of_the_courses_changes_nothing():
    assert lower_envelope(planted()) == lower_envelope(planted()[::-1])


def test_the_papers_law_is_recovered_within_one_percent():
    inside = [p for p in lower_envelope(planted()) if 1e-6 <= p.flops <= 1e5]
    found = fit_power_law(*np.array(inside).T)
    assert found.exponent == pytest.approx(EXPONENT, rel=0.01)
    assert found.prefactor == pytest.approx(PREFACTOR, rel=0.01)
    assert found.r_squared > 0.999
    assert found.at(100.0) == pytest.approx(found.at(1.0) * 100**-found.exponent)


def test_a_unit_of_compute_changes_the_prefactor_alone():
    points = [Spent(c * UNIT, PREFACTOR * c**-EXPONENT) for c in (1e-9, 1e-7, 1e-5)]
    found = fit_power_law(*np.array(points).T)
    assert found.exponent == pytest.approx(EXPONENT)
    assert found.at(UNIT) == pytest.approx(PREFACTOR)


def test_a_loss_that_is_no_power_law_fits_worse():
    bent = [Spent(10.0**d, 2 + math.exp(-d)) for d in range(8)]
    assert fit_power_law(*np.array(bent).T).r_squared < 0.9
    with pytest.raises(ValueError, match="x are equal"):
        fit_power_law(np.array([1.0, 1.0]), np.array([2.0, 3.0]))
    with pytest.raises(ValueError, match="above 0"):
        fit_power_law(np.array([1.0, 2.0]), np.array([2.0, -3.0]))


def test_a_weight_says_how_often_a_point_counts_and_zero_leaves_it_out():
    x, y = np.array([0.0, 1.0, 2.0, 5.0]), np.array([1.0, 3.0, 4.0, np.nan])
    weighted = fit_lines(x, y[None], np.array([[1.0, 2.0, 1.0, 0.0]]))
    repeated = fit_lines(np.array([0.0, 1, 1, 2]), np.array([[1.0, 3, 3, 4]]), np.ones((1, 4)))
    assert weighted.slope == pytest.approx(repeated.slope)
    assert weighted.slope == pytest.approx(1.5)
    assert weighted.r_squared == pytest.approx(repeated.r_squared)
    assert np.isnan(fit_lines(x, y[None], np.array([[0.0, 9.0, 0.0, 0.0]])).slope[0])
