"""Judging claims on fabricated records: pairing, staleness, looks, what is said and what is not."""

import dataclasses
import json

import pytest
from fabricated import (
    WIKIPEDIA,
    FabricatedRecipe,
    fabricate_paper,
    fabricate_record,
    fabricate_records,
)

from replications.claims import (
    Above,
    Below,
    Claim,
    Difference,
    Informative,
    Ratio,
    Value,
    as_json,
    check,
    check_paper,
    values_by_seed,
)
from replications.claims.measures import NoValue
from replications.claims.scoreboard import over
from replications.errors import ReplicationError
from replications.records import save_record

RECIPES = {"laptop": (FabricatedRecipe("skip-gram"), FabricatedRecipe("cbow"))}
BETTER = Difference(Value("skip-gram", "total"), Value("cbow", "total"))
POSITIVE = Above(0)
TOTAL = Value("skip-gram", "total")


def claim(measure=BETTER, criterion=POSITIVE, **changed):
    return Claim(
        **{
            "slug": "skip-gram-beats-cbow",
            "statement": "Skip-gram solves more analogies than CBOW.",
            "source": "Mikolov et al. 2013a, Table 3",
            "paper_value": {"skip-gram": 30, "CBOW": 24},
            "measure": measure,
            "criterion": criterion,
            "unit": "%",
            **changed,
        }
    )


def test_a_clear_difference_is_reproduced():
    records = fabricate_records("skip-gram", [30.0, 31.0, 32.0])
    records += fabricate_records("cbow", [20.0, 20.0, 23.0])
    verdict = check(claim(), records, RECIPES)
    assert verdict.verdict == "reproduced"
    assert verdict.measured == 10
    # Variances of 1 and 3, pooled over four degrees of freedom: t(0.99, 4) = 3.7469 from tables.
    half = 3.746947 * (4 / 3) ** 0.5
    assert verdict.low == pytest.approx(10 - half)
    assert verdict.half_width == pytest.approx(half)
    assert (verdict.seeds, verdict.look, verdict.decided_at, verdict.covers) == (3, 3, 3, "seeds")
    assert verdict.note == ""
    assert verdict.records[0] == "data/records/word2vec/skip-gram.laptop.seed0.json"
    assert len(verdict.records) == 6
    assert [corpus["name"] for corpus in verdict.data] == ["wikipedia-en-2018"]


def test_a_fabricated_failing_record_leaves_the_claim_undecided():
    records = fabricate_records("skip-gram", [30.0, 31.0, 32.0])
    records += fabricate_records("cbow", [20.0, 20.0, 23.0])
    assert check(claim(), records, RECIPES).verdict == "reproduced"
    records[2] = fabricate_record("skip-gram", 2, {"total": 2.0})
    verdict = check(claim(), records, RECIPES)
    assert verdict.verdict == "undecided"
    assert verdict.measured == 0
    assert "In 80 of 100 cases these runs would have shown" in verdict.note


@pytest.mark.parametrize(
    ("seeds", "look"), [(3, 3), (4, 3), (5, 5), (6, 5), (7, 5), (8, 8), (9, 8)]
)
def test_a_claim_is_looked_at_with_three_five_and_eight_seeds_and_no_other_number(seeds, look):
    records = fabricate_records(
        "skip-gram", [0.0, 1.0, -1.0, 0.5, 1.5, -2.0, 2.0, 0.1, 9.0][:seeds]
    )
    verdict = check(claim(TOTAL), records, RECIPES)
    assert (verdict.seeds, verdict.look, len(verdict.records)) == (seeds, look, look)
    first = [record.metrics["total"] for record in records[:look]]
    assert verdict.measured == pytest.approx(sum(first) / look)


