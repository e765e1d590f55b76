"""The first page: bars that add up to the claims, and one claim a chapter with its numbers."""

import pytest
from fabricated import FabricatedRecipe, fabricate_claim, fabricate_paper, fabricate_records

from replications.claims import VERDICTS, Above, Value, check
from replications.errors import ReplicationError
from replications.figures import front_page

RECIPES = {"laptop": (FabricatedRecipe("skip-gram"), FabricatedRecipe("cbow"))}
MET = fabricate_claim("met", statement="Skip-gram is <b>good</b>.")
NOT_MET = fabricate_claim("not-met", criterion=Above(50))
WAITS = fabricate_claim("waits", measure=Value("cbow", "total"))
CONTROL = fabricate_claim("control", role="control")
LARGE = fabricate_claim("large", not_testable="It takes a cluster.")


@pytest.fixture
def scores():
    claims = (MET, fabricate_claim("too"), NOT_MET, WAITS, CONTROL, LARGE)
    paper = fabricate_paper(*claims, **RECIPES)
    records = fabricate_records("skip-gram", [10.0, 11.0, 12.0])
    return [("word2vec", paper, [check(claim, records, RECIPES) for claim in claims])]


def test_a_bar_has_a_segment_for_each_kind_as_long_as_its_claims_without_controls(scores):
    (ax,) = front_page.verdict_bars(scores).axes
    by_kind = {bars.get_label(): [bar.get_width() for bar in bars] for bars in ax.containers}
    assert by_kind == {
        "reproduced": [2],
        "smaller, or contradicted": [1],
        "undecided": [0],
        "not testable here": [1],
        "not run yet": [1],
    }
    ends = [bar.get_x() + bar.get_width() for bars in ax.containers for bar in bars]
    assert max(ends) == 5


def test_every_verdict_has_one_colour():
    told = [verdict for verdicts, _ in front_page.KINDS.values() for verdict in verdicts]
    assert sorted(told) == sorted(VERDICTS)


def test_a_chosen_claim_is_told_with_its_verdict_and_both_values(scores):
    shown = front_page.one_of_each({"word2vec": "met"}, scores).data
    assert "(01_word2vec.ipynb)" in shown
    assert "**reproduced**" in shown
    assert "Skip-gram is &lt;b&gt;good&lt;/b&gt;." in shown
    assert "ours: 11.0 [" in shown
    assert "the paper: accuracy: 55.5 %" in shown


@pytest.mark.parametrize("chosen", [{}, {"word2vec": "none"}])
def test_a_chapter_without_its_claim_is_refused_with_the_claims_that_it_has(scores, chosen):
    with pytest.raises(ReplicationError, match="word2vec has no claim .* choose one of control"):
        front_page.one_of_each(chosen, scores)
