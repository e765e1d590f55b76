"""Kaplan et al.: the sweep's counts and rules, and claims that planted runs can decide."""

from __future__ import annotations

import copy
import dataclasses

import pytest
import torch
from planted_runs import plant, plant_all, shape_of

from replications.claims.check import check
from replications.claims.measures.accounting import LAYERS_ALONE, layer_weights
from replications.claims.shared_recipes import judged_recipes
from replications.claims.verdicts import NO_RECORDS, REPRODUCED
from replications.errors import ReplicationError
from replications.figures.paper_values import paper_row
from replications.objectives.causal_language_model import CausalLanguageModel
from replications.papers import kaplan
from replications.papers.kaplan import grids, long_schedules, sweep
from replications.paths import RECORDS as RECORDED
from replications.records import load_records
from replications.records.compact import read_compact
from replications.tokens.byte_level import ALPHABET, END_OF_TEXT, ByteLevelBPE
from replications.training.fit import fit

LAPTOP = {recipe.name: recipe for recipe in kaplan.RECIPES["laptop"]}
SMOKE = {recipe.name: recipe for recipe in kaplan.RECIPES["smoke"]}


MADE = (f"pair{number}" for number in range(sweep.VOCABULARY - 257))
TOKENS = ByteLevelBPE((), (*ALPHABET, *MADE, END_OF_TEXT))


def built(name: str) -> CausalLanguageModel:
    torch.manual_seed(0)
    return LAPTOP[name].learner.keywords["objective"](TOKENS, 0)


@pytest.mark.parametrize("name", ["isoflop-1e10-d4", "isoflop-1e11-d24", "shape-ff-8"])
def test_operations_that_a_run_counts_are_those_of_the_formula(name):
    model, shape = built(name), shape_of(LAPTOP[name])
    ids = torch.zeros(3, sweep.CONTEXT, dtype=torch.long)
    model.count(ids.numel(), ids)
    assert model.flops == sweep.flops_per_token(shape) * ids.numel()


def test_weights_are_those_of_the_layers_matrices():
    for name in ("isoflop-1e11-d24", "shape-ff-1", "shape-8x24"):
        matrices = sum(p.numel() for p in built(name).model.stack.parameters() if p.ndim > 1)
        assert matrices == sweep.weights_of(shape_of(LAPTOP[name]))


def test_of_kaplans_count_positions_are_no_part():
    record = plant(LAPTOP["isoflop-1e11-d24"], 0)
    assert layer_weights(record) == 12 * 2 * 24**2 < record.parameters["other"]
    operations = LAYERS_ALONE.operations(record)
    assert operations[-1] == 6 * layer_weights(record) * record.tokens_seen


def test_every_run_of_a_budget_costs_what_the_budget_says():
    for recipe in sweep.SWEEP:
        spent = plant(recipe, 0).flops
        assert spent == pytest.approx(float(recipe.name.split("-")[1]), rel=0.02)


def test_the_middle_size_of_a_budget_has_two_on_either_side_and_grows_with_it():
    middles = [sizes[2] for sizes in sweep.BUDGETS.values()]
    order = [*sweep.SIZES]
    assert all(len(sizes) == 5 for sizes in sweep.BUDGETS.values())
    assert sorted(middles, key=order.index) == middles


def test_the_batch_grows_as_kaplans_and_the_peak_falls_as_one_over_the_width():
    assert [sweep.batch_tokens(c) for c in (1e10, 1e11, 1e12, 1e13)] == [128, 256, 384, 768]
    assert sweep.learning_rate_peak(16) == 4 * sweep.learning_rate_peak(64)
    exponent = paper_row("kaplan", "Kaplan et al. 2020, table 6", "best batch")
    assert exponent["exponent of compute"] == 0.24


def test_no_run_of_the_sweep_reads_a_token_twice():
    assert max(plant(recipe, 0).tokens_seen for recipe in sweep.SWEEP) < 12_000_000


def test_shapes_differ_by_a_fifth_in_their_weights_at_most():
    weights = [sweep.weights_of(shape) for shape in grids.SHAPES.values()]
    assert max(weights) / min(weights) < 1.21
    assert sweep.weights_of(grids.DEPTHS[grids.QUARTER]) * 4 == sweep.weights_of(
        grids.SHAPES["2x48"]
    )


def test_one_schedule_is_as_long_in_tokens_for_every_size():
    for recipe in long_schedules.LONG_SCHEDULES:
        schedule = recipe.learner.keywords["objective"].keywords["schedule"].keywords
        tokens = plant(recipe, 0).tokens_seen
        assert tokens * schedule["overlong"] == pytest.approx(4_000_000, rel=0.04)


RECORDS = plant_all(kaplan.RECIPES["laptop"])
BY_SLUG = {claim.slug: claim for claim in kaplan.CLAIMS}


@pytest.mark.parametrize("slug", BY_SLUG)
def test_each_claim_can_be_judged(slug):
    verdict = check(BY_SLUG[slug], RECORDS, judged_recipes(kaplan))
    assert verdict.verdict != NO_RECORDS and verdict.seeds == 3


def test_a_planted_law_fulfils_what_it_implies():
    verdicts = {
        slug: check(BY_SLUG[slug], RECORDS, judged_recipes(kaplan)).verdict for slug in BY_SLUG
    }
    assert verdicts["power-law-in-n"] == REPRODUCED
    assert verdicts["larger-needs-fewer-tokens"] == REPRODUCED
    assert verdicts["frontier-is-a-power-law"] == REPRODUCED


def test_layer_weights_of_another_network_are_an_error_that_names_the_record():
    from fabricated import fabricate_record

    with pytest.raises(ReplicationError, match="word2vec/skip-gram.* is not of a network"):
        layer_weights(fabricate_record())


def test_a_gated_network_has_a_third_matrix_and_is_not_counted_as_if_it_had_two():
    record = plant(LAPTOP["isoflop-1e11-d24"], 0)
    parts = copy.deepcopy(record.recipe_parts)
    parts["learner"]["objective"]["model"]["feed_forward"] = {"part": "GatedFeedForward"}
    with pytest.raises(ReplicationError, match="is not of a network with .* an ungated d_ff"):
        layer_weights(dataclasses.replace(record, recipe_parts=parts))


def test_a_live_run_learns(monkeypatch):
    monkeypatch.delenv("REPLICATIONS_MIRROR", raising=False)
    run = fit(SMOKE["live-d16"], paper="kaplan", tier="smoke", seed=0)
    losses = [point["validation_nats_per_token"] for point in run.record.trajectory]
    assert losses == sorted(losses, reverse=True) and losses[-1] < losses[0] - 0.1


def test_runs_made_before_a_change_of_measures_are_equal_to_those_that_are_judged():
    """The ledger of criteria discloses them."""
    first = {
        (run["recipe"], run["seed"]): run
        for run in read_compact(RECORDED / "kaplan" / "sweep-first.laptop.jsonl")
    }
    judged = {(run.recipe, run.seed): run for run in load_records("kaplan", "laptop")}
    assert len(first) == 25
    for run, earlier in first.items():
        assert judged[run].stored_in == "sweep.laptop.jsonl" and judged[run].date > earlier["date"]
        assert judged[run].metrics == earlier["metrics"]
