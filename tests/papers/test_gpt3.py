"""GPT-3: what the recipes share, what the claims quote, and what a live run shows."""

from __future__ import annotations

from functools import partial

import pytest
import torch

from replications.corpora.texts.episode_texts import episode_questions
from replications.figures.paper_values import paper_row, paper_values
from replications.figures.tables import setting
from replications.layers.attention import MultiHeadAttention
from replications.layers.masks import alternating_bands
from replications.models.parts import changed_parts
from replications.models.presets import GPT2, GPT3
from replications.papers import gpt3
from replications.papers.gpt3 import episodes, recipes
from replications.training.fit import fit

ALL = {recipe.name: recipe for recipe in gpt3.RECIPES["laptop"]}
LAPTOP = {name: ALL[name] for name in gpt3.SIZES}
SMOKE = {recipe.name: recipe for recipe in gpt3.RECIPES["smoke"]}
T32, S32, T39, T310, F31 = (
    f"Brown et al. 2020, {place}"
    for place in ("table 3.2", "section 3.2", "table 3.9", "table 3.10", "figure 3.1")
)


def test_the_sizes_differ_in_the_network_and_the_rate_alone():
    described = [recipe.describe() for recipe in LAPTOP.values()]
    for one in described:
        objective = one["learner"]["objective"]
        for name in ("d_model", "layers", "heads", "d_ff", "initialise"):
            objective["model"].pop(name)
        objective["schedule"].pop("learning_rate")
    assert all(one == described[0] for one in described)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("betas", "[0.9, 0.95]"),
        ("weight_decay", "0.1"),
        ("clip", "1.0"),
        ("floor", "1.0"),
        ("dropout", "0.0"),
        ("length", "128"),
        ("max_length", "128"),
        ("merges", "800"),
    ],
)
def test_a_recipe_has_the_settings_that_the_chapter_argues_for(name, value):
    assert setting(LAPTOP[gpt3.LARGEST], name) == value


def test_the_weights_of_the_compute_are_those_of_the_layers_matrices():
    for name, recipe in LAPTOP.items():
        with torch.device("meta"):
            model = recipe.learner.keywords["objective"].keywords["model"](1057)
        matrices = sum(p.numel() for p in model.stack.parameters() if p.ndim > 1)
        assert matrices == gpt3.WEIGHTS[name]


def test_held_out_families_are_in_no_training_text_and_in_the_questions():
    for source in (recipes._mix.keywords["sources"]["episodes"], recipes._episodes):
        assert source.keywords["held_out"] == gpt3.HELD_OUT
        assert set(gpt3.HELD_OUT) < set(gpt3.FAMILIES)


def test_all_that_changed_since_gpt2_is_the_pattern_of_attention():
    assert changed_parts(GPT2, GPT3) == {"mask": ("causal", "alternating_bands(width=128)")}


@pytest.mark.parametrize(
    ("slug", "cells"),
    [
        ("few-beats-zero", [(T32, "LAMBADA accuracy", k) for k in ("few-shot", "zero-shot")]),
        ("one-beats-zero", [(S32, "TriviaQA", k) for k in ("one-shot", "zero-shot")]),
        ("few-beats-one", [(S32, "TriviaQA", k) for k in ("few-shot", "one-shot")]),
        (
            "arithmetic-falls-with-digits",
            [(T39, f"{n}_digit_addition", "few-shot") for n in ("two", "three")],
        ),
        (
            "arithmetic-few-beats-zero",
            [(T39, "two_digit_addition", k) for k in ("few-shot", "zero-shot")],
        ),
        (
            "scrambling-few-beats-zero",
            [(T310, "random_insertion_in_word", k) for k in ("few-shot", "zero-shot")],
        ),
        (
            "insertion-before-anagram-2",
            [(T310, n, "few-shot") for n in ("random_insertion_in_word", "mid_word_2_anagrams")],
        ),
        (
            "anagram-2-before-anagram-1",
            [(T310, f"mid_word_{n}_anagrams", "few-shot") for n in (2, 1)],
        ),
        ("reversal-is-not-learned", [(T310, "reversed_words", "few-shot")]),
        ("compute-exponent", [(F31, "power law", "exponent")]),
    ],
)
def test_the_papers_numbers_in_a_claim_are_the_transcribed_ones(slug, cells):
    (claim,) = (claim for claim in gpt3.CLAIMS if claim.slug == slug)
    transcribed = [paper_row("gpt3", place, row)[column] for place, row, column in cells]
    assert list(claim.paper_value.values()) == transcribed