def test_what_an_earlier_look_decided_stays_and_the_newest_interval_is_shown():
    records = fabricate_records("skip-gram", [1.0, 1.1, 1.2, -9.0, -9.0])
    verdict = check(claim(TOTAL), records, RECIPES)
    assert (verdict.verdict, verdict.decided_at, verdict.look) == ("reproduced", 3, 5)
    assert verdict.low < 0 < verdict.p < 0.025


def test_a_claim_that_three_seeds_leave_open_is_decided_by_five():
    totals = [0.5, 1.5, 2.5, 1.4, 1.6]
    three = check(claim(TOTAL), fabricate_records("skip-gram", totals[:3]), RECIPES)
    five = check(claim(TOTAL), fabricate_records("skip-gram", totals), RECIPES)
    assert (three.verdict, three.decided_at) == ("undecided", None)
    assert (five.verdict, five.decided_at) == ("reproduced", 5)
    assert five.detectable_effect < three.detectable_effect


def test_equal_values_are_no_certainty():
    verdict = check(claim(TOTAL), fabricate_records("skip-gram", [3.0] * 3), RECIPES)
    assert (verdict.verdict, verdict.measured, verdict.covers) == ("undecided", 3, "nothing")
    assert verdict.low is verdict.high is verdict.half_width is verdict.p is None
    assert verdict.note.startswith("All seeds agree.")


def test_a_baseline_that_is_not_beaten_leaves_the_claim_untestable():
    floor = Informative(TOTAL, Above(50), "always naming the larger class")
    low = fabricate_records("skip-gram", [48.0, 49.0, 51.0]) + fabricate_records("cbow", [9.0] * 3)
    high = fabricate_records("skip-gram", [78.0, 79.0, 81.0]) + fabricate_records("cbow", [9.0] * 3)
    verdict = check(claim(informative=floor), low, RECIPES)
    assert (verdict.verdict, verdict.p) == ("not testable here", None)
    assert verdict.note.startswith(
        "At a floor: total accuracy of `skip-gram` would have to lie above 50 "
        "(always naming the larger class). It is 49.3 ["
    )
    assert verdict.measured > 0
    assert check(claim(informative=floor), high, RECIPES).verdict == "reproduced"


def test_a_baseline_that_may_be_beaten_leaves_the_claim_undecided():
    floor = Informative(TOTAL, Above(50), "always naming the larger class")
    records = fabricate_records("skip-gram", [48.0, 51.0, 60.0])
    records += fabricate_records("cbow", [9.0] * 3)
    verdict = check(claim(informative=floor), records, RECIPES)
    assert verdict.verdict == "undecided"
    assert verdict.note.startswith("Not yet beyond a floor: total accuracy of `skip-gram` would")
    # Equal values are no certainty here either.
    same = fabricate_records("skip-gram", [100.0] * 3) + fabricate_records("cbow", [8.0, 9.0, 8.5])
    assert check(claim(informative=floor), same, RECIPES).verdict == "undecided"


def test_a_baseline_without_a_value_leaves_the_claim_untestable_and_the_paper_judged():
    @dataclasses.dataclass(frozen=True)
    class Never:
        recipes = ("skip-gram",)

        def at(self, records):
            raise NoValue("no level was reached")

    records = fabricate_records("skip-gram", [48.0, 49.0, 51.0])
    records += fabricate_records("cbow", [9.0, 9.5, 9.9])
    floor = Informative(Never(), Above(50), "a level")
    verdict = check(claim(informative=floor), records, RECIPES)
    assert verdict.verdict == "not testable here"
    assert verdict.note.startswith("At seed 0, no level was reached.")


def test_the_recipes_of_a_baseline_are_needed_at_each_seed_too():
    other = Informative(Value("cbow", "total"), Above(0), "nothing")
    records = fabricate_records("skip-gram", [1.0, 2.0, 3.0]) + fabricate_records("cbow", [2.0])
    verdict = check(claim(TOTAL, informative=other), records, RECIPES)
    assert (verdict.verdict, verdict.note) == ("no records yet", "1 of 3 seeds are recorded.")


