"""The book's last page: which claims are counted, and how."""

from types import SimpleNamespace

import pytest
from fabricated import (
    FabricatedRecipe,
    fabricate_claim,
    fabricate_paper,
    fabricate_records,
)

from replications.claims import check
from replications.figures.conclusions import beside_the_papers_numbers, open_at_three_seeds

RECIPES = {tier: (FabricatedRecipe("skip-gram"),) for tier in ("laptop", "gpu")}
CLAIMS = (
    fabricate_claim("good"),
    fabricate_claim("not-run", tier="gpu"),
    fabricate_claim("plotted", paper_value="a plot"),
    fabricate_claim("elsewhere", comparable=False),
    fabricate_claim("control", role="control"),
    fabricate_claim("large", not_testable="It takes a cluster."),
)


@pytest.fixture
def scores():
    def judged(values):
        records = fabricate_records("skip-gram", values)
        return [check(claim, records, RECIPES) for claim in CLAIMS]

    paper = fabricate_paper(*CLAIMS, **RECIPES)
    later = SimpleNamespace(NUMBER=12)
    return [
        ("word2vec", paper, judged([10.0, 11.0, 12.0])),
        ("instructgpt", later, judged([-60.0, 11.0, 80.0])),
    ]


def test_only_claims_that_ran_and_have_a_number_of_the_paper_on_our_scale_are_counted(scores):
    assert beside_the_papers_numbers(scores) == {"reproduced": 1, "undecided": 1}


def test_undecided_claims_at_three_seeds_are_counted_in_the_chapters_asked_for(scores):
    # Those with a number, with a plot and with another scale; the control is none of the paper's.
    assert open_at_three_seeds(scores, range(11, 16)) == (3, 3)
    assert open_at_three_seeds(scores, [1]) == (0, 0)
