"""`replicate data export` carries what CORPORA names: it names all that the recipes read."""

import pytest

from replications.papers import PAPERS

TIERS = [(slug, tier) for slug, paper in PAPERS.items() for tier in paper.RECIPES]


def corpora_in(description):
    """The values of all arguments named `corpus`, at any depth."""
    if isinstance(description, dict):
        for name, value in description.items():
            if name == "corpus" and isinstance(value, str):
                yield value
            else:
                yield from corpora_in(value)
    elif isinstance(description, list | tuple):
        for value in description:
            yield from corpora_in(value)


@pytest.mark.parametrize(("slug", "tier"), TIERS)
def test_a_paper_names_every_corpus_that_its_recipes_read(slug, tier):
    recipes = PAPERS[slug].RECIPES[tier]
    read = {name for recipe in recipes for name in corpora_in(recipe.describe())}
    assert read <= set(PAPERS[slug].CORPORA[tier])
