"""LLaMA: the rungs of its ladder, what they cost, what the claims quote."""

from __future__ import annotations

import pytest
import torch
from described import differences
from torch.utils.flop_counter import FlopCounterMode

from replications.figures.paper_values import paper_row
from replications.models.parts import changed_parts
from replications.models.presets import GPT3, LLaMA, LLaMA2
from replications.papers import llama
from replications.training.fit import fit
from replications.training.trainers import count_parameters

LAPTOP = {recipe.name: recipe for recipe in llama.RECIPES["laptop"]}
SMOKE = {recipe.name: recipe for recipe in llama.RECIPES["smoke"]}
VOCABULARY = 1257


def network(name: str) -> torch.nn.Module:
    with torch.device("meta"):
        return LAPTOP[name].learner.keywords["objective"].keywords["model"](VOCABULARY)


def matrices(name: str) -> int:
    """Weights of the layers: without embeddings, and without the vectors of learned positions."""
    model = network(name)
    found = count_parameters(model)["other"]
    return found - sum(weight.numel() for weight in model.positions.parameters())


def operations(name: str) -> int:
    """Of all tokens that a recipe reads, forward alone."""
    ids = torch.zeros(1, llama.recipes.LENGTH, dtype=torch.long, device="meta")
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(name)(ids)
    recipe = LAPTOP[name]
    tokens = recipe.data.keywords["tokens_per_epoch"] * recipe.learner.keywords["epochs"]
    return counter.get_total_flops() * tokens // llama.recipes.LENGTH


def test_all_rungs_have_as_many_weights_and_operations():
    sizes = [matrices(name) for name in llama.RUNGS]
    assert max(sizes) / min(sizes) < 1.012
    costs = [operations(name) for name in llama.RUNGS]
    assert max(costs) / min(costs) < 1.002


CHANGED = {
    ("gpt3", "rmsnorm"): {"norm"},
    ("rmsnorm", "swiglu"): {"feed_forward", "d_ff"},
    ("swiglu", "rotary"): {"positions", "attention"},
    ("rotary", "llama"): {"attention", "feed_forward"},
    ("llama", "gqa"): {"attention", "d_ff"},
    ("gqa", "mqa"): {"attention", "d_ff"},
}


@pytest.mark.parametrize(("before", "after"), CHANGED)
def test_each_rung_changes_its_own_parts_and_keeps_the_others(before, after):
    one, other = (
        LAPTOP[name].learner.keywords["objective"].keywords["model"] for name in (before, after)
    )
    assert set(changed_parts(one, other)) == CHANGED[before, after]


@pytest.mark.parametrize("rung", llama.RUNGS)
def test_the_three_recipes_of_a_rung_differ_in_the_learning_rate_alone(rung):
    low, middle, high = (LAPTOP[name].describe_training() for name in llama.candidates(rung))
    rates = [
        one["learner"]["objective"]["schedule"]["learning_rate"] for one in (low, middle, high)
    ]
    assert rates[1] == 2 * rates[0] == rates[2] / 2
    for other in (low, high):
        (place,) = differences(middle, other)
        assert place.endswith("schedule.learning_rate")


def test_the_ladder_ends_at_llamas_own_parts():
    theirs = {name: after for name, (_, after) in changed_parts(GPT3, LLaMA).items()}
    model = LAPTOP["llama"].learner.keywords["objective"].keywords["model"]
    ours = {name: after for name, (_, after) in changed_parts(GPT3, model).items()}
    for name in ("norm", "positions", "mask", "feed_forward"):
        assert ours[name] == theirs[name]
    assert "rotary=Rotary" in ours["attention"] and "bias=False" in ours["attention"]
    # The paper's networks have a matrix of their own for the output; the ladder keeps one for both.
    assert theirs["output"] == "untied" and "output" not in ours


def test_llama_2_groups_queries_and_has_another_epsilon():
    assert set(changed_parts(LLaMA, LLaMA2)) == {"attention", "norm"}


def test_the_smaller_model_takes_as_many_operations_and_has_a_quarter_of_the_weights():
    assert operations("smaller-longer") == pytest.approx(operations("larger-shorter"), rel=0.002)
    assert matrices("larger-shorter") / matrices("smaller-longer") == pytest.approx(4, abs=0.05)


@pytest.mark.parametrize(
    ("name", "ratio"),
    [("larger-shorter", 1.7), ("smaller-longer", 21), ("tiny-77", 77), ("tiny-148", 148)],
)
def test_each_size_reads_the_tokens_a_parameter_that_it_is_named_for(name, ratio):
    recipe = LAPTOP[name]
    tokens = recipe.data.keywords["tokens_per_epoch"] * recipe.learner.keywords["epochs"]
    assert tokens / matrices(name) == pytest.approx(ratio, rel=0.03)


def test_tuning_begins_with_the_smaller_model_and_reads_no_task_that_it_is_tested_on():
    tuned = LAPTOP["instruction-tuned"]
    assert tuned.start is LAPTOP["smaller-longer"]
    assert tuned.data.keywords["text"].keywords["corpus"] == "alpaca-part"
    (asked,) = tuned.data.keywords["eval_sets"].values()
    assert asked.keywords["corpus"] == "self-instruct-seed-tasks"
    assert tuned.data.keywords["eval_sets"] == tuned.start.data.keywords["eval_sets"]


@pytest.fixture(scope="module")
def live():
    return {
        name: fit(recipe, paper="llama", tier="smoke", seed=0) for name, recipe in SMOKE.items()
    }


def test_live_llama_needs_fewer_bits_than_gpt3(live):
    ours, before = (live[name].record.metrics for name in ("world-llama", "world-gpt3"))
    assert ours["bits_per_byte"] < before["bits_per_byte"]


T3A, T18B = "Touvron et al. 2023a, table 3", "Touvron et al. 2023b, table 18"


@pytest.mark.parametrize(
    ("slug", "source", "column", "rows"),
    [
        ("grouped-queries-cost-nothing", T18B, "MMLU", ("GQA", "MHA")),
        ("multi-query-costs-more-than-grouped", T18B, "TriviaQA", ("GQA", "MQA")),
        ("smaller-longer-beats-larger-shorter", T3A, "HellaSwag", ("13B", "GPT-3 175B")),
        (
            "instruction-tuning-helps",
            "Touvron et al. 2023a, table 10",
            "MMLU",
            ("LLaMA-I 65B", "LLaMA 65B"),
        ),
    ],
)
def test_the_papers_numbers_in_a_claim_are_the_transcribed_ones(slug, source, column, rows):
    (claim,) = (claim for claim in llama.CLAIMS if claim.slug == slug)
    assert list(claim.paper_value.values()) == [
        paper_row("llama", source, row)[column] for row in rows
    ]
