"""Pictures of scaling laws from planted runs, and the calculator's numbers."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from planted_sweeps import BUDGETS, LAW, as_courses, planted_sweep

from replications.figures.paper_and_ours import axes
from replications.figures.scaling.calculator import (
    Allocation,
    calculator,
    our_allocation,
    printed_allocation,
)
from replications.figures.scaling.growth import draw_growth, growth_of
from replications.figures.scaling.ladder import draw_exponent_ladder
from replications.figures.scaling.samples import draw_samples
from replications.figures.scaling.surface import draw_surface
from replications.figures.scaling.valleys import valleys_on, vertices
from replications.fits.approaches import IsoFlopApproach, ParametricApproach

RUNS = as_courses(planted_sweep(noise=0.001))


def words(figure) -> list[str]:
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def test_each_budget_has_a_valley_with_its_vertex_near_the_planted_optimum():
    with axes() as ax:
        valleys_on(ax, RUNS, IsoFlopApproach(9))
    said = [text.get_text() for text in ax.texts]
    assert len(said) == len(BUDGETS) and said[0] == f"{BUDGETS[0]:.0e}".replace("e+", "e")
    found = vertices(RUNS, IsoFlopApproach(9))
    assert [v.parameters for v in found] == pytest.approx(LAW.optimum(BUDGETS)[0], rel=0.1)
    assert vertices([]) == []


def test_growth_has_the_planted_exponent_within_a_band():
    growth = growth_of(RUNS, IsoFlopApproach(9), samples=100)
    low, high = growth.interval()
    assert low - 0.01 < LAW.exponent < high + 0.01
    middle, below, above = growth.band(BUDGETS)
    assert (below <= middle).all() and (middle <= above).all()
    figure = draw_growth({"planted": growth, "none": None}, {}, flops=(1e18, 1e21), vertices=RUNS)
    assert words(figure)[0] == f"ours: planted, {growth.exponent:.2f}"


def test_without_runs_the_pictures_say_so():
    assert growth_of([], ParametricApproach()) is None
    for figure in (
        draw_growth({"ours": None}, {}, flops=(1e18, 1e21)),
        draw_surface(None, None),
        draw_exponent_ladder({"ours": {"first": None, "second": None}}),
    ):
        assert figure.axes[0].get_title() == "Ours: no records yet"


def test_a_ladders_rungs_stand_one_below_the_other():
    rungs = {"first": (0.8, 0.7, 0.9), "second": (0.5, 0.45, 0.55)}
    figure = draw_exponent_ladder(
        {"ours": rungs}, paper={"ours": {"first": 0.73}}, marks={"old": 0.73}
    )
    ax = figure.axes[0]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["first", "second"]
    assert ax.get_ylim() == (1.5, -0.5)


def test_clouds_are_named_by_their_axes():
    figure = draw_samples({"a against b": [(1.0, 2.0), (2.0, 3.0)]})
    assert (figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel()) == ("b", "a")


def test_a_printed_law_has_its_optimum_and_no_interval():
    printed = printed_allocation("printed", LAW, (6e18, 3e21))
    best, low, high = printed.parameters(1e21)
    assert best == pytest.approx(LAW.optimum(1e21)[0]) and low == best == high


def test_an_interval_widens_away_from_the_runs():
    growth = growth_of(RUNS, IsoFlopApproach(9), samples=100)
    ours = our_allocation("ours", growth, (1e18, 1e21), operations=6.0)
    wide = [math.log(high / low) for _, low, high in map(ours.parameters, (3e19, 1e24))]
    assert 0 < wide[0] < wide[1]
    assert ours.parameters(1e19)[0] == pytest.approx(growth.band(np.array([1e19]))[0][0])


def test_the_page_shows_the_start_without_its_script_and_escapes_names():
    rows = [Allocation("a < b", 1e20, math.log(1e9), 0.5, covariance=(0.01, 0.0, 0.001))]
    page = calculator(rows, examples={"one": 1e21}, start=1e20).data
    assert "<b>1B</b>" in page and "a &lt; b" in page
    assert "a \\u003c b" in page and "http" not in page
    assert re.search(r'data-flops="1e\+21"', page)
    assert "<b>16.7</b>" in page


def test_a_line_is_not_extended_beyond_its_farthest_budget():
    row = Allocation("small", 1e12, math.log(1e5), 0.5, known=(1e10, 3e12), farthest=1e14)
    near, far = (calculator([row], examples={}, start=at).data for at in (1e12, 1e20))
    assert "<b>100k</b>" in near and "<b>" not in far
    assert '"farthest":100000000000000.0' in far
