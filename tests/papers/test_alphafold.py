"""AlphaFold: what the ablations take out, what they cost, what the claims quote."""

from __future__ import annotations

import pytest
import torch
from described import differences
from torch.utils.flop_counter import FlopCounterMode

from replications.figures.paper_values import paper_row
from replications.metrics.protein.structures import points_of
from replications.papers import alphafold
from replications.papers.alphafold.parts import PAIR_UPDATES, evoformer
from replications.records import load_record, save_record
from replications.training.fit import fit

LAPTOP = {recipe.name: recipe for recipe in alphafold.RECIPES["laptop"]}
SMOKE = {recipe.name: recipe for recipe in alphafold.RECIPES["smoke"]}


def network(name):
    return LAPTOP[name].learner.keywords["objective"].keywords["model"]()


def step_operations(name):
    """Of an epoch: batches, times a step with gradients and the earlier cycles forward alone."""
    recipe = LAPTOP[name]
    objective = recipe.learner.keywords["objective"].keywords
    model, total = network(name), 0
    for depth in (8, 16, 32):
        ids = torch.zeros(1, depth, 32, dtype=torch.long)
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            model(ids, ids[:, 0], 1)
        total += counter.get_total_flops()
    earlier = (objective["cycles"] - 1) / 2
    return recipe.data.keywords["batches_per_epoch"] * total * (3 + earlier)


def test_an_ablation_differs_from_the_evoformer_in_one_part():
    whole = LAPTOP["evoformer-three-tenths"].describe_training()
    found = {
        name: {
            place.rsplit(".", 1)[-1]
            for place in differences(whole, LAPTOP[name].describe_training())
        }
        for name in (
            "no-pair-bias-three-tenths",
            "no-msa-three-tenths",
            "no-recycling-three-tenths",
        )
    }
    assert found["no-pair-bias-three-tenths"] == {"msa_updates"}
    biased, plain = (
        network(name).blocks[0] for name in ("evoformer-three-tenths", "no-pair-bias-three-tenths")
    )
    kinds = [[type(part) for part in block.msa_updates] for block in (biased, plain)]
    assert kinds[0] == kinds[1]
    assert plain.msa_updates[0].bias is None
    assert found["no-msa-three-tenths"] == {"depth"}
    assert found["no-recycling-three-tenths"] == {"cycles", "batches_per_epoch"}


@pytest.mark.parametrize(
    "name", ["no-triangles-three-tenths", "no-recycling-three-tenths", "plain-msa-three-tenths"]
)
def test_networks_that_are_quicker_without_a_part_take_as_many_operations(name):
    assert step_operations(name) == pytest.approx(
        step_operations("evoformer-three-tenths"), rel=0.03
    )


def test_axial_attention_has_no_third_side():
    whole, axial = evoformer()(), evoformer(pair_updates="axial")()
    assert all(part.bias is not None for part in whole.blocks[0].pair_updates[2:4])
    assert all(part.bias is None for part in axial.blocks[0].pair_updates[:2])
    assert not any("Multiplication" in type(p).__name__ for p in axial.blocks[0].pair_updates)
    assert set(PAIR_UPDATES) == {"both", "multiplication", "attention", "axial"}


def test_all_methods_are_measured_on_the_same_test_families_alike():
    measured = {
        name: recipe.describe()["metrics"][:2]
        for name, recipe in LAPTOP.items()
        if "families" in recipe.data.keywords
    }
    assert len(measured) == 13
    assert all(metrics == measured["evoformer-three-tenths"] for metrics in measured.values())


def test_both_losses_are_trained_on_the_same_chains():
    one, other = (LAPTOP[f"structure-{name}"] for name in ("fape", "distances"))
    found = differences(one.describe_training(), other.describe_training())
    assert {place.split(".")[-1] for place in found} <= {"loss", "part"}


def test_the_papers_numbers_in_claims_are_the_transcribed_ones():
    values = {claim.slug: claim.paper_value for claim in alphafold.CLAIMS}
    row = paper_row("alphafold", "Jumper et al. 2021, figure 2", "pLDDT")
    assert values["confidence-is-calibrated"]["pLDDT and lDDT"] == 100 * row["Pearson's r"]
    best = paper_row("alphafold", "Jumper et al. 2021, figure 1", "AlphaFold")
    assert values["near-experimental-accuracy"]["AlphaFold"] == best["median backbone r.m.s.d.95"]
    depth = paper_row("alphafold", "Jumper et al. 2021, figure 5", "depth")
    assert list(values["depth-saturates"].values()) == list(depth.values())


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPLICATIONS_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield {
            name: fit(recipe, paper="alphafold", tier="smoke", seed=0)
            for name, recipe in SMOKE.items()
        }


def test_live_the_networks_learn(live):
    for name in ("world-evoformer", "world-structure"):
        first, *_, last = (point["loss"] for point in live[name].record.trajectory)
        assert last < first


def test_live_mutual_information_is_better_than_chance(live):
    metrics = live["world-mi-apc"].record.metrics
    assert metrics["world_precision:0.5"] > metrics["world_precision_chance"] + 20


def test_live_point_attention_and_its_loss_do_not_see_a_motion(live):
    metrics = live["world-structure"].record.metrics
    assert metrics["ipa_change"] < 1e-5
    assert metrics["fape_change"] < 1e-5
    assert metrics["mirror_fape"] > 0.1 > 0.01 > metrics["mirror_distance_error"]


def test_live_words_of_bases_find_the_planted_promoters(live):
    assert live["world-promoters"].record.metrics["promoter_auc"] > 75


def test_live_the_structures_to_show_are_superposed(live):
    shown = live["world-structure"].record.texts
    assert len(shown) == 3
    for each in shown:
        assert points_of(each["true"]).shape == points_of(each["predicted"]).shape == (20, 3)


@pytest.mark.parametrize("name", [recipe.name for recipe in alphafold.RECIPES["smoke"]])
def test_live_the_record_of_each_network_can_be_saved(live, name, tmp_path):
    record = live[name].record
    assert load_record(save_record(record, tmp_path)).texts == record.texts
