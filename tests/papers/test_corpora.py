"""What a paper says that it needs is what its recipes read, and can be had by anybody."""

import pytest

from replications.corpora.loading import needed_splits
from replications.papers import PAPERS

TIERS = [(slug, tier) for slug, paper in PAPERS.items() for tier in paper.RECIPES]
NEEDS = [
    (slug, tier, needed)
    for slug, paper in PAPERS.items()
    for tier, corpora in paper.CORPORA.items()
    for needed in corpora
]

# The authors of the first publish pickled Python objects, which nothing here ever opens; the second
# was put together from eleven repositories. A mirror alone has their rows; no chapter reads them
# live.
MIRROR_ALONE = {"kaplan-chinchilla-isoflop", "proteins"}


@pytest.mark.parametrize(("slug", "tier", "needed"), NEEDS)
def test_every_split_that_a_paper_needs_has_an_origin_that_is_open_to_all(slug, tier, needed):
    entry, splits = needed_splits(needed)
    if entry.kind == "synthetic" or entry.name in MIRROR_ALONE:
        return
    named = {split for origin in entry.origins for split in origin.splits}
    assert {split.name for split in splits} <= named


def readers(tree):
    """Each part of a recipe's description that names a corpus: the corpus and the split."""
    if isinstance(tree, dict):
        if isinstance(tree.get("corpus"), str):
            yield tree["corpus"], tree.get("split")
        tree = list(tree.values())
    if isinstance(tree, list):
        for part in tree:
            yield from readers(part)


@pytest.mark.parametrize(("slug", "tier"), TIERS)
def test_a_paper_names_the_corpora_and_splits_that_its_recipes_read(slug, tier):
    splits = {}
    for needed in PAPERS[slug].CORPORA[tier]:
        entry, those = needed_splits(needed)
        splits.setdefault(entry.name, set()).update(split.name for split in those)
    for recipe in PAPERS[slug].RECIPES[tier]:
        for corpus, split in readers(recipe.describe()):
            assert corpus in splits, recipe.name
            assert split is None or split in splits[corpus], (recipe.name, corpus)
