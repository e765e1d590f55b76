"""Measures of how compute is best spent, on records of a planted law."""

from __future__ import annotations

import numpy as np
import pytest
from fabricated import fabricate_failed, fabricate_record

from replications.claims import Difference, Value
from replications.claims.measures import NoValue
from replications.claims.measures.accounting import CHINCHILLA, LAYERS_ALONE
from replications.claims.measures.scaling import (
    CriticalBatch,
    FrontierLaw,
    OptimalGrowth,
    RelativeSpread,
)
from replications.fits.approaches import IsoFlopApproach, ParametricApproach
from replications.fits.critical_batch import Tradeoff
from replications.fits.parametric import ParametricLaw

LAW = ParametricLaw(1.0, 60.0, 40.0, 0.4, 0.4)
SIZES = np.geomspace(2e3, 2e6, 31)
BUDGETS = (1e11, 3e11, 1e12, 3e12)


def network(weights: float) -> dict:
    """The parts of a recipe whose layers have so many weights in all."""
    d_model = (weights / 12) ** 0.5
    model = {"layers": 1, "d_model": d_model, "d_ff": 4 * d_model}
    return {"learner": {"objective": {"model": model}}}


def records(law: ParametricLaw = LAW, embedding: float = 0.0) -> dict:
    """Each of the budgets at the sizes about its optimum; `embedding` of a size's square root."""
    found = {}
    for number, budget in enumerate(BUDGETS):
        best, _ = law.optimum(budget)
        for size in SIZES[(best / 6 < SIZES) & (best * 6 > SIZES)]:
            tokens, rows = budget / 6 / size, int(embedding * size**0.5)
            name = f"b{number}-n{int(size)}"
            found[name] = fabricate_record(
                name,
                parameters={"embedding": rows, "other": int(size) - rows},
                recipe_parts=network(int(size) - rows),
                trajectory=[{"tokens": tokens, "flops": budget}],
                metrics={"nats": float(law.loss(size, tokens))},
            )
    return found


@pytest.mark.parametrize("approach", [IsoFlopApproach(7), ParametricApproach()])
def test_each_approach_finds_the_planted_growth_in_records(approach):
    runs = records()
    measure = OptimalGrowth(tuple(runs), "nats", approach)
    assert measure.at(runs) == pytest.approx(0.5, abs=0.02)
    assert str(approach) in str(measure) and measure.recipes == tuple(runs)


def test_tokens_grow_by_what_is_left():
    runs = records()
    tokens = OptimalGrowth(tuple(runs), "nats", IsoFlopApproach(7), "tokens").at(runs)
    assert tokens == pytest.approx(0.5, abs=0.01)
    line = OptimalGrowth(tuple(runs), "nats", IsoFlopApproach(7), want="r_squared")
    assert line.at(runs) > 0.99


def test_leaving_the_embeddings_out_raises_the_exponent_of_the_same_runs():
    """Pearce and Song 2024: small models are mostly embeddings."""
    runs = records(embedding=150.0)
    alone, all_counted = (
        OptimalGrowth(tuple(runs), "nats", ParametricApproach(), accounting=each)
        for each in (LAYERS_ALONE, CHINCHILLA)
    )
    assert Difference(alone, all_counted).at(runs) > 0.1
    assert "N of the layers" in str(alone)


def test_the_accountings_differ_in_what_they_count():
    record = fabricate_record(
        parameters={"embedding": 700, "other": 30},
        recipe_parts=network(24.0),
        trajectory=[{"tokens": 10, "flops": 1e6}],
    )
    counts = {a: (a.parameters(record), a.operations(record)) for a in (LAYERS_ALONE, CHINCHILLA)}
    assert counts == {
        LAYERS_ALONE: (pytest.approx(24), [pytest.approx(1440)]),
        CHINCHILLA: (730, [1e6]),
    }


def test_without_two_inner_minima_there_is_no_growth():
    runs = records()
    few = tuple(name for name in runs if name.startswith("b0"))
    with pytest.raises(NoValue, match="no two budgets"):
        OptimalGrowth(few, "nats").at(runs)


def test_a_diverged_run_is_left_out_and_a_sweep_of_them_says_which():
    runs = records()
    names = tuple(runs)
    runs[names[0]] = fabricate_failed(names[0], "loss is nan after epoch 2")
    assert OptimalGrowth(names, "nats", IsoFlopApproach(3)).at(runs) == pytest.approx(0.5, abs=0.02)
    with pytest.raises(NoValue, match="there are 1: the run `b0-.*, seed 0, diverged"):
        OptimalGrowth(names[:2], "nats").at(runs)


def test_the_loss_of_a_larger_budget_is_read_off_the_frontiers_law():
    runs = records()
    small = tuple(name for name in runs if not name.startswith("b3"))
    truth = float(LAW.loss(*LAW.optimum(BUDGETS[-1])))
    frontier = FrontierLaw(small, "nats", "loss", 3e12).at(runs)
    assert frontier == pytest.approx(truth, rel=0.05)
    assert FrontierLaw(small, "nats", "r_squared").at(runs) > 0.98
    with pytest.raises(ValueError, match="flops"):
        FrontierLaw(small, "nats", "loss")


def test_the_critical_batch_is_read_off_courses_at_several_batches():
    law = Tradeoff(200.0, 4e5)
    runs, batches = {}, (256, 1024, 4096, 16_384)
    for batch in batches:
        # Loss falls with the updates so that the level 2 is passed at the law's own.
        points = [law.updates(float(batch)) * 2.0**place for place in (-2, -1, 0, 1)]
        runs[f"batch{batch}"] = fabricate_record(
            f"batch{batch}",
            trajectory=[
                {"tokens": int(updates * batch), "nats": 2.0 * 2.0 ** (-0.1 * place)}
                for updates, place in zip(points, (-2, -1, 0, 1), strict=True)
            ],
        )
    measure = CriticalBatch(tuple(runs), batches, "nats", 2.0)
    assert measure.at(runs) == pytest.approx(2000, rel=0.02)
    with pytest.raises(NoValue, match="fewer than three batches passed 1: `batch256` came down"):
        CriticalBatch(tuple(runs), batches, "nats", 1.0).at(runs)


def test_a_relative_spread_is_of_the_largest_over_the_smallest():
    runs = {
        name: fabricate_record(name, metrics={"nats": nats}) for name, nats in (("a", 2), ("b", 3))
    }
    spread = RelativeSpread((Value("a", "nats"), Value("b", "nats")))
    assert spread.at(runs) == pytest.approx(0.5)
    assert spread.recipes == ("a", "b")
