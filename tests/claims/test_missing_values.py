"""Claims whose runs failed, or whose measure has no value in them."""

import dataclasses

import pytest
from fabricated import FabricatedRecipe, fabricate_claim, fabricate_record, fabricate_records

from replications.claims import Above, Difference, Informative, Ratio, Value, check
from replications.claims.measures import NotReached, NoValue, leaves_out_failed
from replications.claims.measures.trends import RankCorrelation

RECIPES = {"laptop": (FabricatedRecipe("skip-gram"), FabricatedRecipe("cbow"))}
TOTAL = Value("skip-gram", "total")
BETTER = Difference(TOTAL, Value("cbow", "total"))


def claim(measure, **changed):
    return fabricate_claim(measure=measure, **changed)


def failed_at(seed, recipe="cbow", why="loss is nan after epoch 3"):
    failed = {"how": "diverged", "why": why}
    return fabricate_record(recipe, seed, {}, trajectory=[], parameters={}, failed=failed)


def test_a_claim_that_rests_on_a_failed_run_is_undecided_and_says_why():
    records = fabricate_records("skip-gram", [30.0, 31.0, 32.0])
    records += [*fabricate_records("cbow", [20.0, 20.0]), failed_at(2)]
    for measure in (BETTER, Ratio(BETTER.left, BETTER.right)):
        verdict = check(claim(measure), records, RECIPES)
        assert (verdict.verdict, verdict.measured, verdict.look) == ("undecided", None, 3)
        assert verdict.note == (
            "A value is missing: the run `cbow`, seed 2, diverged (loss is nan after epoch 3)."
        )
        assert len(verdict.records) == 6


def test_a_failed_run_costs_no_claim_that_does_not_rest_on_it():
    records = [*fabricate_records("skip-gram", [30.0, 31.0, 32.0]), failed_at(0)]
    assert check(claim(TOTAL, criterion=Above(10)), records, RECIPES).verdict == "reproduced"
    # Nor does a failed seed that no look reaches yet.
    later = [*fabricate_records("skip-gram", [30.0, 31.0, 32.0]), failed_at(3, "skip-gram")]
    assert check(claim(TOTAL, criterion=Above(10)), later, RECIPES).verdict == "reproduced"


@dataclasses.dataclass(frozen=True)
class BestOf:
    """Has a value as long as one run has."""

    recipes: tuple[str, ...]
    leaves_out_failed: bool = True

    def at(self, records):
        return max(r.metric("total") for r in records.values() if not r.failed)


def test_a_measure_may_leave_failed_runs_out_and_the_note_names_them():
    records = fabricate_records("skip-gram", [30.0, 31.0, 32.0])
    records += [*fabricate_records("cbow", [20.0, 20.0]), failed_at(2)]
    best = BestOf(("skip-gram", "cbow"))
    verdict = check(claim(best, criterion=Above(10)), records, RECIPES)
    assert (verdict.verdict, verdict.measured) == ("reproduced", 31)
    assert verdict.note == (
        "Failed runs are left out: the run `cbow`, seed 2, diverged (loss is nan after epoch 3)."
    )
    # A difference has a value only if both sides have.
    assert check(claim(Difference(best, TOTAL)), records, RECIPES).measured is None
    assert check(claim(Difference(best, best)), records, RECIPES).measured == 0
    # So it is with whatever is made of others.
    assert leaves_out_failed(RankCorrelation((best, best)))
    assert not leaves_out_failed(RankCorrelation((best, TOTAL)))


def test_a_failure_after_the_look_that_decided_reopens_nothing():
    decided = fabricate_records("skip-gram", [1.0, 1.1, 1.2, 1.1])
    verdict = check(claim(TOTAL), [*decided, failed_at(4, "skip-gram")], RECIPES)
    assert (verdict.verdict, verdict.decided_at) == ("reproduced", 3)
    assert "A value is missing: the run `skip-gram`, seed 4, diverged" in verdict.note


@pytest.mark.parametrize(
    ("reason", "verdict"), [(NotReached, "contradicted at this scale"), (NoValue, "undecided")]
)
def test_only_a_level_that_no_run_reached_speaks_against_a_claim(reason, verdict):
    @dataclasses.dataclass(frozen=True)
    class Never:
        recipes = ("skip-gram",)

        def at(self, records):
            raise reason("there is none")

    records = fabricate_records("skip-gram", [48.0, 49.0, 51.0])
    assert check(claim(Never()), records, RECIPES).verdict == verdict


def test_a_value_that_is_missing_after_the_look_that_decided_reopens_nothing():
    @dataclasses.dataclass(frozen=True)
    class Early:
        recipes = ("skip-gram",)

        def at(self, records):
            if records["skip-gram"].seed == 4:
                raise NotReached("there is none")
            return records["skip-gram"].metric("total")

    records = fabricate_records("skip-gram", [51.0, 52.0, 53.0, 52.0, 51.0])
    for judged in (claim(Early()), claim(TOTAL, informative=Informative(Early(), Above(0), "0"))):
        verdict = check(judged, records, RECIPES)
        assert (verdict.verdict, verdict.decided_at) == ("reproduced", 3)
        assert "At seed 4, there is none." in verdict.note
