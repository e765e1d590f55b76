"""RNNsearch's recipes and claims: what differs between the cells, and how the live models start."""

from __future__ import annotations

import pytest
import torch
from described import differences
from torch.testing import assert_close

from replications.figures.paper_values import paper_row, paper_values
from replications.figures.tables import setting
from replications.models.translator import AttentiveTranslator
from replications.papers import bahdanau
from replications.papers.seq2seq.recipes import seq2seq
from replications.training.fit import prepare_data

LAPTOP = {recipe.name: recipe for recipe in bahdanau.RECIPES["laptop"]}
SMOKE = {recipe.name: recipe for recipe in bahdanau.RECIPES["smoke"]}
TABLE1, TABLE2 = (f"Bahdanau et al. 2014, table {number}" for number in (1, 2))
SOURCE = torch.tensor([[5, 6, 7, 8, 2]])


def live_model(name: str) -> torch.nn.Module:
    torch.manual_seed(0)
    return SMOKE[name].learner.keywords["objective"].keywords["model"](11, 13)


@pytest.mark.parametrize(
    "name", ["corpus", "merges", "epochs", "learning_rate", "clip", "tokens_per_batch"]
)
def test_the_main_recipe_shares_data_and_training_with_chapter_3(name):
    assert setting(LAPTOP["rnnsearch"], name) == setting(seq2seq, name)


@pytest.mark.parametrize("cell", ["rnnsearch", "rnnencdec"])
def test_joined_cells_have_the_model_of_single_ones_and_fewer_updates_as_the_chapter_says(cell):
    single, joined = LAPTOP[cell], LAPTOP[f"{cell}-joined"]
    for name in ("model", "learning_rate", "smoothing", "clip", "optimiser"):
        assert setting(single, name) == setting(joined, name)
    changed = {"joined": ("1", str(bahdanau.MOST)), "epochs": ("8", "6")}
    for name, values in (changed | {"tokens_per_batch": ("1024", "2048")}).items():
        assert tuple(setting(recipe, name) for recipe in (single, joined)) == values


@pytest.mark.parametrize(("search", "encdec"), [("rnnsearch", "rnnencdec")])
def test_rnnsearch_looks_back_and_rnnencdec_has_one_vector(search, encdec):
    for recipes, prefix in ((LAPTOP, ""), (SMOKE, "world-")):
        looking, fixed = recipes[prefix + search], recipes[prefix + encdec]
        assert [setting(each, "context") for each in (looking, fixed)] == [
            "CrossAttention",
            "FixedVector",
        ]
        assert setting(fixed, "encoder") == "ForwardEncoder"
        assert looking.describe()["data"] == fixed.describe()["data"]


def test_both_recorded_models_have_about_as_many_parameters():
    with torch.device("meta"):
        search, fixed = (model(4000, 4000) for model in (bahdanau.search, bahdanau.fixed))
    sizes = [sum(weight.numel() for weight in model.parameters()) for model in (search, fixed)]
    assert 0.95 < sizes[0] / sizes[1] < 1.05


def test_paper_values_that_claims_state_are_those_transcribed():
    for claim in bahdanau.CLAIMS:
        if isinstance(claim.paper_value, dict):
            for row, value in claim.paper_value.items():
                known = [
                    number
                    for source in (TABLE1, TABLE2)
                    for number in paper_row("bahdanau", source, row).values()
                ]
                assert value in known


def test_the_tables_have_a_number_in_each_place():
    rows = {(value.source, value.row) for value in paper_values("bahdanau")}
    assert sum(source == TABLE1 for source, _ in rows) == 6
    assert sum(source == TABLE2 for source, _ in rows) == 5
    for source, row in rows:
        if source == TABLE1:
            found = paper_row("bahdanau", source, row)
            assert found["BLEU without unknown words"] > found["BLEU"]


def test_the_world_has_links_and_words_that_change_places():
    data = prepare_data(SMOKE["world-rnnsearch"], seed=0)
    test = data.text.test
    assert len(test) == len(test.sure) == len(test.possible) == 200
    assert any(pair.moved for pair in data.text.world.test)
    lengths = {len(source.split()) for source in test.source}
    assert lengths == set(range(3, 13))


def test_annotations_of_the_live_rnnsearch_start_near_their_word():
    model = live_model("world-rnnsearch").eval()
    inside = torch.ones_like(SOURCE, dtype=torch.bool)
    changed = SOURCE.clone()
    changed[0, 2] = 9
    one, other = (
        model.encoder(model.source_embedding(ids), inside).annotations for ids in (SOURCE, changed)
    )
    moved = (one - other).norm(dim=-1)[0]
    assert moved[2] > 5 * max(moved[1], moved[3]) > 0


def test_scores_of_the_live_rnnsearch_differ_from_the_start():
    model = live_model("world-rnnsearch").eval()
    assert isinstance(model, AttentiveTranslator)
    weights = model.attention(SOURCE, torch.tensor([[1, 4]]))[0, 0, 0]
    assert weights.std() > 0.01
    assert_close(weights.sum(-1), torch.ones(2))


def test_the_live_rnnencdec_starts_with_the_first_values_of_its_layers():
    layer = live_model("world-rnnencdec").encoder.layer
    update, reset, _ = layer.input.bias.chunk(3)
    bound = layer.hidden**-0.5
    assert update.abs().max() <= bound and reset.abs().max() <= bound


def test_short_captions_make_about_as_many_updates_as_all_of_them():
    # 225 batches an epoch against 553.
    assert 225 * int(setting(LAPTOP["rnnsearch-short"], "epochs")) == pytest.approx(
        553 * int(setting(LAPTOP["rnnsearch"], "epochs")), rel=0.02
    )
    found = differences(trained(LAPTOP["rnnsearch-short"]), trained(LAPTOP["rnnencdec-short"]))
    assert {place for place in found if not place.startswith("learner.objective.model")} == set()


@pytest.mark.parametrize("name", ["rnnsearch", "rnnencdec"])
def test_the_finer_search_is_all_that_is_new_about_joined_captions(name):
    found = differences(trained(LAPTOP[f"{name}-joined"]), trained(LAPTOP[f"{name}-joined-finer"]))
    assert set(found) == {"learner.finish.penalties", "learner.finish.early_stopping"}


def trained(recipe: object) -> dict:
    return {part: recipe.describe()[part] for part in ("data", "learner")}
