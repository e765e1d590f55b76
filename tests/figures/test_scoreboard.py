"""The scoreboard's page: every claim with both numbers, folded by chapter, and what lies behind."""

import pytest
from fabricated import (
    FabricatedRecipe,
    fabricate_claim,
    fabricate_paper,
    fabricate_record,
    fabricate_records,
)

from replications.claims import Verdict, check
from replications.claims.ledger import Disclosure, Ledger
from replications.figures import scoreboard

RECIPES = {"laptop": (FabricatedRecipe("skip-gram"),)}
GOOD = fabricate_claim(statement="Skip-gram is <b>good</b>.")
CONTROL = fabricate_claim("control", role="control")
LARGE = fabricate_claim(
    "large", statement="More words | more sense.", not_testable="It takes a cluster."
)


@pytest.fixture
def scores():
    paper = fabricate_paper(GOOD, CONTROL, LARGE, **RECIPES)
    records = fabricate_records("skip-gram", [10.0, 11.0, 12.0])
    return [("word2vec", paper, [check(claim, records, RECIPES) for claim in paper.CLAIMS])]


def test_a_chapters_row_counts_its_verdicts_without_controls(scores):
    shown = scoreboard.by_chapter(scores).data
    assert shown.splitlines() == [
        "2 claims: 1 reproduced, 1 not testable here."
        " Of those reproduced, in direction or in full, 1 of 1 stand beside a number of a paper "
        "that can be compared with ours; the others beside a statement in words, a number of "
        "another kind, or a question that we added.",
        "",
        "<div class='counts'>",
        "",
        "| chapter | reproduced | not testable here |",
        "| --- | --- | --- |",
        "| 1 word2vec | 1 | 1 |",
        "",
        "</div>",
    ]


def test_the_claims_of_a_chapter_are_folded_under_its_counts(scores):
    shown = scoreboard.every_claim([*scores, *scores]).data
    assert shown.count("<details>") == shown.count("</details>") == 2
    assert shown.startswith(
        "<details>\n<summary><strong>1 word2vec</strong>: 2 claims: 1 reproduced, "
        "1 not testable here.</summary>\n\n<div class='stacking'>\n\n| claim |"
    )


def test_a_claims_row_has_both_numbers_and_what_the_interval_is_over(scores):
    good, control, large = scoreboard.every_claim(scores).data.splitlines()[7:10]
    assert good.startswith("| Skip-gram is &lt;b&gt;good&lt;/b&gt;. | ")
    for cell in ("accuracy: 55.5 %<br>*Table 3*", "11.0 [7.0, 15.0] %<br>over 3 seeds"):
        assert cell in good
    assert good.endswith("✓ **reproduced** |")
    assert control.endswith("✓ **control passed**<br>counted nowhere |")
    assert large.startswith("| More words \\| more sense. |")
    assert large.endswith(
        "</span>– | <span class='label' hidden>verdict: </span>– **not testable here** |"
    )


def test_a_claim_that_the_stricter_rule_takes_back_has_a_dagger(scores):
    weak = [fabricate_claim(f"weak-{number}") for number in range(9)]
    verdicts = [Verdict(GOOD, "reproduced", 11, 7, 15, p=0.02)]
    verdicts += [Verdict(claim, "undecided", 1, -1, 3, p=0.6) for claim in weak]
    taken_back = [("word2vec", scores[0][1], verdicts)]
    assert "(word2vec: good)" in scoreboard.met_by_chance(taken_back).data
    shown = scoreboard.every_claim(taken_back).data
    assert shown.count("†") == shown.count("✓ **reproduced** †") == 1


def test_what_was_changed_is_shown_with_its_chapter_and_commit():
    told = (Disclosure("gpt3", "A bound.", "8e3df29134"), Disclosure("*", "The looks."))
    shown = scoreboard.what_was_changed(Ledger((), told, {})).data.splitlines()[4:6]
    assert shown[0].startswith("| 8 gpt3 | ") and "A bound. |" in shown[0]
    assert shown[0].endswith("`8e3df2913` |")
    assert shown[1].startswith("| all | ") and shown[1].endswith("– |")


def test_the_committed_ledger_is_what_the_page_shows():
    rows = scoreboard.what_was_changed().data.splitlines()
    (gpt3,) = (row for row in rows if "`8e3df2913`" in row)
    assert "What all 14 claims measure was changed 93 minutes" in gpt3
    of_all = [row for row in rows if row.startswith("| all | ")]
    assert "The smallest effects that count" in of_all[0]
    assert of_all == [row for row in rows if row.startswith("| ")][-len(of_all) :]


def test_runs_are_summed_up_by_chapter_tier_and_machine():
    runs = [
        fabricate_record(seed=seed, seconds=1800.0, date=f"2026-01-0{day}T03:04:05+00:00")
        for seed, day in ((0, 2), (1, 4), (1, 3))
    ]
    runs.append(fabricate_record(tier="gpu", device="H100", seconds=7200.0))
    shown = scoreboard.recorded_runs(lambda slug: runs if slug == "word2vec" else []).data
    gpu, laptop = shown.splitlines()[4:6]
    assert gpu.startswith("| 1 word2vec, `gpu` | ") and "</span>1, of 1 seed |" in gpu
    assert "</span>2 h |" in gpu and gpu.endswith("2026-01-02 |")
    assert "3, of 2 seeds" in laptop and "1.5 h" in laptop
    assert laptop.endswith("2026-01-02 to 2026-01-04 |")
    assert "No records yet" in scoreboard.recorded_runs(lambda slug: []).data