def test_measures_nest_and_are_taken_at_each_seed():
    records = fabricate_records("skip-gram", [8.0, 10.0, 12.0])
    records += fabricate_records("cbow", [2.0, 5.0, 4.0])
    interaction = Difference(BETTER, Ratio(Value("skip-gram", "total"), Value("cbow", "total")))
    assert interaction.recipes == ("skip-gram", "cbow")
    assert values_by_seed(interaction, reversed(records)) == {0: 2, 1: 3, 2: 5}


def test_a_ratio_to_zero_is_an_error_and_not_infinity():
    records = fabricate_records("skip-gram", [0.0] * 3)
    ratio = Ratio(TOTAL, TOTAL)
    with pytest.raises(ReplicationError, match="divides by zero"):
        check(claim(ratio), records, RECIPES)


def test_two_seeds_give_no_verdict():
    records = fabricate_records("skip-gram", [3.0] * 2) + fabricate_records("cbow", [2.0] * 5)
    verdict = check(claim(), records, RECIPES)
    assert (verdict.verdict, verdict.measured, verdict.low) == ("no records yet", None, None)
    assert verdict.note == "2 of 3 seeds are recorded."
    assert verdict.seeds == 2


def test_a_seed_left_out_between_others_bars_those_after_it():
    records = fabricate_records("skip-gram", [3.0, 4.0, 5.0, 6.0, 7.0])
    without = {seed: [r for r in records if r.seed != seed] for seed in (1, 3)}
    verdict = check(claim(TOTAL), without[1], RECIPES)
    assert (verdict.verdict, verdict.note) == ("no records yet", "Seeds are missing: 1.")
    verdict = check(claim(TOTAL), without[3], RECIPES)
    assert (verdict.seeds, verdict.look, verdict.measured) == (3, 3, 4)


def test_seeds_that_chose_what_is_compared_do_not_count():
    records = fabricate_records("skip-gram", [90.0, 90.0, 3.0, 4.0, 5.0, 6.0])
    fresh_seeds = claim(TOTAL, first_seed=2)
    verdict = check(fresh_seeds, records, RECIPES)
    assert (verdict.seeds, verdict.look, verdict.measured) == (4, 3, 4)
    assert over(verdict) == "3 seeds from 2 on"
    assert [name.split("seed")[1] for name in verdict.records] == ["2.json", "3.json", "4.json"]
    verdict = check(fresh_seeds, records[:4], RECIPES)
    assert (verdict.verdict, verdict.note) == ("no records yet", "2 of 3 seeds are recorded.")
    verdict = check(fresh_seeds, [r for r in records if r.seed != 3], RECIPES)
    assert (verdict.verdict, verdict.note) == ("no records yet", "Seeds are missing: 3.")
    with pytest.raises(ValueError, match="seeds count from 0, not from -1"):
        claim(TOTAL, first_seed=-1)


def test_stale_records_never_count():
    records = fabricate_records("skip-gram", [3.0] * 3) + fabricate_records("cbow", [2.0] * 3)
    edited = {"laptop": (FabricatedRecipe("skip-gram", hash="0" * 16), FabricatedRecipe("cbow"))}
    verdict = check(claim(), records, edited)
    assert verdict.verdict == "no records yet"
    assert verdict.note == "0 of 3 seeds are recorded. 3 stale records do not count."


def test_records_of_another_tier_do_not_count():
    records = fabricate_records("skip-gram", [3.0] * 3, tier="smoke")
    recipes = {**RECIPES, "smoke": (FabricatedRecipe("skip-gram"),)}
    assert check(claim(TOTAL), records, recipes).note == "0 of 3 seeds are recorded."


