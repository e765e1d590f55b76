"""`replicate data export` carries what CORPORA names: it names all that the recipes read."""

import pytest

from replications.corpora.loading import needed_splits
from replications.papers import PAPERS

TIERS = [(slug, tier) for slug, paper in PAPERS.items() for tier in paper.RECIPES]


def corpora_in(description):
    """The values of all arguments named `corpus`, at any depth, with the `split` beside them."""
    if isinstance(description, dict):
        if isinstance(name := description.get("corpus"), str):
            yield name, description.get("split")
        for value in description.values():
            yield from corpora_in(value)
    elif isinstance(description, list | tuple):
        for value in description:
            yield from corpora_in(value)


@pytest.mark.parametrize(("slug", "tier"), TIERS)
def test_a_paper_names_every_corpus_and_split_that_its_recipes_read(slug, tier):
    named = {}
    for needed in PAPERS[slug].CORPORA[tier]:
        entry, splits = needed_splits(needed)
        named.setdefault(entry.name, set()).update(split.name for split in splits)
    recipes = PAPERS[slug].RECIPES[tier]
    read = {each for recipe in recipes for each in corpora_in(recipe.describe())}
    assert {name for name, _ in read} <= named.keys()
    assert [(name, split) for name, split in read if split and split not in named[name]] == []
