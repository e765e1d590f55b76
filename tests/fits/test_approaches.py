"""The approaches agree on a planted law, and the bootstrap draws whole runs."""

from __future__ import annotations

import numpy as np
import pytest
from planted_sweeps import LAW, as_courses, planted_courses, planted_sweep

from replications.fits.approaches import (
    EnvelopeApproach,
    IsoFlopApproach,
    ParametricApproach,
)
from replications.fits.bootstrap import Spread, draw_runs
from replications.fits.envelope import envelope_of
from replications.fits.sweep import Course, budgets_of


def test_the_envelope_recovers_the_planted_exponents_to_a_hundredth():
    courses = planted_courses(noise=0.0002)
    lines = EnvelopeApproach().growth(courses)
    assert lines.slope[0] == pytest.approx(LAW.exponent, abs=0.01)
    tokens = EnvelopeApproach().growth(courses, "tokens")
    assert tokens.slope[0] == pytest.approx(1 - LAW.exponent, abs=0.01)


def test_where_the_outermost_size_is_lowest_the_envelope_says_nothing():
    courses = planted_courses(sizes=3)
    envelope = envelope_of(courses)
    known = envelope.parameters[np.isfinite(envelope.parameters)]
    assert set(known) == {courses[1].parameters}


@pytest.mark.parametrize("approach", [IsoFlopApproach(9), ParametricApproach()])
def test_the_other_two_read_the_ends_alone(approach):
    courses = as_courses(planted_sweep())
    for of, exponent in (("parameters", LAW.exponent), ("tokens", 1 - LAW.exponent)):
        lines = approach.growth(courses, of)
        assert lines.slope[0] == pytest.approx(exponent, abs=2e-3)
        best = LAW.optimum(1e19)[("parameters", "tokens").index(of)]
        at = np.exp(lines.intercept[0] + lines.slope[0] * np.log(1e19))
        assert at == pytest.approx(best, rel=0.03)


@pytest.mark.parametrize("approach", [EnvelopeApproach(), IsoFlopApproach(), ParametricApproach()])
def test_each_has_a_bootstrap_over_whole_runs(approach):
    courses = planted_courses(sizes=9, noise=0.002)
    courses = (
        courses
        if isinstance(approach, EnvelopeApproach)
        else as_courses(planted_sweep(noise=0.002))
    )
    counts = draw_runs(np.zeros(len(courses), dtype=int), samples=40)
    lines = approach.growth(courses, counts=counts)
    assert lines.slope.shape == (40,)
    everything = approach.growth(courses, counts=np.ones((1, len(courses)), dtype=int))
    assert everything.slope[0] == pytest.approx(approach.growth(courses).slope[0], abs=1e-4)


def test_a_bootstrap_keeps_the_number_of_runs_of_each_budget():
    groups = np.array([0, 0, 0, 1, 1, 2])
    counts = draw_runs(groups, samples=50, seed=0)
    for group, members in ((0, 3), (1, 2), (2, 1)):
        assert set(counts[:, groups == group].sum(1)) == {members}
    assert len({tuple(row) for row in counts.tolist()}) > 5
    assert np.array_equal(counts, draw_runs(groups, samples=50, seed=0))


def test_a_spread_leaves_out_samples_without_a_fit_and_says_how_many():
    spread = Spread(1.0, np.array([np.nan, 0.0, 1.0, 2.0]))
    assert spread.fitted == 0.75
    assert spread.interval(0.5) == (0.5, 1.5)
    assert spread.standard_error == pytest.approx(1.0)


def test_runs_of_nearly_equal_operations_are_of_one_budget():
    flops = np.array([3.0e12, 1.02e12, 1.0e12, 0.3e12, 3.1e12])
    assert budgets_of(flops).tolist() == [2, 1, 1, 0, 2]


@pytest.mark.parametrize("wrong", [-1.0, 0.0, float("nan")])
def test_a_course_has_logarithms(wrong):
    with pytest.raises(ValueError):
        Course(10.0, np.array([1.0]), np.array([1.0]), np.array([wrong]))
