"""Verdicts on estimates: which of the seven words, and what stays once it was decided."""

import pytest

from replications.claims import Above, Below, Between, Claim, Difference, Ratio, Value
from replications.claims.claim import half_in_nats
from replications.claims.intervals import Estimate
from replications.claims.measures.trends import TrajectoryCorrelation
from replications.claims.verdicts import VERDICTS, judge, outcome

LEFT, RIGHT = Value("skip-gram", "total"), Value("cbow", "total")


POSITIVE = Above(0)


def claim(criterion=POSITIVE, measure=None, **changed):
    return Claim(
        **{
            "slug": "better",
            "statement": "It is better.",
            "source": "Table 3",
            # Half of the paper's effect is 10.
            "paper_value": {"skip-gram": 40, "CBOW": 20},
            "measure": measure or Difference(LEFT, RIGHT),
            "criterion": criterion,
            **changed,
        }
    )


def estimate(low, high):
    """The estimate whose 98 % interval this is: t(0.99, 2) = 6.9646 from tables."""
    return Estimate((low + high) / 2, (high - low) / 2 / 6.964556734, 2, "seeds")


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (12, 20, "reproduced"),
        (2, 19, "reproduced"),
        (2, 17, "reproduced in direction"),
        (1, 9, "reproduced in direction"),
        (-5, 9, "smaller than claimed"),
        (-5, 11, "undecided"),
        (-9, -1, "contradicted at this scale"),
    ],
)
def test_an_interval_is_held_against_the_bound_and_against_half_of_the_papers_effect(
    low, high, verdict
):
    assert judge(claim(), {3: estimate(low, high)}).verdict == verdict
    mirrored = claim(Below(0), Difference(RIGHT, LEFT), paper_value={"CBOW": 20, "skip-gram": 40})
    assert judge(mirrored, {3: estimate(-high, -low)}).verdict == verdict


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (2.5, 9, "reproduced"),
        (1.5, 3, "undecided"),
        (0.5, 3, "undecided"),
        (1.2, 1.9, "smaller than claimed"),
        (0.8, 1.9, "contradicted at this scale"),
        (11, 12, "contradicted at this scale"),
    ],
)
def test_a_range_is_read_as_inside_outside_or_short_of_it(low, high, verdict):
    faster = claim(Between(2, 10), Ratio(LEFT, RIGHT))
    assert judge(faster, {3: estimate(low, high)}).verdict == verdict


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (-0.9, 0.9, "reproduced"),
        (-0.9, 1.1, "undecided"),
        (1.1, 2, "contradicted at this scale"),
    ],
)
def test_being_as_good_within_a_margin_has_no_smallest_effect(low, high, verdict):
    assert judge(claim(Between(-1, 1)), {3: estimate(low, high)}).verdict == verdict


def test_neither_question_is_reopened_by_a_later_look():
    better = judge(claim(), {3: estimate(1, 11), 5: estimate(-3, 3), 8: estimate(-4, -1)})
    assert (better.verdict, better.decided_at, better.look) == ("reproduced in direction", 3, 8)
    worse = judge(claim(), {3: estimate(-5, -1), 5: estimate(1, 20)})
    assert (worse.verdict, worse.decided_at) == ("contradicted at this scale", 3)
    assert worse.p > 0.5


def test_an_effect_that_was_large_enough_at_a_look_stays_so():
    large = judge(claim(), {3: estimate(12, 20), 5: estimate(1, 9)})
    assert large.verdict == "reproduced"
    small = judge(claim(), {3: estimate(1, 9), 5: estimate(2, 11)})
    assert small.verdict == "reproduced in direction"
    assert small.note.startswith("At 3 seeds the interval did not reach 10")


def test_where_the_interval_leaves_the_size_open_the_mean_of_the_newest_look_answers():
    small = judge(claim(), {3: estimate(2, 17)})
    assert (
        small.note == "The mean does not reach 10, half of the paper's effect; the interval does."
    )
    assert judge(claim(), {3: estimate(2, 17), 5: estimate(8, 15)}).verdict == "reproduced"
    assert judge(claim(), {3: estimate(2, 19), 5: estimate(4, 15)}).verdict == small.verdict


