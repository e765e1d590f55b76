"""The parametric law: planted numbers are recovered, and the optimum is the field's formula."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.optimize
from planted_sweeps import LAW, SKEWED, planted_sweep

from replications.fits.bootstrap import Spread, draw_runs
from replications.fits.least_squares import huber
from replications.fits.parametric import (
    DELTA,
    STARTS,
    bootstrap_parametric,
    fit_parametric,
    objective,
)


@pytest.mark.parametrize("law", [LAW, SKEWED])
def test_without_noise_the_planted_numbers_are_recovered(law):
    found = fit_parametric(planted_sweep(law))
    assert found.exponent == pytest.approx(law.exponent, abs=1e-3)
    assert found[3:] == pytest.approx(law[3:], abs=1e-3)
    assert found.irreducible == pytest.approx(law.irreducible, abs=1e-3)


def test_with_noise_the_exponent_is_recovered_to_a_hundredth():
    wide = planted_sweep(noise=0.002, sizes=np.geomspace(1 / 16, 16, 25))
    assert fit_parametric(wide).exponent == pytest.approx(LAW.exponent, abs=0.01)


def test_scipy_finds_no_lower_objective():
    sweep = planted_sweep(noise=0.005, sizes=np.geomspace(1 / 16, 16, 25))
    found = fit_parametric(sweep)

    def theirs(row: np.ndarray) -> float:
        a, b, e, alpha, beta = row
        parts = a - alpha * np.log(sweep.parameters), b - beta * np.log(sweep.tokens)
        predicted = np.logaddexp(np.logaddexp(*parts), e)
        return float(np.sum(huber(predicted - np.log(sweep.loss), DELTA)))

    start = [np.log(found.size), np.log(found.data), np.log(found.irreducible), *found[3:]]
    best = min(
        scipy.optimize.minimize(theirs, start + away, method="BFGS", options={"gtol": 1e-9}).fun
        for away in 0.1 * np.random.default_rng(0).standard_normal((4, 5))
    )
    assert objective(found, sweep) == pytest.approx(theirs(np.array(start)), rel=1e-9)
    assert objective(found, sweep) <= best * (1 + 1e-6)


def test_the_grid_of_starts_is_the_papers():
    assert STARTS.shape == (4500, 5)
    assert STARTS.min(0).tolist() == [0, 0, -1, 0, 0]
    assert STARTS.max(0).tolist() == [25, 25, 1, 2, 2]


def test_the_optimum_is_where_the_loss_is_least_at_that_compute():
    budget = 1e20
    parameters, tokens = SKEWED.optimum(budget)
    assert 6 * parameters * tokens == pytest.approx(budget)
    near = parameters * np.array([0.98, 1.0, 1.02])
    assert np.argmin(SKEWED.loss(near, budget / 6 / near)) == 1
    assert SKEWED.optimum(10 * budget)[0] / parameters == pytest.approx(10**SKEWED.exponent)


def test_outliers_hardly_move_a_fit_with_hubers_loss():
    sweep = planted_sweep(noise=0.0005)
    sweep.loss[[3, 17, 40]] *= 1.1
    robust, squared = fit_parametric(sweep), fit_parametric(sweep, delta=np.inf)
    assert abs(robust.exponent - LAW.exponent) < 0.02
    assert abs(robust.exponent - LAW.exponent) < abs(squared.exponent - LAW.exponent)


def test_a_bootstrap_of_the_law_covers_what_was_planted_and_repeats():
    sweep = planted_sweep(noise=0.003, sizes=np.geomspace(1 / 16, 16, 25))
    law = fit_parametric(sweep)
    counts = draw_runs(sweep.budgets, samples=200, seed=3)
    laws = bootstrap_parametric(sweep, counts, law=law)
    spread = Spread(law.exponent, np.array([each.exponent for each in laws]))
    low, high = spread.interval()
    assert low < LAW.exponent < high
    assert 0.001 < spread.standard_error < 0.05
    assert bootstrap_parametric(sweep, counts[:5], law=law) == laws[:5]


def test_a_sample_that_drew_every_run_once_is_the_fit_itself():
    sweep = planted_sweep(noise=0.003)
    law = fit_parametric(sweep)
    (again,) = bootstrap_parametric(sweep, np.ones((1, len(sweep)), dtype=int), law=law)
    assert again == pytest.approx(law, rel=1e-3)


def test_five_runs_are_too_few_for_five_numbers():
    with pytest.raises(ValueError, match="six runs"):
        fit_parametric(planted_sweep().only(np.arange(5)))
