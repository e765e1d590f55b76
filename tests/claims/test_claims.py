import json
import math

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
    Between,
    Claim,
    Difference,
    EverySeed,
    Ratio,
    Value,
    as_json,
    check,
    check_paper,
    criteria,
    values_by_seed,
)
from replications.errors import ReplicationError
from replications.records import save_record

RECIPES = {"laptop": (FabricatedRecipe("skip-gram"), FabricatedRecipe("cbow"))}
POSITIVE = Above(0)
BETTER = Difference(Value("skip-gram", "total"), Value("cbow", "total"))


def claim(measure=BETTER, criterion=POSITIVE, **changed):
    return Claim(
        slug="skip-gram-beats-cbow",
        statement="Skip-gram solves more analogies than CBOW.",
        source="Mikolov et al. 2013a, Table 3",
        paper_value={"skip-gram": 55, "CBOW": 24},
        measure=measure,
        criterion=criterion,
        unit="%",
        **changed,
    )


def test_the_interval_is_students_over_the_seeds():
    # t(0.975, 2) = 4.302652729911275 from tables; the standard error of 1, 2, 3 is 1 / sqrt(3).
    found = criteria.interval([1.0, 2.0, 3.0])
    half = 4.302652729911275 / math.sqrt(3)
    assert found.mean == 2
    assert found.low == pytest.approx(2 - half, abs=1e-8)
    assert found.high == pytest.approx(2 + half, abs=1e-8)


def test_identical_seeds_make_an_interval_of_no_width():
    found = criteria.interval([0.1, 0.1, 0.1])
    assert (found.low, found.mean, found.high) == (0.1, 0.1, 0.1)


def test_one_seed_has_no_interval():
    with pytest.raises(ValueError, match="at least two"):
        criteria.interval([1.0])


def test_a_clear_difference_is_reproduced_at_reduced_scale():
    records = fabricate_records("skip-gram", [30.0, 31.0, 32.0])
    records += fabricate_records("cbow", [20.0, 20.0, 23.0])
    verdict = check(claim(), records, RECIPES)
    assert verdict.verdict == "reproduced at reduced scale"
    assert verdict.measured == 10
    # Paired: 10, 11, 9. Unpaired the interval would be wider.
    assert verdict.low == pytest.approx(10 - 4.302652729911275 / math.sqrt(3))
    assert verdict.seeds == 3
    assert verdict.note == ""
    assert verdict.records[0] == "data/records/word2vec/skip-gram.laptop.seed0.json"
    assert len(verdict.records) == 6
    assert [corpus["name"] for corpus in verdict.data] == ["wikipedia-en-2018"]


def test_the_verdict_when_met_is_the_one_the_claim_names():
    records = fabricate_records("skip-gram", [3.0, 3.0, 3.0])
    exact = claim(Value("skip-gram", "total"), Between(3, 3), verdict_if_met="reproduced")
    assert check(exact, records, RECIPES).verdict == "reproduced"


def test_a_fabricated_failing_record_turns_the_claim_to_not_reproduced():
    records = fabricate_records("skip-gram", [30.0, 31.0, 32.0])
    records += fabricate_records("cbow", [20.0, 20.0, 23.0])
    assert check(claim(), records, RECIPES).verdict == "reproduced at reduced scale"
    records[2] = fabricate_record("skip-gram", 2, {"total": 2.0})
    verdict = check(claim(), records, RECIPES)
    assert verdict.verdict == "not reproduced"
    assert verdict.measured == 0


def test_a_mean_that_misses_and_an_interval_that_straddles_are_told_apart():
    misses = fabricate_records("skip-gram", [1.0, 1.1, 1.2])
    straddles = fabricate_records("skip-gram", [-1.0, 1.0, 3.0])
    assert check(claim(Value("skip-gram", "total"), Above(2)), misses, RECIPES).note == (
        "The mean does not lie above 2."
    )
    verdict = check(claim(Value("skip-gram", "total"), Above(0)), straddles, RECIPES)
    assert verdict.verdict == "not reproduced"
    assert verdict.note == "The mean lies above 0, but its 95 % interval does not wholly."


