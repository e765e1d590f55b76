"""BERT: what tells its recipes apart, what the claims quote, the sizes that the chapter counts."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
import torch
from described import differences

from replications.corpora.batches.masking import IGNORE_INDEX, masked
from replications.figures.paper_values import paper_row
from replications.figures.tables import setting
from replications.metrics.language.cloze import gap_of
from replications.models.presets import BERT
from replications.papers import bert, gpt1
from replications.tokens.wordpiece import SPECIAL, WordPiece

LAPTOP = {recipe.name: recipe for recipe in bert.RECIPES["laptop"]}
SMOKE = {recipe.name: recipe for recipe in bert.RECIPES["smoke"]}
TABLE = "Devlin et al. 2019, table {}"
FIGURE_5 = "Devlin et al. 2019, figure 5, read off the plot"


def changed(one: str, other: str, recipes: dict = LAPTOP) -> dict[str, tuple]:
    """What tells the training of two recipes apart, learning rates left out: those are tuned."""
    found = differences(*(recipes[name].describe_training() for name in (one, other)))
    return {
        place: both for place, both in found.items() if not place.endswith("schedule.learning_rate")
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("d_model", "128"),
        ("layers", "4"),
        ("heads", "4"),
        ("d_ff", "512"),
        ("length", "128"),
        ("mlm_probability", "0.15"),
        ("mask_probability", "0.8"),
        ("masking.random", "0.1"),
        ("data.random", "0.5"),
        ("mask", "bidirectional"),
        ("residual", "PostNorm"),
        ("weight_decay", "0.01"),
        ("clip", "1.0"),
        ("schedule", "linear"),
        ("warmup", "0.05"),
        ("epochs", "8"),
        ("precision", "bf16-mixed"),
    ],
)
def test_the_main_recipe_has_the_settings_that_the_chapter_tells(name, value):
    assert setting(LAPTOP["bert"], name) == value


def test_next_sentences_are_left_out_in_the_data_and_in_the_head():
    found = changed("bert", "no-nsp")
    assert set(found) == {
        "data.random",
        "learner.objective.model.tasks.next_sentence",
    }


def test_the_left_to_right_model_differs_in_its_pattern_and_in_what_is_asked():
    found = changed("no-nsp", "causal")
    assert found.pop("learner.objective.model.mask.part") == ("bidirectional", "causal")
    assert all(place.startswith("data.masking.") for place in found)
    assert found["data.masking.part"] == ("masked", "next_token")


@pytest.mark.parametrize("name", ["no-nsp", "causal"])
def test_a_short_training_reads_a_tenth_and_is_otherwise_the_same(name):
    found = changed(name, f"{name}-short")
    assert set(found) == {"data.tokens_per_epoch"}
    whole, short = (
        recipe.data.keywords["tokens_per_epoch"] * recipe.learner.keywords["epochs"]
        for recipe in (LAPTOP[name], LAPTOP[f"{name}-short"])
    )
    assert short * 10 == whole


def test_long_rows_differ_in_their_length_alone():
    assert changed("no-nsp", "long-sequences") == {
        "data.length_schedule": ([16, 16, 16, 32, 32, 64], [])
    }


@pytest.mark.parametrize("layers", [1, 2])
def test_shallower_networks_differ_in_their_layers_alone(layers):
    assert changed("bert", f"layers-{layers}") == {"learner.objective.model.layers": (4, layers)}


def test_always_masking_changes_what_a_chosen_piece_reads():
    assert changed("bert", "all-masked") == {
        "data.masking.mask_probability": (0.8, 1.0),
        "data.masking.random": (0.1, 0.0),
    }


@pytest.mark.parametrize("task", gpt1.TASKS)
def test_tuning_asks_the_tasks_of_the_chapter_on_gpt1_and_starts_from_what_it_is_named_after(task):
    borrowed = {recipe.name: recipe for recipe in bert.BORROWED["gpt1"]}
    theirs = borrowed[f"{task}-pretrained"].describe()
    for start in ("bert", "no-nsp", "causal"):
        recipe = LAPTOP[f"{task}-{start}"]
        assert recipe.start is LAPTOP[start]
        ours = recipe.describe()
        assert ours["data"]["text"] == theirs["data"]["text"]
        assert ours["metrics"] == theirs["metrics"]
        assert differences(ours["data"]["pretraining"], theirs["data"]["pretraining"]) == {}


def test_the_left_to_right_network_keeps_its_mask_in_tuning_and_is_read_at_the_end():
    for name in ("sst2-causal", "stsb-causal-short"):
        recipe = LAPTOP[name]
        network = recipe.describe()["learner"]["objective"]["network"]
        assert network["mask"]["part"] == "causal"
        assert recipe.data.keywords["arrange"].keywords["read_at"] == -1


@pytest.mark.parametrize(
    ("name", "layers", "start"),
    [
        ("sst2-features-embeddings", (0,), "bert"),
        ("sst2-features-last", (-1,), "bert"),
        ("sst2-features-all", (-4, -3, -2, -1), "bert"),
        ("sst2-features-all-masked", (-4, -3, -2, -1), "all-masked"),
    ],
)
def test_features_are_read_from_frozen_layers(name, layers, start):
    recipe = LAPTOP[name]
    classifier = recipe.learner.keywords["objective"].keywords["classifier"]
    assert classifier.keywords["read"].keywords["layers"] == layers
    assert recipe.start is LAPTOP[start]


def test_the_live_models_differ_in_pattern_and_in_what_is_asked_and_read_the_same_texts():
    found = changed("world-bidirectional", "world-causal", SMOKE)
    assert found.pop("learner.objective.model.mask.part") == ("bidirectional", "causal")
    assert found.pop("learner.epochs") == (4, 1)
    assert all(place.startswith("data.masking.") for place in found)


def test_the_world_asks_in_pieces_that_one_mask_hides_and_a_reader_of_one_side_can_only_guess():
    recipe = SMOKE["world-bidirectional"]
    data = recipe.data(0)
    data.setup()
    items = data.text.items
    max_length = max(len(gap_of(item, data.vocabulary).ids) for item in items)
    assert max_length <= recipe.data.keywords["length"]
    best = {
        side: {i.left_best for i in items if i.decided_by == side} for side in ("left", "right")
    }
    assert best == {"left": {1.0}, "right": {0.5}}


def test_left_to_right_one_pass_asks_for_more_pieces_than_all_passes_with_masks():
    asked = {}
    for name, recipe in SMOKE.items():
        data = recipe.data(0)
        data.setup()
        epochs = recipe.learner.keywords["epochs"]
        a_pass = sum(int((batch.labels != IGNORE_INDEX).sum()) for batch in data.batches(0))
        asked[name] = epochs * a_pass
    assert asked["world-causal"] > asked["world-bidirectional"]


@pytest.mark.parametrize(
    ("sizes", "parameters"),
    [
        ({"d_model": 768, "layers": 12, "heads": 12, "d_ff": 3072}, 109_482_240),
        ({"d_model": 1024, "layers": 24, "heads": 16, "d_ff": 4096}, 335_141_888),
    ],
)
def test_the_papers_models_have_the_parameters_that_the_chapter_counts(sizes, parameters):
    with torch.device("meta"):
        model = BERT(30_522, max_length=512, **sizes)
    heads = model.tasks["masked"], model.tasks["next_sentence"].classify
    own = {id(w) for head in heads for w in head.parameters()} - {id(model.embedding.weight)}
    counted = sum(w.numel() for w in model.parameters() if id(w) not in own)
    assert counted == parameters


@pytest.mark.parametrize(
    ("slug", "places"),
    [
        (
            "bidirectional-beats-left-to-right-mrpc",
            [(5, "No NSP", "MRPC"), (5, "LTR & No NSP", "MRPC")],
        ),
        (
            "bidirectional-beats-left-to-right-sst2",
            [(5, "No NSP", "SST-2"), (5, "LTR & No NSP", "SST-2")],
        ),
        ("bert-beats-gpt", [(1, "BERT base", "average"), (1, "GPT", "average")]),
        (
            "two-layers-predict-better-than-one",
            [(6, f"{n} layers, d = 768, 12 heads", "perplexity") for n in (3, 6)],
        ),
        (
            "four-layers-predict-better-than-two",
            [(6, f"{n} layers, d = 768, 12 heads", "perplexity") for n in (6, 12)],
        ),
        (
            "always-masking-hurts-features",
            [(8, mix, "named entities, features") for mix in ("80/10/10", "100/0/0")],
        ),
        ("fine-tuning-forgives-masking", [(8, mix, "MNLI") for mix in ("80/10/10", "100/0/0")]),
        (
            "four-layers-of-features-beat-embeddings",
            [
                (7, "features: last four layers, concatenated", "F1, dev"),
                (7, "features: embeddings", "F1, dev"),
            ],
        ),
    ],
)
def test_the_papers_numbers_in_a_claim_are_the_transcribed_ones(slug, places):
    (claim,) = (claim for claim in bert.CLAIMS if claim.slug == slug)
    transcribed = [
        paper_row("bert", TABLE.format(table), row)[column] for table, row, column in places
    ]
    assert list(claim.paper_value.values()) == transcribed


def test_the_leads_in_the_claims_are_those_of_figure_5():
    early, late = (
        paper_row("bert", FIGURE_5, f"{updates} updates") for updates in ("30,000", "1,000,000")
    )
    claims = {claim.slug: claim.paper_value for claim in bert.CLAIMS}
    assert list(claims["left-to-right-leads-early"].values()) == [
        early["left to right"],
        early["masked"],
    ]
    assert list(claims["masked-gains-more-from-training"].values()) == pytest.approx(
        [row["masked"] - row["left to right"] for row in (late, early)]
    )


@pytest.mark.parametrize(
    ("slug", "one", "other"),
    [
        ("bidirectional-beats-left-to-right", "No NSP", "LTR & No NSP"),
        ("next-sentence-helps", "BERT base", "No NSP"),
    ],
)
def test_the_range_of_table_5_in_a_claim_is_that_of_the_transcribed_rows(slug, one, other):
    first, second = (paper_row("bert", TABLE.format(5), row) for row in (one, other))
    gaps = {task: first[task] - second[task] for task in first}
    least, most = (choose(gaps, key=gaps.get) for choose in (min, max))
    (claim,) = (claim for claim in bert.CLAIMS if claim.slug == slug)
    assert f"by {gaps[least]:.1f} ({least}) to {gaps[most]:.1f} ({most})" in claim.paper_value


def test_the_share_of_pieces_that_read_a_mask_is_that_of_the_exercise():
    words = WordPiece((*SPECIAL, *(f"w{number}" for number in range(100))))
    draw = np.random.default_rng(0)
    row = draw.integers(len(SPECIAL), len(words), 2_000)
    read, labels = masked(row, words, draw)
    assert np.mean(labels != IGNORE_INDEX) == pytest.approx(0.15, abs=0.001)
    assert np.mean(read == words.mask) == pytest.approx(0.12, abs=0.02)
    # A random piece may be the right one by chance.
    assert np.mean(read != row) == pytest.approx(0.15 * 0.9, abs=0.02)


def test_a_word_of_three_pieces_is_rarely_asked_about_whole():
    words = WordPiece((*SPECIAL, *(f"w{number}" for number in range(100))))
    draw = np.random.default_rng(0)
    row = draw.integers(len(SPECIAL), len(words), 125)
    drawn = [masked(row, words, draw).labels[40:43] != IGNORE_INDEX for _ in range(2_000)]
    # 19 of 125 places are drawn without putting back.
    assert np.mean([three.any() for three in drawn]) == pytest.approx(
        1 - comb(122, 19) / comb(125, 19), abs=0.03
    )
    assert np.mean([three.all() for three in drawn]) == pytest.approx(
        comb(122, 16) / comb(125, 19), abs=0.004
    )


@pytest.fixture
def both_directions():
    return [LAPTOP[f"{name}-40m"] for name in ("masked", "causal")]


def test_both_directions_of_forty_million_tokens_read_the_same_text_with_the_same_network(
    both_directions,
):
    masked, unidirectional = (recipe.describe_training() for recipe in both_directions)
    assert masked["data"].pop("targets") != unidirectional["data"].pop("targets")
    assert masked["data"].pop("length_schedule") == [16, 16, 32, 32]
    assert unidirectional["data"].pop("length_schedule") == []
    models = [each["learner"]["objective"]["model"] for each in (masked, unidirectional)]
    assert [model.pop("mask")["part"] for model in models] == ["bidirectional", "causal"]
    schedules = [each["learner"]["objective"]["schedule"] for each in (masked, unidirectional)]
    # Each has the best of its own pilots.
    assert [schedule.pop("learning_rate") for schedule in schedules] == [1e-3, 2e-3]
    assert masked == unidirectional


def test_every_position_of_the_longer_runs_is_trained(both_directions):
    for recipe in both_directions:
        data = recipe.data.keywords
        assert len(data.get("length_schedule", ())) < 8
        network = recipe.learner.keywords["objective"].keywords["model"].keywords
        assert network["max_length"] == data["length"] == 64


def test_a_score_of_the_longer_runs_is_of_five_fine_tunings_at_a_rate_of_its_own():
    for task in ("stsb", "mrpc", "sst2"):
        for direction in ("masked", "causal"):
            recipe = LAPTOP[f"{task}-{direction}-40m-mean"]
            settings = recipe.learner.keywords
            assert (settings["repeats"], len(settings["learning_rates"])) == (5, 3)
            assert "learning_rate" not in settings["objective"].keywords["schedule"].keywords
            assert recipe.start is LAPTOP[f"{direction}-40m"]
