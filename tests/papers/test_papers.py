"""What every paper's module has to keep to; what is a paper's own stands in a file of its own."""

from __future__ import annotations

import re

import pytest

from replications.claims import Ratio
from replications.claims.shared_recipes import BORROWED_TIER, judged_recipes
from replications.errors import ReplicationError
from replications.figures.paper_values import paper_values
from replications.papers import PAPERS, find_paper

ORDER = [
    "word2vec",
    "glove",
    "seq2seq",
    "bahdanau",
    "transformer",
    "gpt1",
    "gpt2",
    "gpt3",
    "bert",
    "kaplan",
    "chinchilla",
    "instructgpt",
    "constitutional_ai",
    "llama",
    "alphafold",
]

# What a claim quotes: the paper, or the other one that its chapter replicates, and the place in it.
QUOTED = {
    "word2vec": r"Mikolov et al\. 2013[ab], ",
    "glove": r"Pennington et al\. 2014, ",
    "seq2seq": r"Sutskever et al\. 2014, |Hochreiter and Schmidhuber 1997, ",
    "bahdanau": r"Bahdanau et al\. 2014, ",
    "transformer": r"(Vaswani et al\. 2017|Sennrich et al\. 2016), |"
    r"a control that the paper has not",
    "gpt1": r"Radford et al\. 2018, (tables?|figure|section) |Gururangan et al\. 2020, |"
    r"a question that the paper has not",
    "gpt2": r"Radford et al\. 2019, ",
    "gpt3": r"Brown et al\. 2020, |a control that the paper has not",
    "bert": r"Devlin et al\. 2019, (table|figure)",
    "kaplan": r"Kaplan et al\. 2020, ",
    "chinchilla": r"(Hoffmann et al\. 2022|Porian et al\. 2024|Besiroglu et al\. 2024), ",
    "alphafold": r"Jumper et al\. 2021, |a control that the paper has not",
    "llama": r"Touvron et al\. 2023[ab], (tables?|section) ",
    "instructgpt": r"(Ouyang et al\. 2022|Stiennon et al\. 2020|Gao et al\. 2022), |"
    r"(Ziegler et al\. 2019|Dwaracherla et al\. 2024|Kirk et al\. 2024), |ChatGPT |"
    r"a control that the paper has not",
    "constitutional_ai": r"Bai et al\. 2022, |Lee et al\. 2023 |a control that the paper has not",
}
PLACE = (
    r"((table|figure|section|equation) \d[\d.]*|appendix [A-Z])"
    r"( \((left|right)\))?(, read off the plot)?$"
)

EVERY_CLAIM = [
    pytest.param(slug, claim, id=f"{slug}-{claim.slug}")
    for slug, paper in PAPERS.items()
    for claim in paper.CLAIMS
]


def test_an_unknown_paper_is_an_error_that_lists_the_known_ones_and_guesses():
    with pytest.raises(ReplicationError, match="'word2vce'. Did you mean word2vec.*: word2vec, "):
        find_paper("word2vce")
    with pytest.raises(ReplicationError, match="no paper 'zzz'. The papers: "):
        find_paper("zzz")


def test_papers_are_found_by_their_slugs_and_stand_in_the_order_of_the_chapters():
    assert list(PAPERS) == ORDER
    numbers = [find_paper(slug).NUMBER for slug in ORDER]
    assert numbers == sorted(set(numbers)) and numbers[0] == 1
    assert "zzz" not in PAPERS


@pytest.mark.parametrize("slug", PAPERS)
def test_what_a_paper_borrows_is_a_recipe_of_an_earlier_one_and_has_a_name_of_its_own(slug):
    paper = PAPERS[slug]
    earlier = list(PAPERS)[: list(PAPERS).index(slug)]
    for lender, borrowed in getattr(paper, "BORROWED", {}).items():
        assert lender in earlier
        by_tier = borrowed if isinstance(borrowed, dict) else {BORROWED_TIER: borrowed}
        for tier, recipes in by_tier.items():
            assert set(recipes) <= set(PAPERS[lender].RECIPES[tier])
    assert judged_recipes(paper).keys() >= paper.RECIPES.keys()


@pytest.mark.parametrize("slug", PAPERS)
def test_no_two_recipes_of_a_tier_share_a_name_or_a_description(slug):
    for recipes in PAPERS[slug].RECIPES.values():
        assert len({recipe.name for recipe in recipes}) == len(recipes)
        assert len({recipe.hash for recipe in recipes}) == len(recipes)


@pytest.mark.parametrize("slug", PAPERS)
def test_there_are_five_claims_or_more_each_with_its_own_name(slug):
    claims = PAPERS[slug].CLAIMS
    assert len({claim.slug for claim in claims}) == len(claims) >= 5


@pytest.mark.parametrize(("slug", "claim"), EVERY_CLAIM)
def test_a_claim_quotes_its_paper_and_asks_recipes_that_are_there_at_three_looks(slug, claim):
    assert re.match(QUOTED[slug], claim.source)
    assert claim.paper_value
    if claim.measure is None:
        assert claim.not_testable
    else:
        recipes = judged_recipes(PAPERS[slug])[claim.tier]
        assert set(claim.recipes) <= {recipe.name for recipe in recipes}
        assert claim.looks == (3, 5, 8)


@pytest.mark.parametrize(("slug", "claim"), EVERY_CLAIM)
def test_the_two_sides_of_a_ratio_have_a_unit_of_their_own(slug, claim):
    numbers = claim.paper_value if isinstance(claim.paper_value, dict) else {}
    if isinstance(claim.measure, Ratio) and len(numbers) == 2:
        papers, ours = claim.units
        assert papers and papers != ours


@pytest.mark.parametrize("slug", PAPERS)
def test_no_transcribed_number_stands_twice_and_each_names_its_place(slug):
    values = paper_values(slug)
    places = [(value.source, value.row, value.column) for value in values]
    assert len(set(places)) == len(places)
    assert [place for place, _, _ in places if not re.search(PLACE, place)] == []


@pytest.mark.parametrize("slug", PAPERS)
def test_a_tier_that_a_paper_has_not_is_named_with_those_that_it_has(slug):
    with pytest.raises(ReplicationError, match=r"no tier 'lapto'; it has: smoke, laptop.*REPLICA"):
        PAPERS[slug].RECIPES["lapto"]