@pytest.mark.parametrize(
    ("criterion", "met"),
    [
        (Above(1), False),
        (Above(0.99), True),
        (Below(1), False),
        (Below(1.01), True),
        (Between(1, 2), True),
        (Between(1.01, 2), False),
        (Between(0, 0.99), False),
        (EverySeed(Above(1)), False),
        (EverySeed(Between(1, 1)), True),
    ],
)
def test_a_bound_itself_is_outside_above_and_below_and_inside_between(criterion, met):
    records = fabricate_records("skip-gram", [1.0, 1.0, 1.0])
    verdict = check(claim(Value("skip-gram", "total"), criterion), records, RECIPES)
    assert (verdict.verdict == "reproduced at reduced scale") is met


def test_every_seed_can_hold_where_the_interval_does_not_and_the_reverse():
    spread = fabricate_records("skip-gram", [0.1, 5.0, 9.0])
    value = Value("skip-gram", "total")
    assert check(claim(value, EverySeed(Above(0))), spread, RECIPES).note == ""
    assert check(claim(value, Above(0)), spread, RECIPES).verdict == "not reproduced"

    one_below = fabricate_records("skip-gram", [-0.01, *[1.0] * 9])
    verdict = check(claim(value, EverySeed(Above(0))), one_below, RECIPES)
    assert verdict.note == "1 of 10 seeds do not lie above 0: -0.01."
    assert check(claim(value, Above(0)), one_below, RECIPES).note == ""


def test_criteria_read_as_sentences():
    assert str(Above(0)) == "the 95 % interval lies above 0"
    assert str(Below(1.5)) == "the 95 % interval lies below 1.5"
    assert str(Between(-1, 1)) == "the 95 % interval lies between -1 and 1"
    assert str(EverySeed(Above(0))) == "every seed lies above 0"
    assert str(BETTER) == "(total accuracy of `skip-gram` − total accuracy of `cbow`)"


def test_measures_nest_and_are_paired_by_seed():
    records = fabricate_records("skip-gram", [8.0, 10.0, 12.0])
    records += fabricate_records("cbow", [2.0, 5.0, 4.0])
    interaction = Difference(BETTER, Ratio(Value("skip-gram", "total"), Value("cbow", "total")))
    assert interaction.recipes == ("skip-gram", "cbow")
    assert values_by_seed(interaction, reversed(records)) == {0: 2, 1: 3, 2: 5}


def test_a_ratio_to_zero_is_an_error_and_not_infinity():
    records = fabricate_records("skip-gram", [0.0] * 3)
    ratio = Ratio(Value("skip-gram", "total"), Value("skip-gram", "total"))
    with pytest.raises(ReplicationError, match="divides by zero"):
        check(claim(ratio), records, RECIPES)


def test_two_seeds_give_no_verdict_on_a_claim_that_asks_for_three():
    records = fabricate_records("skip-gram", [3.0] * 2) + fabricate_records("cbow", [2.0] * 5)
    verdict = check(claim(), records, RECIPES)
    assert (verdict.verdict, verdict.measured, verdict.low) == ("no records yet", None, None)
    assert verdict.note == "2 of 3 seeds are recorded."
    assert verdict.seeds == 2


def test_a_seed_left_out_between_others_gives_no_verdict():
    records = fabricate_records("skip-gram", [3.0] * 5) + fabricate_records("cbow", [2.0] * 5)
    without_seed_1 = [record for record in records if record.seed != 1]
    verdict = check(claim(), without_seed_1, RECIPES)
    assert (verdict.verdict, verdict.note) == ("no records yet", "Seeds are missing: 1.")


