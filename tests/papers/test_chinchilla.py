"""Chinchilla: schedules, the allocations compared, and claims that planted runs can decide."""

from __future__ import annotations

from dataclasses import replace

import pytest
from planted_runs import plant, plant_all

from replications.claims.check import check
from replications.claims.shared_recipes import judged_recipes
from replications.claims.verdicts import NO_RECORDS, REPRODUCED
from replications.errors import ReplicationError
from replications.papers import chinchilla, kaplan
from replications.papers.chinchilla import prediction, recipes
from replications.papers.chinchilla.claims import ALLOCATIONS, CLAIMS

LAPTOP = {recipe.name: recipe for recipe in chinchilla.RECIPES["laptop"]}
OWN_RUNS = [claim for claim in CLAIMS if claim.measure]


@pytest.mark.parametrize("times", recipes.OVERLONG)
def test_a_cosine_ends_where_its_plan_says(times):
    schedule = LAPTOP[f"cosine-{times}"].learner.keywords["objective"].keywords["schedule"]
    peak = 0.25 / 32
    overlong = recipes.OVERLONG[times]
    # The warm-up takes 5 % of the training in each.
    assert schedule(1, 0.025) == pytest.approx(peak / 2, rel=1e-3)
    at_end = schedule(1_000, 1.0)
    assert (at_end == pytest.approx(0.1 * peak, rel=1e-3)) == (overlong == 1)
    assert at_end < peak


def test_cosines_differ_in_their_length_alone():
    described = [recipe.describe() for recipe in recipes.COSINES]
    for one in described:
        one["learner"]["objective"].pop("schedule")
    assert all(one == described[0] for one in described)


def test_the_sweep_is_borrowed_and_not_run_again():
    own = {recipe.name for recipe in chinchilla.RECIPES["laptop"]}
    lent = {recipe.name for recipe in chinchilla.BORROWED["kaplan"]}
    assert not own & lent
    assert lent <= {recipe.name for recipe in kaplan.RECIPES["laptop"]}


def test_the_two_allocations_cost_the_same_and_differ_in_size():
    by_name = {recipe.name: recipe for recipe in chinchilla.BORROWED["kaplan"]}
    half, more = (plant(by_name[name], 0) for name in ALLOCATIONS.values())
    assert half.flops == pytest.approx(more.flops, rel=0.02)
    assert sum(more.parameters.values()) > 3 * sum(half.parameters.values())


RECORDS = [
    *plant_all(kaplan.RECIPES["laptop"]),
    *plant_all(recipes.RECIPES["laptop"], paper="chinchilla"),
]


@pytest.mark.parametrize("claim", OWN_RUNS, ids=lambda claim: claim.slug)
def test_each_claim_on_our_own_runs_can_be_measured(claim):
    """That on the warm-up, too, which these runs do not test: a figure shows what it measures."""
    verdict = check(replace(claim, not_testable=""), RECORDS, judged_recipes(chinchilla))
    assert verdict.verdict != NO_RECORDS and verdict.seeds == 3


def test_a_planted_root_of_compute_is_found():
    by_slug = {claim.slug: claim for claim in OWN_RUNS}
    for slug in ("equal-scaling", "not-as-kaplan", "isoflop-interior-minimum"):
        assert check(by_slug[slug], RECORDS, judged_recipes(chinchilla)).verdict == REPRODUCED


@pytest.mark.parametrize("text", ["", "{}", '{"low": 2, "high": 1}', "[1]"])
def test_a_damaged_prediction_is_an_error_that_names_the_file(tmp_path, monkeypatch, text):
    file = tmp_path / "chinchilla.json"
    monkeypatch.setattr(prediction, "FILE", file)
    assert prediction.read_prediction() is None
    file.write_text(text)
    with pytest.raises(ReplicationError, match="chinchilla.json holds no prediction"):
        prediction.read_prediction()
