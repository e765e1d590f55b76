"""Power laws along the lower envelope of several courses, recovered where one was planted."""

from __future__ import annotations

import math

import pytest
from fabricated import fabricate_record

from replications.claims.measures import NoValue
from replications.claims.power_laws import (
    PETAFLOP_DAY,
    EnvelopeFit,
    Spent,
    fit_power_law,
    lower_envelope,
    trajectory_of,
)

# Brown et al. 2020, figure 3.1, with compute in PetaFLOP/s-days.
PREFACTOR, EXPONENT = 2.57, 0.048


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
    found = fit_power_law(inside)
    assert found.exponent == pytest.approx(EXPONENT, rel=0.01)
    assert found.prefactor == pytest.approx(PREFACTOR, rel=0.01)
    assert found.r_squared > 0.999
    assert found.loss(100.0) == pytest.approx(found.loss(1.0) * 100**-found.exponent)


def test_a_unit_of_compute_changes_the_prefactor_alone():
    points = [Spent(c * PETAFLOP_DAY, PREFACTOR * c**-EXPONENT) for c in (1e-9, 1e-7, 1e-5)]
    found = fit_power_law(points)
    assert found.exponent == pytest.approx(EXPONENT)
    assert found.loss(PETAFLOP_DAY) == pytest.approx(PREFACTOR)


def test_a_loss_that_is_no_power_law_fits_worse():
    bent = [Spent(10.0**d, 2 + math.exp(-d)) for d in range(8)]
    assert fit_power_law(bent).r_squared < 0.9
    with pytest.raises(ValueError, match="one place"):
        fit_power_law([Spent(1.0, 2.0), Spent(1.0, 3.0)])


def records(losses: dict[str, list[float]]) -> dict:
    return {
        name: fabricate_record(
            name,
            trajectory=[
                {"tokens": 1000 * 4**place, "loss": 1.0, "validation": loss}
                for place, loss in enumerate(trajectory)
            ],
        )
        for name, trajectory in losses.items()
    }


def test_compute_is_six_operations_a_weight_and_token():
    trajectory = trajectory_of(records({"small": [5.0, 4.0]})["small"], 10, "validation")
    assert trajectory == [Spent(60_000, 5.0), Spent(240_000, 4.0)]


def test_the_measure_fits_the_envelope_of_the_records_of_a_seed():
    law = [3 * (6.0 * 10 * 1000 * 4**place) ** -0.1 for place in range(4)]
    worse = [2 * max(law)] * 4
    seen = records({"small": law, "large": worse})
    exponent, fit, decades = (
        EnvelopeFit(("small", "large"), (10, 1000), "validation", want).at(seen)
        for want in ("exponent", "r_squared", "decades")
    )
    assert exponent == pytest.approx(0.1)
    assert fit == pytest.approx(1.0)
    assert decades == pytest.approx(math.log10(64))


def test_an_envelope_of_two_points_is_no_law():
    measure = EnvelopeFit(("small",), (10,), "validation", "exponent")
    with pytest.raises(NoValue, match="has 2 points"):
        measure.at(records({"small": [5.0, 4.0]}))
    assert "lower envelope of `small`" in str(measure)
