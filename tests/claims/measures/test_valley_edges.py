"""Whether valleys are valleys, and a law fitted to whole curves."""

from __future__ import annotations

import numpy as np
import pytest
from fabricated import fabricate_record

from replications.claims.measures.accounting import Accounting
from replications.claims.measures.curve_growth import CurveGrowth
from replications.claims.measures.valley_edges import EdgeExcess
from replications.fits.parametric import ParametricLaw

LOSSES = {"a": (3.0, 2.0, 2.5), "b": (2.0, 2.1, 2.2), "c": (2.4, 2.0, 2.1)}
BUDGETS = tuple(tuple(f"{name}{n}" for n in range(3)) for name in LOSSES)
RECORDS = {
    f"{name}{n}": fabricate_record(f"{name}{n}", metrics={"loss": loss})
    for name, losses in LOSSES.items()
    for n, loss in enumerate(losses)
}


@pytest.mark.parametrize(("left_out", "expected"), [(0, 0.0), (1, 0.1), (2, 0.5)])
def test_the_excess_is_that_of_the_worst_budget_that_is_kept(left_out, expected):
    assert EdgeExcess(BUDGETS, "loss", left_out).at(RECORDS) == pytest.approx(expected)


def test_two_sizes_are_no_valley_and_not_all_budgets_can_be_left_out():
    with pytest.raises(ValueError, match="three sizes or more"):
        EdgeExcess((("a", "b"),), "loss")
    with pytest.raises(ValueError, match="3 of 3 budgets cannot be left out"):
        EdgeExcess(BUDGETS, "loss", 3)


def test_a_planted_exponent_is_found_on_curves_once_their_start_is_skipped():
    law = ParametricLaw(2.0, 76.0, 192.0, 0.3, 0.5)
    records = {}
    for size in (1_000, 4_000, 16_000, 64_000):
        points = []
        for tokens in np.linspace(1e5, 1e6, 10):
            loss = float(law.loss(size, tokens)) + (9.0 if tokens < 2.5e5 else 0.0)
            points.append({"tokens": tokens, "flops": 6 * size * tokens, "loss": loss})
        parameters = {"embedding": 0, "other": size}
        records[str(size)] = fabricate_record(
            str(size), trajectory=points, parameters=parameters, metrics={}
        )
    plain = Accounting(
        "N and 6ND",
        lambda record: record.parameters["other"],
        lambda record: [point["flops"] for point in record.trajectory],
    )
    measure = CurveGrowth((*records,), "loss", 0.25, plain)
    assert measure.at(records) == pytest.approx(0.5 / 0.8, abs=0.01)
