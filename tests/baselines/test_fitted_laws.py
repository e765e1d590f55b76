"""Laws fitted to sweeps in one go, and their numbers with the runs as items."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from replications.baselines.fitted_laws import fit_ladder, fit_law
from replications.corpora.sweeps.planted import LAW, planted_counts, planted_points
from replications.corpora.sweeps.sweep_points import SweepPoints
from replications.fits.bootstrap import Spread, draw_runs, influence
from replications.metrics.scaling.fitted_numbers import (
    against_constants,
    best_allocation,
    ladder_exponents,
    law_numbers,
)
from replications.recipes import Workspace


def data_of(points) -> SweepPoints:
    data = SweepPoints(0, points=points)
    data.setup("fit")
    return data


@pytest.fixture(scope="module")
def fitted():
    data = data_of(partial(planted_points, noise=0.003))
    return fit_law(data, (), Workspace(seed=1), samples=100), data


def test_the_planted_law_comes_out_with_its_runs_as_items(fitted):
    trained, data = fitted
    numbers = law_numbers(trained.model, data)
    for name, width in (("alpha", 0.03), ("beta", 0.03), ("exponent", 0.02)):
        assert numbers[name] == pytest.approx(getattr(LAW, name), abs=width)
        assert numbers[name].again() == pytest.approx(numbers[name], rel=1e-5)
        assert len(numbers[name].items.values) == 240
    assert trained.trajectory[-1]["tokens"] == 240
    assert trained.parameters["other"] == 5


def test_the_fit_repeats_and_the_seed_draws_the_bootstrap(fitted):
    trained, data = fitted
    again = fit_law(data, (), Workspace(seed=1), samples=100).model
    other = fit_law(data, (), Workspace(seed=2), samples=100).model
    assert again.laws == trained.model.laws
    assert other.law == again.law and other.laws != again.laws


def test_other_constants_fit_the_runs_worse(fitted):
    trained, data = fitted
    worse = against_constants(
        trained.model, data, constants=(1.69, 406.4, 410.7, 0.34, 0.28), prefix="printed"
    )
    assert worse["printed:objective_ratio"] > 3
    assert worse["printed:tokens_per_parameter"] == pytest.approx(92.8, abs=0.1)
    own = against_constants(trained.model, data, constants=tuple(trained.model.law), prefix="own")
    assert own["own:objective_ratio"] == pytest.approx(1)
    best = best_allocation(trained.model, data)
    assert best["tokens_per_parameter"] == pytest.approx(19.5, rel=0.15)


def test_the_ladders_steps_are_resampled_together():
    data = data_of(planted_counts)
    trained = fit_ladder(data, (), Workspace(seed=0), samples=50)
    exponents = ladder_exponents(trained.model, data)
    assert exponents["planted:kaplan"] - exponents["planted:output-layer"] > 0.2
    counts = trained.model.counts
    assert np.array_equal(counts["planted:kaplan"], counts["planted:output-layer"])


def test_influences_resample_as_the_bootstrap_of_the_fit_does():
    """Of a mean the influence of an item is its distance, and all is known."""
    values = np.random.default_rng(0).exponential(size=30)
    counts = draw_runs(np.zeros(30, dtype=int), samples=4000, seed=1)
    found = influence(Spread(float(values.mean()), counts @ values / 30), counts)
    assert found.mean() == pytest.approx(values.mean())
    assert np.corrcoef(found, values)[0, 1] > 0.95
    assert np.std(found, ddof=1) / 30**0.5 == pytest.approx(np.std(values) / 30**0.5, rel=0.05)
