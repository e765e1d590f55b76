"""Each recipe of the tier `gpu` trains and measures on a CPU, from end to end, in miniature."""

from __future__ import annotations

import pytest
import torch
from cut_down import cut_down, replace_corpora

from replications.papers import PAPERS
from replications.training.fit import fit

GPU = [
    pytest.param(slug, recipe, id=f"{slug}-{recipe.name}")
    for slug, paper in PAPERS.items()
    for recipe in paper.RECIPES.get("gpu", ())
]
# One of each kind, so that the miniature itself is tested where there is no recipe of the tier.
KINDS = [
    ("gpt1", "sst2-pretrained"),
    ("gpt2", "layers-2"),
    ("bert", "mrpc-no-nsp"),
    ("transformer", "layers-1"),
    ("transformer", "key-width-8"),
    ("bahdanau", "aligner-in-domain"),
    ("gpt1", "sentences-100-1-reviews"),
    ("gpt1", "stsb-lstm-mean"),
]


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """One for all: what several recipes begin with is trained once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def miniature(cache, monkeypatch):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(cache))
    replace_corpora(monkeypatch)


def require_a_run(slug, recipe):
    small = cut_down(recipe)
    record = fit(small, paper=slug, tier="gpu", seed=0).record
    assert record.recipe == recipe.name
    assert len(record.trajectory) == 1
    assert record.tokens_seen < 20_000
    # Where there is no corpus, there may be no token either.
    assert record.tokens_seen > 0 or not record.corpora
    assert record.metrics
    assert all(torch.tensor(value).isfinite() for value in record.metrics.values())


@pytest.mark.parametrize(("slug", "recipe"), GPU)
def test_each_recipe_for_a_gpu_trains_and_measures_in_miniature(slug, recipe):
    require_a_run(slug, recipe)


@pytest.mark.parametrize(("slug", "name"), KINDS)
def test_a_laptop_recipe_of_each_kind_trains_and_measures_in_miniature(slug, name):
    by_name = {recipe.name: recipe for recipe in PAPERS[slug].RECIPES["laptop"]}
    require_a_run(slug, by_name[name])


def test_the_miniature_keeps_the_network_and_cuts_the_rest():
    (recipe,) = (each for each in PAPERS["gpt2"].RECIPES["laptop"] if each.name == "layers-6")
    small = cut_down(recipe)
    networks = [each.describe()["learner"]["objective"]["model"] for each in (small, recipe)]
    assert networks[0] == networks[1]
    assert small.learner.keywords["epochs"] == 1
    assert small.data.keywords["tokens_per_epoch"] == 1100
    assert small.data.keywords["eval_sets"]["names"].keywords["questions"] == 2
    assert recipe.learner.keywords["epochs"] == 8
