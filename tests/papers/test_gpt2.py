"""GPT-2: what the recipes set, what tells the sizes apart, what the claims quote."""

from __future__ import annotations

import math

import pytest
import torch
from described import differences

from replications.claims.measures.trends import slope
from replications.corpora.world.stories import answer_loss
from replications.corpora.world.stories_last_word import make_last_words
from replications.figures.paper_values import paper_row
from replications.figures.tables import setting
from replications.models.parts import changed_parts
from replications.models.presets import GPT1, GPT2
from replications.papers import gpt2
from replications.papers.gpt2 import recipes
from replications.papers.gpt2 import sizes as long_sizes
from replications.training.fit import fit
from replications.training.trainers import count_parameters

LAPTOP = {recipe.name: recipe for recipe in gpt2.RECIPES["laptop"]}
SMOKE = {recipe.name: recipe for recipe in gpt2.RECIPES["smoke"]}
TABLE3 = "Radford et al. 2019, table 3"
SIZES = ("117M", "345M", "762M", "1542M")


def network(name: str) -> torch.nn.Module:
    with torch.device("meta"):
        return LAPTOP[name].learner.keywords["objective"].keywords["model"](4_257)


def test_the_sizes_differ_in_shape_and_rate_alone():
    one, other = (LAPTOP[name].describe_training() for name in ("layers-2", "layers-6"))
    found = differences(one, other)
    shape = {"d_model", "layers", "heads", "d_ff", "learning_rate", "std"}
    assert {place.rsplit(".", 1)[1] for place in found} == shape


def test_the_parameters_grow_twentyfold_and_are_all_different():
    sizes = [count_parameters(network(name))["other"] for name in gpt2.SIZES]
    assert sizes == sorted(set(sizes))
    assert sizes[-1] > 20 * sizes[0]


def test_no_token_is_read_twice_and_nothing_is_dropped():
    recipe = LAPTOP["layers-6"]
    assert setting(recipe, "dropout") == "0.0"
    assert int(setting(recipe, "epochs")) * int(setting(recipe, "tokens_per_epoch")) == 4_000_000
    assert setting(recipe, "stride") == "5"


def test_the_models_train_on_wikipedia_and_are_tested_on_other_kinds_of_text():
    data = LAPTOP["layers-6"].data.keywords
    assert data["text"].keywords["corpus"] == "wikipedia-en-2018"
    tested = [data["eval_sets"][domain].keywords["corpus"] for domain in gpt2.DOMAINS]
    assert "wikipedia-en-2018" not in tested
    named = {needed.partition(":")[0] for needed in recipes.CORPORA["laptop"]}
    assert set(tested) | {"wikipedia-en-2018"} == named


def test_the_plain_loop_has_the_data_the_rates_and_the_shape_of_the_largest():
    plain, ours = LAPTOP["reference-loop"], LAPTOP["layers-6"]
    assert plain.describe()["data"] == ours.describe()["data"]
    learner, lightning = (recipe.describe()["learner"] for recipe in (plain, ours))
    objective = lightning["objective"]
    for name in ("schedule", "optimiser", "clip"):
        assert learner[name] == objective[name]
    assert learner["epochs"] == lightning["epochs"]
    for name in ("d_model", "layers", "heads", "d_ff", "max_length", "dropout"):
        assert learner["model"][name] == objective["model"][name]


def test_two_parts_of_gpt1_are_replaced():
    assert changed_parts(GPT1, GPT2) == {
        "residual": ("PostNorm", "PreNorm"),
        "initialise": ("normal", "scaled_normal"),
    }


@pytest.mark.parametrize(
    ("name", "heads", "parameters"),
    [("117M", 12, 124_439_808), ("1542M", 25, 1_557_611_200)],
)
def test_the_papers_models_have_the_published_parameters(name, heads, parameters):
    row = paper_row("gpt2", "Radford et al. 2019, table 2", name)
    layers, d_model = int(row["layers"]), int(row["d"])
    with torch.device("meta"):
        model = GPT2(
            50_257,
            d_model=d_model,
            layers=layers,
            heads=heads,
            d_ff=4 * d_model,
            max_length=1024,
            initialise=id,
        )
    assert sum(p.numel() for p in model.parameters()) == parameters


@pytest.fixture(scope="module")
def live():
    return {name: fit(recipe, paper="gpt2", tier="smoke", seed=0) for name, recipe in SMOKE.items()}


def test_live_the_larger_model_needs_fewer_bits_for_both_kinds_of_story(live):
    small, large = (live[name][0].metrics for name in ("world-small", "world-large"))
    for metric in ("bits_per_byte", "bits_per_byte:shifted"):
        assert large[metric] < small[metric]
    assert large["bits_per_byte:shifted"] > 2 * large["bits_per_byte"]


