"""A chapter's recipe on a reader's own text."""

import pytest

from replications.errors import ReplicationError
from replications.papers import PAPERS
from replications.yours.recipes import TAKEN, TRANSLATES, OwnText, own_recipe, taken_recipe

ALL = [(paper, tier) for paper, tiers in TAKEN.items() for tier in tiers]


def text_for(paper, folder):
    return OwnText(folder / "My book.txt", folder / "b.txt" if paper in TRANSLATES else None)


@pytest.mark.parametrize(("paper", "tier"), ALL)
def test_the_learner_is_the_chapters_and_no_registered_corpus_is_left(paper, tier, tmp_path):
    taken = taken_recipe(paper, tier)
    own = own_recipe(paper, tier, text_for(paper, tmp_path))
    assert own.recipe.name == f"{taken.name}-on-my-book"
    assert own.recipe.describe()["learner"] == taken.describe()["learner"]
    told = str(own.recipe.describe()["data"]) + str(own.recipe.describe()["metrics"])
    assert "'corpus'" not in told and "world" not in told and "eval_sets': {'" not in told
    assert own.recipe.metrics
    assert "left out" in " ".join(own.left_out.split())


def test_every_recipe_that_is_taken_is_one_of_its_chapter():
    for paper, tier in ALL:
        assert taken_recipe(paper, tier) in PAPERS[paper].RECIPES[tier]


@pytest.mark.parametrize(
    ("paper", "tier", "target", "told"),
    [
        ("gpt3", "smoke", None, "gpt3 cannot be trained on a text of your own; these can: word2"),
        ("word2vec", "gpu", None, "word2vec has no tier 'gpu' for a text of your own; it has"),
        ("transformer", "smoke", None, "transformer translates: give two files"),
        ("gpt2", "smoke", "b.txt", "gpt2 reads one text: leave out --text-target"),
    ],
)
def test_what_cannot_be_trained_is_told(paper, tier, target, told, tmp_path):
    text = OwnText(tmp_path / "a.txt", target and tmp_path / target)
    with pytest.raises(ReplicationError, match=told):
        own_recipe(paper, tier, text)


@pytest.mark.parametrize("paper", ["word2vec", "glove", "gpt2", "bert"])
def test_a_text_too_short_for_the_recipes_batches_is_told_with_the_way_out(paper, tmp_path):
    file = tmp_path / "short.txt"
    file.write_text("A line of a few words.\n" * 100, encoding="utf-8")
    data = own_recipe(paper, "laptop", OwnText(file)).recipe.data
    with pytest.raises(ReplicationError, match=r"too little text: .*smaller --tier"):
        data.keywords["text"](0)
