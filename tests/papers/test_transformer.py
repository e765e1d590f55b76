"""The Transformer: what the paper sets, what tells the rows apart, what the claims quote."""

from __future__ import annotations

import pytest
import torch
from described import differences

from replications.figures.paper_values import paper_row
from replications.figures.tables import setting
from replications.models.transformer import Transformer
from replications.papers import bahdanau, transformer

LAPTOP = {recipe.name: recipe for recipe in transformer.RECIPES["laptop"]}
SMOKE = {recipe.name: recipe for recipe in transformer.RECIPES["smoke"]}
TABLE2, TABLE3 = (f"Vaswani et al. 2017, table {number}" for number in (2, 3))
SUBWORDS = "Sennrich et al. 2016, table 2"


def trained(recipe: object) -> dict:
    return {part: recipe.describe()[part] for part in ("data", "learner")}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("d_model", "192"),
        ("layers", "3"),
        ("heads", "4"),
        ("d_ff", "768"),
        ("dropout", "0.1"),
        ("residual", "PreNorm"),
        ("positions", "Sinusoidal"),
        ("smoothing", "0.1"),
        ("betas", "[0.9, 0.98]"),
        ("merges", "4000"),
        ("shared", "True"),
        ("warmup", "0.1"),
    ],
)
def test_the_main_recipe_has_the_settings_that_the_chapter_argues_for(name, value):
    assert setting(LAPTOP["transformer"], name) == value


def test_the_papers_settings_are_post_norm_its_schedule_and_a_mean_of_epochs():
    found = differences(trained(LAPTOP["transformer"]), trained(LAPTOP["paper-settings"]))
    changed = {place.removeprefix("learner.") for place in found}
    assert {place for place in changed if "schedule" not in place} == {
        "objective.model.residual.part",
        "averaged",
    }
    assert found["learner.objective.schedule.part"] == ("cosine", "noam")
    assert setting(LAPTOP["paper-settings"], "residual") == "PostNorm"
    assert setting(LAPTOP["paper-settings"], "schedule.d_model") == setting(
        LAPTOP["transformer"], "d_model"
    )


@pytest.mark.parametrize(
    ("name", "place", "values"),
    [
        ("post-norm", "model.residual.part", ("PreNorm", "PostNorm")),
        ("heads-1", "model.heads", (4, 1)),
        ("heads-16", "model.heads", (4, 16)),
        ("key-8", "model.d_head", (None, 8)),
        ("layers-1", "model.layers", (2, 1)),
        ("width-64", "model.d_model", (128, 64)),
        ("inner-128", "model.d_ff", (512, 128)),
        ("dropout-0", "model.dropout", (0.1, 0.0)),
        ("smoothing-0", "smoothing", (0.1, 0.0)),
        ("learned-positions", "model.positions.part", ("Sinusoidal", "LearnedPositions")),
        ("no-positions", "model.positions.part", ("Sinusoidal", "NoPositions")),
    ],
)
def test_a_row_of_the_ablation_changes_one_setting_alone(name, place, values):
    found = differences(trained(LAPTOP["base"]), trained(LAPTOP[name]))
    assert found == {f"learner.objective.{place}": values}


def test_whole_words_change_the_tokenizers_and_cannot_share_a_matrix():
    found = differences(trained(LAPTOP["base"]), trained(LAPTOP["words"]))
    assert found.pop("learner.objective.model.shared") == (True, False)
    assert {place.split(".")[1] for place in found} == {"tokenizers"}
    assert setting(LAPTOP["words"], "size") == "6000"


def test_the_model_of_chapter_4_has_the_same_data_batches_passes_and_smoothing():
    found = differences(trained(bahdanau.rnnsearch), trained(LAPTOP["transformer"]))
    own = tuple(f"learner.objective.{part}" for part in ("model", "clip", "schedule.learning_rate"))
    assert [place for place in found if not place.startswith(own)] == []


def test_the_control_differs_from_the_live_model_in_its_positions_alone():
    found = differences(trained(SMOKE["world-transformer"]), trained(SMOKE["world-no-positions"]))
    assert found == {"learner.objective.model.positions.part": ("Sinusoidal", "NoPositions")}


def test_a_live_model_is_small_and_its_words_are_pieces():
    recipe = SMOKE["world-transformer"]
    model = recipe.learner.keywords["objective"].keywords["model"](250, 250)
    assert sum(p.numel() for p in model.parameters()) < 200_000
    assert setting(recipe, "merges") == "200"


@pytest.mark.parametrize(
    ("sizes", "parameters"),
    [
        ({}, 63_082_496),
        ({"d_model": 1024, "heads": 16, "d_ff": 4096}, 214_245_376),
    ],
)
def test_the_papers_models_have_the_parameters_that_the_chapter_counts(sizes, parameters):
    with torch.device("meta"):
        model = Transformer(37_000, 37_000, **sizes)
    assert sum(p.numel() for p in model.parameters()) == parameters