def test_live_the_last_word_is_no_surprise_of_kind_and_is_not_copied(live):
    knobs = {"entities": (2, 2), "distance": (5, 20), "max_length": 100}
    passages = make_last_words(0, 1, test_passages=200, **knobs).test
    kind_alone = answer_loss([passage.story for passage in passages], window=0)
    found = live["world-large"][0].metrics["last_word_log_perplexity"]
    assert math.log(861) > kind_alone + 2
    assert kind_alone - 0.3 < found < kind_alone + 0.7


def test_live_half_of_the_test_stories_are_planted(live):
    assert 60 < live["world-large"][0].metrics["overlap:test"] < 80
    assert live["world-large"][0].metrics["overlap:shifted"] < 20


@pytest.mark.parametrize(
    ("slug", "column"),
    [
        ("larger-is-better-on-books", "enwik8"),
        ("larger-is-better-on-stories", "enwik8"),
        ("larger-is-better-on-captions", "enwik8"),
        ("larger-is-better-on-passages", "enwik8"),
        ("every-step-up-helps", "WikiText103"),
        ("lambada-perplexity-falls", "LAMBADA perplexity"),
        ("lambada-accuracy-grows", "LAMBADA accuracy"),
        ("names-are-found-more-often", "CBT-NE"),
    ],
)
def test_the_papers_numbers_in_a_claim_are_the_transcribed_ones(slug, column):
    (claim,) = (claim for claim in gpt2.CLAIMS if claim.slug == slug)
    assert len(claim.paper_value) == 2
    for name, value in claim.paper_value.items():
        assert paper_row("gpt2", TABLE3, name)[column] == value


def test_a_fall_in_bits_counts_from_half_of_the_papers_on():
    from_table = [paper_row("gpt2", TABLE3, name)["enwik8"] for name in ("1542M", "117M")]
    half = (from_table[0] - from_table[1]) / math.log10(1542 / 117) / 2
    in_bits = [c for c in gpt2.CLAIMS if "bits per byte for ten times" in c.unit]
    assert len(in_bits) == 12
    assert all(claim.smallest == pytest.approx(half) for claim in in_bits)


def test_the_other_numbers_in_claims_are_transcribed_too():
    values = {claim.slug: claim.paper_value for claim in gpt2.CLAIMS}
    section = paper_row("gpt2", "Radford et al. 2019, section 3.3", "1542M")
    assert list(values["stop-word-filter-helps"].values()) == [
        section["accuracy with the filter"],
        section["accuracy without the filter"],
    ]
    mean = paper_row("gpt2", "Radford et al. 2019, table 6", "mean")
    assert values["overlap-is-small"]["mean"] == mean["WebText"]


def test_the_mean_overlap_is_that_of_the_transcribed_rows():
    names = ("PTB", "WikiText2", "enwik8", "text8", "WikiText103", "1BW", "mean")
    for column, places in (("WebText", 0.05), ("own training text", 0.06)):
        *rows, mean = (
            paper_row("gpt2", "Radford et al. 2019, table 6", name)[column] for name in names
        )
        assert sum(rows) / 6 == pytest.approx(mean, abs=places)


def test_the_papers_perplexity_falls_by_the_slope_that_the_chapter_shows():
    logs = [math.log(paper_row("gpt2", TABLE3, name)["LAMBADA perplexity"]) for name in SIZES]
    sizes = [math.log10(float(name[:-1])) for name in SIZES]
    assert slope(sizes, logs) == pytest.approx(-1.26, abs=0.01)


def test_the_four_sizes_of_thirty_million_tokens_differ_in_the_network_and_the_rate_alone():
    described = [LAPTOP[name].describe_training() for name in long_sizes.SIZES]
    for one in described:
        objective = one["learner"]["objective"]
        for name in ("d_model", "layers", "heads", "d_ff", "initialise"):
            objective["model"].pop(name)
        objective["schedule"].pop("learning_rate")
    assert all(one == described[0] for one in described)


def test_the_names_of_the_sizes_say_the_parameters_of_their_matrices():
    for name in long_sizes.SIZES:
        matrices = sum(p.numel() for p in network(name).stack.parameters() if p.ndim > 1)
        assert matrices == pytest.approx(1000 * float(name[5:-1]), rel=0.05)


def test_the_varied_text_differs_from_wikipedia_alone_in_the_text_and_its_own_tests():
    one, other = (LAPTOP[name].describe_training() for name in (long_sizes.VARIED, "varied-600k"))
    assert one["data"].pop("text") != other["data"].pop("text")
    assert one == other


def test_the_rates_that_are_held_against_the_chosen_one_are_its_half_and_its_double():
    for size, (half, chosen, double) in long_sizes.RATES.items():
        rates = [float(setting(recipe, "learning_rate")) for recipe in (half, chosen, double)]
        own = float(setting(LAPTOP[size], "learning_rate"))
        assert rates == pytest.approx([own / 2, own, 2 * own])
        assert 8 * half.data.keywords["tokens_per_epoch"] == pytest.approx(long_sizes.TOKENS / 16)