def test_different_data_is_said_in_the_verdict():
    different = {**WIKIPEDIA, "sha256": "b" * 64, "expected": False}
    records = fabricate_records("skip-gram", [3.0, 3.1, 3.2], corpora=[different])
    verdict = check(claim(TOTAL), records, RECIPES)
    assert verdict.verdict == "reproduced"
    assert verdict.note == "Made from data that differs from the registry: wikipedia-en-2018."
    assert verdict.data[0]["expected"] is False


def test_recipes_that_saw_different_copies_of_a_corpus_are_not_compared():
    different = {**WIKIPEDIA, "sha256": "b" * 64, "expected": False}
    records = fabricate_records("skip-gram", [3.0] * 3)
    records += fabricate_records("cbow", [2.0] * 3, corpora=[different])
    verdict = check(claim(), records, RECIPES)
    assert verdict.verdict == "no records yet"
    assert "different copies of wikipedia-en-2018 (train)" in verdict.note


def test_the_synthetic_world_may_differ_by_seed():
    records = [
        fabricate_record(
            seed=seed,
            metrics={"total": 3.0},
            corpora=[{**WIKIPEDIA, "kind": "synthetic", "sha256": str(seed)}],
        )
        for seed in range(3)
    ]
    assert check(claim(TOTAL), records, RECIPES).seeds == 3


def test_a_missing_metric_is_an_error_and_not_a_verdict():
    records = fabricate_records("skip-gram", [3.0] * 3)
    with pytest.raises(ReplicationError, match="no metric 'semantic'"):
        check(claim(Value("skip-gram", "semantic")), records, RECIPES)


def test_a_recipe_that_the_tier_lacks_is_an_error_that_lists_those_it_has():
    with pytest.raises(ReplicationError, match=r"needs skipgram.*It has: skip-gram, cbow"):
        check(claim(Value("skipgram", "total")), [], RECIPES)


def test_a_claim_that_is_not_testable_says_why_whatever_the_records():
    untestable = claim(None, None, not_testable="It takes the paper's cluster.")
    verdict = check(untestable, fabricate_records("skip-gram", [3.0] * 3), RECIPES)
    assert (verdict.verdict, verdict.note) == ("not testable here", "It takes the paper's cluster.")


def test_the_json_of_a_claim_has_the_published_keys_and_round_trips(tmp_path):
    for record in fabricate_records("skip-gram", [3.0, 4.0, 5.0]):
        save_record(record, tmp_path)
    floor = Informative(TOTAL, Below(90), "a perfect score")
    paper = fabricate_paper(claim(TOTAL, role="secondary", informative=floor), **RECIPES)
    (verdict,) = check_paper("word2vec", paper, tmp_path)
    tree = as_json("word2vec", verdict)
    assert json.loads(json.dumps(tree, allow_nan=False)) == tree
    text = {key: tree[key] for key in ("paper", "claim", "role", "source", "criterion", "covers")}
    assert text == {
        "paper": "word2vec",
        "claim": "skip-gram-beats-cbow",
        "role": "secondary",
        "source": "Mikolov et al. 2013a, Table 3",
        "criterion": "the interval lies above 0",
        "covers": "seeds",
    }
    assert tree["informative"] == "total accuracy of `skip-gram`: the interval lies below 90"
    assert (tree["tier"], tree["seeds"], tree["look"], tree["unit"]) == ("laptop", 3, 3, "%")
    # t(0.99, 2) = 6.9646 from tables, over a standard error of 1 / sqrt(3).
    assert tree["half_width"] == pytest.approx(6.9645567 / 3**0.5)
    assert tree["low"] == pytest.approx(4 - tree["half_width"])
    assert tree["detectable_effect"] > tree["half_width"]
    assert 0 < tree["p"] < 1
    assert (tree["measured"], tree["verdict"], tree["decided_at"]) == (4, "undecided", None)
    assert tree["records"] == [
        f"data/records/word2vec/skip-gram.laptop.seed{seed}.json" for seed in range(3)
    ]
    assert {"statement", "data", "note", "high", "smallest_effect", "paper_value"} < tree.keys()
