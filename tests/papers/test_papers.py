from __future__ import annotations

import pytest

from replications.borrowing import BORROWED_TIER, judged_recipes
from replications.errors import ReplicationError
from replications.papers import PAPERS, find_paper


def test_an_unknown_paper_is_an_error_that_lists_the_known_ones_and_guesses():
    with pytest.raises(ReplicationError, match="'word2vce'. Did you mean word2vec.*: word2vec, "):
        find_paper("word2vce")
    with pytest.raises(ReplicationError, match="no paper 'zzz'. The papers: "):
        find_paper("zzz")


@pytest.mark.parametrize("slug", PAPERS)
def test_what_a_paper_borrows_is_a_recipe_of_an_earlier_one_and_has_a_name_of_its_own(slug):
    paper = PAPERS[slug]
    earlier = list(PAPERS)[: list(PAPERS).index(slug)]
    for lender, borrowed in getattr(paper, "BORROWED", {}).items():
        assert lender in earlier
        assert set(borrowed) <= set(PAPERS[lender].RECIPES[BORROWED_TIER])
    assert judged_recipes(paper).keys() >= paper.RECIPES.keys()


@pytest.mark.parametrize("slug", PAPERS)
def test_every_claim_names_recipes_that_the_paper_has_or_borrows(slug):
    paper = PAPERS[slug]
    recipes = judged_recipes(paper)
    for claim in paper.CLAIMS:
        if claim.measure is not None:
            assert set(claim.measure.recipes) <= {recipe.name for recipe in recipes[claim.tier]}


def test_papers_stand_in_the_order_of_the_chapters():
    assert list(PAPERS)[:1] == ["word2vec"]
    assert len(PAPERS) == len(list(PAPERS))
    assert "zzz" not in PAPERS
