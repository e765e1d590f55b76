"""InstructGPT: what the recipes share, what the claims quote, and that every prompt fits."""

import pytest
import torch

from replications.corpora.texts.instructions.prompts import (
    world_dialogues,
    world_prompts,
    world_words,
)
from replications.figures.paper_values import paper_row
from replications.figures.tables import setting
from replications.papers import instructgpt
from replications.papers.instructgpt import networks, tuning
from replications.tokens.chat import ChatTemplate

LAPTOP = {recipe.name: recipe for recipe in instructgpt.RECIPES["laptop"]}
F1 = "Ouyang et al. 2022, figure 1, read off the plot"
CLAIMS = {claim.slug: claim for claim in instructgpt.CLAIMS}


@pytest.mark.parametrize("tier", ["laptop", "gpu"])
def test_the_large_base_model_has_about_ten_times_the_parameters(tier):
    sizes = []
    for name in ("base", "base-tenfold"):
        found = next(r for r in instructgpt.RECIPES[tier] if r.name == name)
        with torch.device("meta"):
            model = found.learner.keywords["objective"].keywords["model"](86)
        sizes.append(sum(weight.numel() for weight in model.parameters()))
    assert 9 < sizes[1] / sizes[0] < 13


def test_the_large_base_model_reads_as_many_tokens_as_the_small_one():
    small, large = (LAPTOP[name] for name in ("base", instructgpt.LARGE_BASE))
    assert small.describe()["data"] == large.describe()["data"]
    assert small.learner.keywords["epochs"] == large.learner.keywords["epochs"]


def test_every_prompt_of_the_world_fits_with_and_without_an_example():
    template = ChatTemplate(world_words(None))
    for shots, width in ((0, networks.PROMPT_LENGTH), (networks.SHOTS, networks.SHOTS_LENGTH)):
        prompts = world_prompts(0, requests=2_000, shots=shots)
        longest = max(len(template.prompt(p.turns)) for p in (*prompts.train, *prompts.test))
        assert longest <= width
    assert networks.SHOTS_LENGTH + networks.ANSWER_LENGTH <= networks.MAX_LENGTH


def test_every_dialogue_fits():
    template = ChatTemplate(world_words(None))
    prompts = world_dialogues(0, dialogues=3_000)
    longest = max(len(template.prompt(p.turns)) for p in (*prompts.train, *prompts.test))
    assert longest <= tuning.DIALOGUE_LENGTH
    assert max(len(template.answer(p.answer)) for p in prompts.train) <= 8
    assert tuning.DIALOGUE_LENGTH + 8 <= networks.MAX_LENGTH


def test_dialogues_of_other_turns_or_another_seed_are_other_training_data():
    trained = {
        (seed, span): world_dialogues(seed, dialogues=40, span=span).identities[0].sha256
        for seed in (3, 4)
        for span in ((1, 3), (1, 1))
    }
    assert len(set(trained.values())) == 4


@pytest.mark.parametrize(
    ("name", "value"),
    [("clip_range", "0.2"), ("discount", "1.0"), ("decay", "0.95"), ("value_weight", "0.1")],
)
def test_the_main_policy_has_the_settings_that_the_chapter_argues_for(name, value):
    assert setting(LAPTOP[instructgpt.POLICY], name) == value


def test_the_policies_of_the_frontier_differ_in_the_coefficient_alone():
    described = [LAPTOP[instructgpt.policy_name(c)].describe() for c in instructgpt.COEFFICIENTS]
    for one in described:
        one["learner"]["objective"].pop("kl_coefficient")
    assert all(one == described[0] for one in described)


def test_the_papers_coefficient_is_on_the_frontier():
    printed = paper_row("instructgpt", "Ouyang et al. 2022, appendix C", "PPO")
    assert printed["KL coefficient"] in instructgpt.COEFFICIENTS


def test_the_claims_quote_the_transcribed_numbers():
    sft, ptx, ppo = (paper_row("instructgpt", F1, name) for name in ("SFT", "PPO-ptx", "PPO"))
    gpt = paper_row("instructgpt", F1, "GPT")
    assert CLAIMS["ppo-beats-demonstrations"].paper_value == {
        "PPO": ppo["1.3B"],
        "SFT": sft["1.3B"],
    }
    assert CLAIMS["small-aligned-beats-large-base"].paper_value == {
        "1.3B PPO-ptx": ptx["1.3B"],
        "175B GPT-3": gpt["175B"],
    }


def test_real_and_synthetic_claims_are_told_apart_in_every_row():
    for claim in instructgpt.CLAIMS:
        if claim.measure is None or claim.slug == "gaos-curve-fits":
            continue
        synthetic = "(synthetic)" in claim.unit or claim.unit == "nats per answer"
        assert synthetic != ("(real)" in claim.unit), claim.slug