def test_stale_records_never_count():
    records = fabricate_records("skip-gram", [3.0] * 3) + fabricate_records("cbow", [2.0] * 3)
    edited = {"laptop": (FabricatedRecipe("skip-gram", hash="0" * 16), FabricatedRecipe("cbow"))}
    verdict = check(claim(), records, edited)
    assert verdict.verdict == "no records yet"
    assert verdict.note == "0 of 3 seeds are recorded. 3 stale records do not count."


def test_records_of_another_tier_do_not_count():
    records = fabricate_records("skip-gram", [3.0] * 3, tier="smoke")
    recipes = {**RECIPES, "smoke": (FabricatedRecipe("skip-gram"),)}
    verdict = check(claim(Value("skip-gram", "total")), records, recipes)
    assert verdict.note == "0 of 3 seeds are recorded."


def test_different_data_is_said_in_the_verdict():
    different = {**WIKIPEDIA, "sha256": "b" * 64, "expected": False}
    records = fabricate_records("skip-gram", [3.0] * 3, corpora=[different])
    verdict = check(claim(Value("skip-gram", "total")), records, RECIPES)
    assert verdict.verdict == "reproduced at reduced scale"
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
    assert check(claim(Value("skip-gram", "total")), records, RECIPES).seeds == 3


def test_a_missing_metric_is_an_error_and_not_a_verdict():
    records = fabricate_records("skip-gram", [3.0] * 3)
    with pytest.raises(ReplicationError, match="no metric 'semantic'"):
        check(claim(Value("skip-gram", "semantic")), records, RECIPES)


def test_a_recipe_that_the_tier_lacks_is_an_error_that_lists_those_it_has():
    with pytest.raises(ReplicationError, match=r"needs skipgram.*It has: skip-gram, cbow"):
        check(claim(Value("skipgram", "total")), [], RECIPES)


def test_a_claim_that_is_not_testable_says_why_whatever_the_records():
    untestable = Claim(
        slug="a-billion-words",
        statement="A billion words train in a day.",
        source="Table 6",
        paper_value="one day",
        not_testable="It takes the paper's cluster.",
    )
    verdict = check(untestable, fabricate_records("skip-gram", [3.0] * 3), RECIPES)
    assert (verdict.verdict, verdict.note) == ("not testable here", "It takes the paper's cluster.")


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"seeds": 2}, "3 seeds or more"),
        ({"criterion": None}, "measure and a criterion"),
        ({"verdict_if_met": "not reproduced"}, "no such verdict"),
    ],
)
def test_a_claim_that_could_not_be_judged_is_refused_when_it_is_written(changed, complaint):
    with pytest.raises(ValueError, match=complaint):
        claim(**changed)


def test_the_json_of_a_claim_has_the_published_keys_and_round_trips(tmp_path):
    for record in fabricate_records("skip-gram", [4.0, 4.0, 4.0]):
        save_record(record, tmp_path)
    paper = fabricate_paper(claim(Value("skip-gram", "total")), **RECIPES)
    (verdict,) = check_paper("word2vec", paper, tmp_path)
    tree = as_json("word2vec", verdict)
    assert json.loads(json.dumps(tree, allow_nan=False)) == tree
    assert {key: tree[key] for key in ("paper", "claim", "source", "paper_value", "criterion")} == {
        "paper": "word2vec",
        "claim": "skip-gram-beats-cbow",
        "source": "Mikolov et al. 2013a, Table 3",
        "paper_value": {"skip-gram": 55, "CBOW": 24},
        "criterion": "the 95 % interval lies above 0",
    }
    assert (tree["tier"], tree["seeds"], tree["unit"]) == ("laptop", 3, "%")
    assert (tree["measured"], tree["low"], tree["high"]) == (4, 4, 4)
    assert tree["verdict"] == "reproduced at reduced scale"
    assert tree["records"] == [
        f"data/records/word2vec/skip-gram.laptop.seed{seed}.json" for seed in range(3)
    ]
    assert {"statement", "data", "note"} < tree.keys()
