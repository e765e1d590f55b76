"""GloVe's recipes and claims: what the paper sets, and what is known to come out on the world."""

from __future__ import annotations

import pytest

from replications.figures.tables import setting
from replications.papers import glove
from replications.training.fit import fit

LAPTOP = {recipe.name: recipe for recipe in glove.RECIPES["laptop"]}
SMOKE = {recipe.name: recipe for recipe in glove.RECIPES["smoke"]}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dimension", "100"),
        ("exponent", "0.75"),
        ("window", "10"),
        ("x_max", "10.0"),
        ("max_size", "30000"),
        ("epochs", "20"),
    ],
)
def test_the_main_recipe_has_the_settings_that_the_chapter_argues_for(name, value):
    assert setting(LAPTOP["glove"], name) == value


def test_skip_gram_has_the_corpus_the_vocabulary_the_window_and_the_dimension_of_glove():
    for name in ("corpus", "min_count", "max_size", "window", "dimension", "stride"):
        assert setting(LAPTOP["skip-gram"], name) == setting(LAPTOP["glove"], name)


@pytest.mark.parametrize("transform", ["none", "sqrt", "log"])
def test_there_is_a_decomposition_for_each_transform_of_the_paper(transform):
    names = {"none": "svd", "sqrt": "svd-sqrt", "log": "svd-log"}
    recipe = LAPTOP[names[transform]]
    assert setting(recipe, "transform") == transform
    assert setting(recipe, "columns") == "10000"


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("glove-window2", {"window": "2"}),
        ("glove-window5", {"window": "5"}),
        ("glove-d25", {"dimension": "25"}),
        ("glove-d50", {"dimension": "50"}),
    ],
)
def test_a_sweep_changes_one_setting_alone(name, changed):
    for key in ("window", "dimension", "x_max", "exponent", "learning_rate", "epochs", "corpus"):
        expected = changed.get(key, setting(LAPTOP["glove"], key))
        assert setting(LAPTOP[name], key) == expected


def analogies(name: str, seed: int = 0) -> float:
    record = fit(SMOKE[name], paper="glove", tier="smoke", seed=seed).record
    return record.metric("world_analogies")


def test_glove_solves_the_worlds_analogies():
    assert analogies("world-glove") >= 90


@pytest.mark.parametrize("name", ["world-glove-shuffled", "world-glove-unweighted"])
def test_the_wrong_variants_do_not(name):
    assert analogies(name) < 20


def test_differences_of_vectors_order_the_probes_by_their_planted_ratios():
    record = fit(SMOKE["world-ratios"], paper="glove", tier="smoke", seed=0).record
    assert record.metric("ratio_rank_correlation") >= 90
    assert 0.8 < record.metric("ratio_slope") < 1.2
