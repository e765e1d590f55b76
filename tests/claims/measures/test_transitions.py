"""Sudden transitions: a run counts whole or not at all; the interval of a share of runs."""

from itertools import product
from math import comb

import pytest
from fabricated import FabricatedRecipe, fabricate_record

from replications.claims import Above, Below, Claim, Difference, Value
from replications.claims.check import check
from replications.claims.intervals import ERROR, LOOK_ERROR
from replications.claims.measures.transitions import (
    Exceeds,
    ShareOfRuns,
    clopper_pearson,
    share_of_runs,
)

RECIPES = {"laptop": (FabricatedRecipe("large"), FabricatedRecipe("small"))}
PAST = Exceeds(Value("large", "accuracy"), 75)
MORE = Difference(PAST, Exceeds(Value("small", "accuracy"), 75))


def recorded(**accuracies):
    return [
        fabricate_record(name, seed, {"accuracy": value})
        for name, values in accuracies.items()
        for seed, value in enumerate(values)
    ]


def judged(measure, criterion, **accuracies):
    claim = Claim("share", "A share.", "table 1", "words", measure, criterion)
    return check(claim, recorded(**accuracies), RECIPES)


def test_the_limits_are_those_of_the_binomial_tails():
    low, high = clopper_pearson(7, 8, 0.01)
    # P(7 or 8 of 8) at the lower limit, and P(7 or fewer) at the upper one, are 1 % each.
    assert 8 * low**7 * (1 - low) + low**8 == pytest.approx(0.01)
    assert 1 - high**8 == pytest.approx(0.01)
    # All of 8: the lower limit is the eighth root.
    assert clopper_pearson(8, 8, 0.01) == (pytest.approx(0.01 ** (1 / 8)), 1.0)
    assert clopper_pearson(0, 3, 0.01) == (0.0, pytest.approx(1 - 0.01 ** (1 / 3)))


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.9])
def test_a_limit_is_exceeded_no_more_often_than_it_says(share):
    too_high = sum(
        comb(8, k) * share**k * (1 - share) ** (8 - k)
        for k in range(9)
        if clopper_pearson(k, 8, LOOK_ERROR)[0] > share
    )
    assert too_high <= LOOK_ERROR


@pytest.mark.parametrize(("share", "others"), [(0.5, 0.5), (0.9, 0.9), (0.8, 0.3), (0.1, 0.1)])
def test_a_difference_of_shares_is_exceeded_no_more_often_than_it_says(share, others):
    missed = 0.0
    for one, two in product(range(9), repeat=2):
        if ShareOfRuns(one, 8, two).interval.low > 100 * (share - others):
            chance = comb(8, one) * share**one * (1 - share) ** (8 - one)
            missed += chance * comb(8, two) * others**two * (1 - others) ** (8 - two)
    assert missed <= LOOK_ERROR


def test_all_of_eight_runs_past_a_bound_decide_and_all_of_three_do_not():
    eight = judged(PAST, Above(50), large=[90.0] * 8)
    assert (eight.verdict, eight.measured, eight.covers) == ("reproduced", 100, "seeds")
    assert eight.low == pytest.approx(100 * 0.01 ** (1 / 8))
    three = judged(PAST, Above(50), large=[90.0] * 3)
    assert (three.verdict, three.low) == ("undecided", pytest.approx(100 * 0.01 ** (1 / 3)))
    assert "Known to ± " in three.note and "80 of 100" not in three.note


def test_seven_of_eight_are_not_yet_more_than_half():
    found = judged(PAST, Above(50), large=[90.0] * 7 + [10.0])
    assert (found.verdict, found.measured) == ("undecided", 87.5)


def test_a_share_of_the_large_is_compared_with_that_of_the_small():
    found = judged(MORE, Above(0), large=[90.0] * 8, small=[10.0] * 8)
    assert (found.verdict, found.measured, found.high) == ("reproduced", 100, 100)
    alike = judged(MORE, Above(0), large=[90.0] * 8, small=[90.0] * 8)
    assert (alike.verdict, alike.measured) == ("undecided", 0)


@pytest.mark.parametrize("past", range(9))
@pytest.mark.parametrize("criterion", [Above(50), Below(60)])
def test_p_agrees_with_the_interval(past, criterion):
    share = ShareOfRuns(past, 8)
    inside = criterion.reading(share.interval.low, share.interval.high) == "inside"
    assert inside == (share.p(criterion) < ERROR)


def test_an_accuracy_is_no_share_of_runs():
    assert share_of_runs(Value("large", "accuracy"), []) is None


def records(**accuracies):
    return {
        name: fabricate_record(name, metrics={"accuracy": value})
        for name, value in accuracies.items()
    }


def test_a_run_counts_whole_or_not_at_all():
    assert [PAST.at(records(large=value)) for value in (99.0, 75.0, 50.0)] == [100, 0, 0]


def test_a_difference_of_shares_is_of_runs_and_not_of_accuracies():
    assert MORE.at(records(large=76.0, small=74.0)) == 100
    assert MORE.recipes == ("large", "small")