def test_a_small_effect_is_shown_first_and_its_direction_later():
    looks = {3: estimate(-5, 9), 5: estimate(1, 8)}
    assert judge(claim(), {3: looks[3]}).decided_at == 3
    assert judge(claim(), looks).verdict == "reproduced in direction"


def test_large_numbers_are_written_out():
    assert "Known to ± 180. " in judge(claim(), {3: estimate(-180, 184)}).note
    open_one = claim(paper_value="much better")
    assert "Known to ± 0.0012. " in judge(open_one, {3: estimate(-0.0012, 0.0012)}).note


def test_undecided_says_what_these_runs_could_have_shown():
    verdict = judge(claim(), {3: estimate(-10, 20)})
    assert verdict.half_width == pytest.approx(15)
    # By simulation, 2 degrees of freedom need 8.95 standard errors.
    assert verdict.detectable_effect == pytest.approx(8.96 * 15 / 6.9646, rel=0.01)
    assert verdict.note == (
        "Known to ± 15. In 80 of 100 cases these runs would have shown an effect of 19 from the "
        "bound."
    )


@pytest.mark.parametrize(
    ("changed", "smallest"),
    [
        ({}, 10),
        ({"smallest": 3}, 3),
        ({"comparable": False}, 0),
        ({"paper_value": "much better"}, 0),
        ({"paper_value": {"gain": 8}}, 4),
        ({"paper_value": {"a": 1, "b": 2, "c": 3}}, 0),
        # The paper has it the other way round: nothing is left but the bound.
        ({"paper_value": {"skip-gram": 20, "CBOW": 40}}, 0),
        # A bound that is not "no effect" was set as the effect that counts.
        ({"criterion": Above(-1)}, -1),
        ({"criterion": Between(-1, 1)}, None),
        (
            {"criterion": Below(1), "measure": Ratio(RIGHT, LEFT), "paper_value": {"ratio": 0.6}},
            0.8,
        ),
        ({"criterion": Above(0.2), "measure": LEFT, "paper_value": {"accuracy": 0.6}}, 0.2),
    ],
)
def test_the_effect_that_counts_is_half_of_the_papers_where_numbers_compare(changed, smallest):
    found = claim(**changed).effect_that_counts
    assert found == (smallest if smallest is None else pytest.approx(smallest))


def test_half_of_two_perplexities_is_in_nats():
    assert half_in_nats(5.29, 4.92) == pytest.approx(0.0362, abs=1e-4)


@pytest.mark.parametrize(
    ("changed", "failure"),
    [
        ({"looks": (2, 5)}, "3 seeds or more"),
        ({"looks": (5, 3)}, "growing"),
        ({"looks": (3, 4, 5, 6)}, "up to 3"),
        ({"criterion": None}, "measure and a criterion"),
        ({"smallest": -1}, "does not lie above 0"),
        ({"criterion": Between(-1, 1), "smallest": 0.5}, "leave out smallest"),
    ],
)
def test_a_claim_that_could_not_be_judged_is_refused_when_it_is_written(changed, failure):
    with pytest.raises(ValueError, match=failure):
        claim(**changed)


def test_each_verdict_is_met_not_met_or_open():
    assert {verdict: outcome(verdict) for verdict in VERDICTS} == {
        "reproduced": "met",
        "reproduced in direction": "met",
        "smaller than claimed": "not met",
        "contradicted at this scale": "not met",
        "undecided": "open",
        "not testable here": "open",
        "no records yet": "open",
    }


def test_an_interval_is_cut_at_the_limits_of_what_the_measure_can_be():
    rises = TrajectoryCorrelation("trained", "right")
    asked = {"criterion": Above(0.7), "measure": rises, "paper_value": "it grows"}
    wide = judge(claim(**asked), {3: estimate(-2.0, 2.4)})
    assert (wide.verdict, wide.low, wide.high) == ("undecided", -1, 1)
    assert wide.note == ("Known to ± 2.2, and no value is below -1 or above 1: this says nothing.")
    high = judge(claim(**asked), {3: estimate(0.8, 1.1)})
    assert (high.verdict, high.low, high.high) == ("reproduced", pytest.approx(0.8), 1)
    other = judge(claim(), {3: estimate(-2.0, 25.0)})
    assert (other.low, other.high) == (pytest.approx(-2), pytest.approx(25))
