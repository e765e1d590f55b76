"""Measures of power laws of the loss, recovered where one was planted."""

from __future__ import annotations

import math

import pytest
from fabricated import fabricate_failed, fabricate_record

from replications.claims.measures import NoValue
from replications.claims.measures.power_laws import (
    EnvelopeFit,
    LossLaw,
    trajectory_of,
)
from replications.fits.envelope import Spent


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


def law_records() -> dict:
    return {
        f"r{size}": fabricate_record(
            f"r{size}",
            parameters={"embedding": 0, "other": size},
            trajectory=[{"tokens": 20 * size, "flops": 120.0 * size**2}],
            metrics={"nats": 3 * size**-0.1},
        )
        for size in (100, 1_000, 10_000, 100_000)
    }


def test_the_losses_law_in_each_of_the_three_is_that_which_was_planted():
    records = law_records()
    for over, exponent in (("parameters", 0.1), ("tokens", 0.1), ("flops", 0.05)):
        law = LossLaw(tuple(records), "nats", over)
        assert law.at(records) == pytest.approx(exponent)
        assert LossLaw(tuple(records), "nats", over, "residual").at(records) < 1e-9
    assert "operations" in str(LossLaw(tuple(records), "nats", "flops"))


def test_a_run_that_failed_is_left_out_and_named_where_too_few_are_left():
    records = law_records()
    names = tuple(records)
    records[names[0]] = fabricate_failed(names[0], "loss is nan")
    assert LossLaw(names, "nats", "parameters").at(records) == pytest.approx(0.1)
    few = (names[0], *names[1:3], "never-run")
    with pytest.raises(
        NoValue, match="there are 2: the run `r100`, seed 0, diverged .*`never-run`"
    ):
        LossLaw(few, "nats", "tokens").at(records)
    assert LossLaw.leaves_out_failed
