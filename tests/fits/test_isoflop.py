"""IsoFLOP valleys: the vertex, what a parabola gets wrong, and when there is none."""

from __future__ import annotations

import numpy as np
import pytest
from planted_sweeps import BUDGETS, LAW, SKEWED, planted_sweep

from replications.fits.bootstrap import Spread, draw_runs
from replications.fits.isoflop import fit_valley, fit_valleys, growth


def test_a_true_parabola_gives_its_vertex():
    size = np.exp(np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    loss = 2.5 + 0.3 * (np.log(size) - 3.2) ** 2
    valley = fit_valley(size, np.full(5, 1e18), loss)
    assert np.log(valley.size[0]) == pytest.approx(3.2)
    assert valley.loss[0] == pytest.approx(2.5)
    assert valley.curvature[0] == pytest.approx(0.3)
    assert valley.flops[0] == pytest.approx(1e18)


@pytest.mark.parametrize("near", [3, 5, 9])
@pytest.mark.parametrize("law", [LAW, SKEWED])
def test_on_a_centred_grid_the_exponent_is_exact_though_the_vertices_are_off(law, near):
    sweep = planted_sweep(law)
    valleys = fit_valleys(sweep, near=near)
    assert growth(valleys).slope[0] == pytest.approx(law.exponent, abs=1e-6)
    tokens = fit_valleys(sweep, over=sweep.tokens, near=near)
    assert growth(tokens).slope[0] == pytest.approx(1 - law.exponent, abs=1e-6)
    off = np.array([valley.size[0] for valley in valleys]) / law.optimum(BUDGETS)[0]
    assert off == pytest.approx(np.full(len(BUDGETS), off[0]))


def test_the_parabolas_bias_grows_with_the_sizes_that_it_spans():
    best, _ = SKEWED.optimum(BUDGETS[0])
    off = {
        near: fit_valleys(planted_sweep(SKEWED), near=near)[0].size[0] / best for near in (3, 5, 9)
    }
    # Half a per cent of the size becomes five as the parabola spans a factor of sixteen.
    assert off[3] == pytest.approx(1.0, abs=0.01)
    assert abs(off[3] - 1) < abs(off[5] - 1) < abs(off[9] - 1)
    assert 0.03 < off[9] - 1 < 0.1


def test_a_grid_that_drifts_across_the_valley_bends_the_exponent_and_less_so_near_the_vertex():
    sizes = np.geomspace(1 / 8, 8, 13)
    drifting = planted_sweep(SKEWED, sizes=sizes, drift=1.2)
    error = {
        near: abs(growth(fit_valleys(drifting, near=near)).slope[0] - SKEWED.exponent)
        for near in (3, 13)
    }
    assert error[3] < 0.003 < error[13]


def test_with_noise_the_exponent_is_recovered_to_a_hundredth():
    sweep = planted_sweep(noise=0.001)
    assert growth(fit_valleys(sweep, near=9)).slope[0] == pytest.approx(LAW.exponent, abs=0.01)


def test_an_outer_minimum_is_no_vertex():
    sweep = planted_sweep(sizes=np.array([2.0, 4.0, 8.0]))
    valleys = fit_valleys(sweep, near=3)
    assert not any(valley.has_vertex for valley in valleys)
    assert np.isnan(growth(valleys).slope[0])


def test_seeds_of_one_size_are_averaged():
    size = np.exp(np.array([1.0, 2.0, 2.0, 3.0]))
    loss = np.array([3.0, 1.5, 2.5, 3.0])
    valley = fit_valley(size, np.ones(4), loss, near=3)
    assert np.log(valley.size[0]) == pytest.approx(2)
    assert valley.loss[0] == pytest.approx(2)


def test_a_bootstraps_samples_are_those_of_the_runs_that_were_drawn():
    sweep = planted_sweep(noise=0.01)
    counts = draw_runs(sweep.budgets, samples=6, seed=1)
    together = growth(fit_valleys(sweep, counts, near=5))
    for sample, drawn in enumerate(counts):
        alone = sweep.only(np.repeat(np.arange(len(sweep)), drawn))
        expected = growth(fit_valleys(alone, near=5)).slope[0]
        assert together.slope[sample] == pytest.approx(expected, nan_ok=True)


def test_a_thousand_bootstraps_cover_what_was_planted():
    sweep = planted_sweep(noise=0.002, seed=4)
    lines = growth(fit_valleys(sweep, draw_runs(sweep.budgets), near=9))
    spread = Spread(growth(fit_valleys(sweep, near=9)).slope[0], lines.slope)
    low, high = spread.interval()
    assert low < LAW.exponent < high
    assert spread.fitted > 0.99