@pytest.mark.parametrize(
    ("slug", "rows"),
    [
        (
            "transformer-beats-recurrent-attention",
            [(TABLE2, name, "BLEU EN-DE") for name in ("Transformer, base", "GNMT + RL")],
        ),
        ("one-head-is-worse", [(TABLE3, n, "perplexity") for n in ("A: 1 head", "base")]),
        ("too-many-heads-are-worse", [(TABLE3, n, "perplexity") for n in ("A: 32 heads", "base")]),
        ("small-keys-are-worse", [(TABLE3, n, "perplexity") for n in ("B: keys of 16", "base")]),
        (
            "deeper-is-better",
            [(TABLE3, n, "perplexity") for n in ("C: 2 layers", "C: 4 layers")],
        ),
        ("wider-is-better", [(TABLE3, n, "perplexity") for n in ("C: d = 256", "base")]),
        ("dropout-helps", [(TABLE3, n, "BLEU") for n in ("base", "D: dropout 0")]),
        (
            "smoothing-hurts-perplexity",
            [(TABLE3, n, "perplexity") for n in ("base", "D: smoothing 0")],
        ),
        ("smoothing-helps-bleu", [(TABLE3, n, "BLEU") for n in ("base", "D: smoothing 0")]),
        (
            "learned-positions-are-as-good",
            [(TABLE3, n, "BLEU") for n in ("base", "E: learned positions")],
        ),
        (
            "byte-pairs-help-rare-words",
            [(SUBWORDS, n, "F1 of rare words") for n in ("BPE, joint", "words")],
        ),
    ],
)
def test_the_papers_numbers_in_a_claim_are_the_transcribed_ones(slug, rows):
    (claim,) = (claim for claim in transformer.CLAIMS if claim.slug == slug)
    transcribed = [paper_row("transformer", table, row)[column] for table, row, column in rows]
    assert list(claim.paper_value.values()) == transcribed


def test_the_ratio_of_operations_in_a_claim_is_that_of_the_transcribed_ones():
    (claim,) = (c for c in transformer.CLAIMS if c.slug == "a-fraction-of-the-operations")
    ours, theirs = (
        paper_row("transformer", TABLE2, name)["operations EN-DE"]
        for name in ("Transformer, base", "GNMT + RL")
    )
    assert claim.paper_value["ratio"] == pytest.approx(ours / theirs, abs=0.005)


def test_the_row_of_narrow_keys_leaves_the_values_as_they_are():
    found = differences(trained(LAPTOP["base"]), trained(LAPTOP["key-width-8"]))
    assert found == {"learner.objective.model.d_key": (None, 8)}
    with torch.device("meta"):
        base, narrow = (
            LAPTOP[name].learner.keywords["objective"].keywords["model"](4192, 4192)
            for name in ("base", "key-width-8")
        )
    sizes = [sum(p.numel() for p in model.parameters()) for model in (base, narrow)]
    # Queries and keys of six attentions lose three quarters of their rows, weights and biases.
    assert sizes[0] - sizes[1] == 6 * 2 * 96 * 129


@pytest.mark.parametrize("epochs", [2, 4, 16])
def test_finished_runs_differ_from_the_first_comparison_in_their_epochs_alone(epochs):
    eight = {"transformer": LAPTOP["transformer"], "rnnsearch": bahdanau.rnnsearch}
    for name, recipe in eight.items():
        found = differences(trained(recipe), trained(LAPTOP[f"{name}-{epochs}"]))
        assert found == {"learner.epochs": (8, epochs)}


def test_both_careful_models_are_of_one_size_and_get_the_same_care():
    ours = LAPTOP["transformer-careful"]
    theirs = {r.name: r for r in bahdanau.RECIPES["laptop"]}["rnnsearch-careful"]
    found = differences(trained(theirs), trained(ours))
    shared = {"learner.objective.clip", "learner.objective.schedule.learning_rate"}
    assert {p for p in found if not p.startswith("learner.objective.model")} <= shared
    with torch.device("meta"):
        sizes = [
            sum(
                p.numel()
                for p in recipe.learner.keywords["objective"]
                .keywords["model"](4192, 4192)
                .parameters()
            )
            for recipe in (ours, theirs)
        ]
    assert sizes[0] == pytest.approx(sizes[1], rel=0.01)


def test_the_other_careful_runs_change_one_thing():
    careful = trained(LAPTOP["transformer-careful"])
    averaged = differences(careful, trained(LAPTOP["careful-averaged"]))
    assert {p for p in averaged if "schedule" not in p} == {"learner.averaged", "learner.best"}
    dropped = differences(careful, trained(LAPTOP["careful-dropout-0"]))
    assert dropped == {"learner.objective.model.dropout": (0.3, 0.0), "learner.epochs": (20, 8)}
