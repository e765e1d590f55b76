"""The first screen: verdicts in a line each, from records alone, and nothing left unsaid."""

import pytest
from fabricated import fabricate_record

from replications.claims import Above, Claim, Value, Verdict
from replications.errors import ReplicationError
from replications.figures.claim_words import our_value, papers_value, with_minus_signs
from replications.figures.first_screen import what_came_out
from replications.papers import word2vec
from replications.records import save_record

MAIN = word2vec.RECIPES["laptop"][0]


def claim(slug: str, metric: str, **changed: object) -> Claim:
    settings = {"paper_value": {"300": 55.0}, "criterion": Above(10), "unit": "%"}
    said = f"The {slug} claim."
    return Claim(slug, said, "table 1", measure=Value(MAIN.name, metric), **settings | changed)


@pytest.fixture
def records(tmp_path):
    """Three seeds: `high` lies above ten for sure, and `low` below."""
    for seed in range(3):
        metrics = {"high": 40.0 + seed, "also": 50.0 + seed, "low": -3.0 + seed}
        record = fabricate_record(MAIN.name, seed, metrics, recipe_hash=MAIN.hash)
        save_record(record, folder=tmp_path)
    return tmp_path


@pytest.fixture
def claims(monkeypatch):
    def set_claims(*those: Claim) -> None:
        monkeypatch.setattr(word2vec, "CLAIMS", those)

    return set_claims


def test_a_line_has_verdict_tier_claim_our_interval_and_the_papers_number(records, claims):
    claims(claim("first", "high"), claim("second", "low"))
    _, _, first, second, *_ = what_came_out("word2vec", folder=records).data.splitlines()
    assert "✓ **reproduced**</span> `laptop` The first claim." in first
    assert "ours: 41.0 [37.0, 45.0] %; the paper: 300: 55 %" in first
    assert "verdict not-met'>✗ **contradicted at this scale**" in second
    assert "ours: −2.0 [−6.0, 2.0] %" in second


def test_claims_that_cannot_be_judged_are_folded_with_their_reason(records, claims):
    claims(claim("first", "high"), claim("huge", "high", not_testable="It takes 40 GB."))
    text = what_came_out("word2vec", folder=records).data
    _, folded = text.split("<details>")
    assert "<strong>not testable here</strong> <code>laptop</code> 1 claim</summary>" in folded
    assert "- The huge claim.<br><span class='values'>It takes 40 GB.</span>" in folded


def test_too_few_seeds_are_said_and_no_value_is_shown(tmp_path, claims):
    claims(claim("first", "high"))
    none = what_came_out("word2vec", folder=tmp_path).data
    assert "<strong>no records yet</strong> <code>laptop</code> 1 claim" in none
    record = fabricate_record(MAIN.name, 0, {"high": 40.0}, recipe_hash=MAIN.hash)
    save_record(record, folder=tmp_path)
    one = what_came_out("word2vec", folder=tmp_path).data
    assert "<strong>no verdict yet</strong> <code>laptop</code> 1 claim: 1 of 3 seeds" in one
    assert "ours:" not in one


def test_controls_are_left_out_and_secondary_claims_are_counted(records, claims):
    claims(
        claim("first", "high"),
        claim("eval_sets", "low", role="secondary"),
        claim("check", "also", role="control"),
    )
    text = what_came_out("word2vec", folder=records).data
    assert "beside" not in text and "check" not in text
    assert "And 1 secondary claim: 1 contradicted at this scale." in text


def test_claims_said_at_once_share_a_line_and_a_unit_where_they_share_the_verdict(records, claims):
    claims(claim("first", "high"), claim("second", "also"))
    both = {"More helps.": {"one": "first", "two": "second"}}
    text = what_came_out("word2vec", both, records).data
    (line,) = [line for line in text.splitlines() if line.startswith("- ")]
    assert "`laptop` More helps." in line
    assert "*one*, ours: 41.0 [37.0, 45.0] %; the paper: 300: 55 %" in line
    assert "*two*, ours: 51.0 [47.0, 55.0]; the paper: 300: 55<" in line


def test_claims_said_at_once_part_where_their_verdicts_do(records, claims):
    claims(claim("first", "high"), claim("second", "low"))
    both = {"More helps.": {"one": "first", "two": "second"}}
    text = what_came_out("word2vec", both, records).data
    assert "More helps." not in text
    assert "The first claim." in text and "The second claim." in text


def test_an_unknown_claim_is_an_error(records, claims):
    claims(claim("first", "high"))
    with pytest.raises(ReplicationError, match="no primary claim thrid"):
        what_came_out("word2vec", {"More helps.": {"one": "thrid"}}, records)


def test_two_units_are_told_apart_and_one_serves_both():
    two = claim("first", "high", unit="(the paper's perplexity; ours bits per byte)")
    assert papers_value(two) == "300: 55 perplexity"
    assert our_value(Verdict(two, "undecided", -1.5)) == "−1.5 [no interval] bits per byte"
    assert papers_value(claim("first", "high")) == "300: 55 %"


def test_the_papers_negative_numbers_have_minus_signs():
    lead = claim("first", "high", paper_value={"at the end": 2.2, "early": -0.8})
    assert papers_value(lead) == "at the end: 2.2, early: −0.8 %"


def test_minus_signs_replace_hyphens_before_numbers_alone():
    assert with_minus_signs("-0.4 [-1, 2] of size-1") == "−0.4 [−1, 2] of size-1"


def test_html_in_a_claim_is_shown_and_not_run(records, claims):
    claims(claim("<b>bold</b>", "high"))
    assert "The &lt;b&gt;bold&lt;/b&gt; claim." in what_came_out("word2vec", folder=records).data