def test_every_set_has_the_papers_numbers_and_no_transcribed_number_stands_twice():
    values = paper_values("gpt3")
    assert len({(v.source, v.row, v.column) for v in values}) == len(values)
    assert {v.row for v in values if v.source in (T39, T310)} == set(gpt3.SETS)


def test_two_of_the_papers_sizes_do_not_add_up():
    wrong = []
    for row in dict.fromkeys(v.row for v in paper_values("gpt3") if v.source.endswith("2.1")):
        size = paper_row("gpt3", "Brown et al. 2020, table 2.1", row)
        if size["heads"] * size["key"] != size["d"]:
            wrong.append(row)
    assert wrong == ["GPT-3 XL", "GPT-3 13B"]


def test_the_small_live_model_differs_from_the_other_in_its_network_alone():
    one, other = (SMOKE[name].describe() for name in ("world-episodes", "world-small"))
    assert one["data"] == other["data"]
    assert one["metrics"] == other["metrics"]


def test_a_live_run_learns_in_context_and_the_shuffled_control_does_not():
    found = fit(SMOKE["world-small"], paper="gpt3", tier="smoke", seed=0).record.metrics
    assert found["in_context:3"] > found["in_context:0"] + 20
    assert abs(found["shuffled:3"] - found["shuffled:0"]) < 10
    assert found["in_context:3"] < found["best:3"]


def test_exercise_1_the_best_that_copying_any_shown_output_reaches():
    # With two words in a dictionary: after K lines, one output was shown with the share 2^(1-K).
    found = episode_questions(0, items=4000, families=("dictionary",), active=2)
    for shots in (1, 2, 3):
        right = 0.0
        for question in found.tasks["dictionary"]:
            outputs = {line.split(" -> ")[1] for line in question.examples[-shots:]}
            right += (question.answer.strip() + "\n" in outputs) / len(outputs)
        assert right / 4000 == pytest.approx(0.5, abs=0.03)


def test_exercise_2_a_hundred_times_the_compute_leaves_four_fifths_of_the_loss():
    law = paper_row("gpt3", F31, "power law")
    assert 100 ** -law["exponent"] == pytest.approx(0.80, abs=0.005)
    assert law["prefactor"] * 3640 ** -law["exponent"] == pytest.approx(1.73, abs=0.005)


def test_exercise_3_how_far_bands_reach_through_the_layers():
    # A banded layer reaches width - 1 tokens back; a dense one reaches all.
    place = torch.arange(40)
    band = partial(alternating_bands, width=5)
    reach = torch.eye(40, dtype=torch.bool)
    for layer in (1, 3):
        reach = (band(layer, place, place).float() @ reach.float()) > 0
    assert int(reach[-1].sum()) == 2 * (5 - 1) + 1


def test_the_network_has_no_dropout_anywhere():
    network = LAPTOP["d32"].learner.keywords["objective"].keywords["model"]
    assert network.keywords["attention"] is MultiHeadAttention
    assert network.keywords["dropout"] == 0.0


def test_the_two_rates_of_a_size_differ_in_the_rate_alone():
    for size, names in episodes.CANDIDATES.items():
        one, double = (ALL[name].describe() for name in names)
        rates = [
            each["learner"]["objective"]["schedule"].pop("learning_rate") for each in (one, double)
        ]
        assert rates == [gpt3.SIZES[size][3], 2 * gpt3.SIZES[size][3]]
        assert one == double


def test_the_task_that_recombines_two_skills_is_in_no_training_text_and_both_skills_are():
    sources = episodes._text.keywords["sources"]
    for source in ("episodes", "instructed"):
        given = sources[source].keywords
        trained = set(given["families"]) - set(given["held_out"])
        assert trained == {"dictionary", "copy", "reverse", "spell"}
    assert episodes.HELD_OUT == ("spell-backwards",)


def test_only_where_a_task_is_named_does_a_question_begin_with_its_name():
    plain, named = (
        episodes._questions.func(0, **{**episodes._questions.keywords, "items": 2}, **more)
        for more in ({}, {"named": True})
    )
    for family in episodes.FAMILIES:
        without, with_name = (found.tasks[family][0] for found in (plain, named))
        assert with_name.prompt(0).startswith(f"{family}:\n")
        assert with_name.prompt(3).count(family) == 1
        assert without.prompt(3).count("->") == 4
        assert ":" not in without.prompt(3)
