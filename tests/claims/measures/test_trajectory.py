import dataclasses

import pytest
from fabricated import FabricatedRecipe, fabricate_record

from replications.claims import (
    Above,
    Below,
    Claim,
    Cost,
    CostToReach,
    Difference,
    FinalValue,
    Magnitude,
    ProcessorSeconds,
    Ratio,
    Value,
    check,
)
from replications.claims.measures import NoValue
from replications.claims.measures.finished_runs import CostAtLevel
from replications.claims.measures.trajectory import takes_time
from replications.errors import ReplicationError

LEVEL = FinalValue("recurrent", "bleu")
TO_REACH = CostToReach("attentive", "bleu", LEVEL)
RATIO = Ratio(TO_REACH, ProcessorSeconds("recurrent"))
RECIPES = {"laptop": (FabricatedRecipe("attentive"), FabricatedRecipe("recurrent"))}


def trajectory(recipe, bleu, seed=0, *, costs=None):
    """A record whose epochs cost 10 processor seconds each, or what `costs` says in all."""
    costs = costs or [10.0 * epoch for epoch in range(1, len(bleu) + 1)]
    trajectory = [
        {
            "processor_seconds": cost,
            "seconds": cost / 2,
            "flops": 1e9 * cost,
            "tokens": 7,
            "bleu": b,
        }
        for cost, b in zip(costs, bleu, strict=True)
    ]
    return fabricate_record(recipe, seed, trajectory=trajectory)


def on(device, recipe, seed, **changed):
    timed = trajectory(recipe, [20.0, 30.0], seed, costs=[10.0, 20.0 + seed])
    return dataclasses.replace(timed, device=device, **changed)


def by_name(*records):
    return {record.recipe: record for record in records}


def verdict_of(measure, criterion, records):
    claim = Claim("quicker", "It is quicker.", "table 2", "quicker", measure, criterion)
    return check(claim, records, RECIPES)


def test_last_and_cost_are_read_at_the_last_point():
    records = by_name(trajectory("recurrent", [1.0, 9.0, 8.0]))
    assert FinalValue("recurrent", "bleu").at(records) == 8
    assert ProcessorSeconds("recurrent").at(records) == 30
    costs = {"processor_seconds": 30, "seconds": 15, "flops": 3e10, "tokens": 7}
    assert {name: Cost("recurrent", name).at(records) for name in costs} == costs


@pytest.mark.parametrize(
    ("bleu", "cost"),
    [
        ([8.0, 9.0, 9.5], 10),
        ([7.9, 8.1, 8.5], 20),
        ([7.0, 7.5, 8.0], 30),
        # Later falling below the level again does not take it back.
        ([1.0, 8.2, 3.0], 20),
    ],
)
def test_the_cost_to_reach_is_that_of_the_first_point_at_the_level_or_above(bleu, cost):
    records = by_name(trajectory("attentive", bleu), trajectory("recurrent", [9.0, 8.0]))
    assert TO_REACH.at(records) == cost
    in_operations = CostToReach("attentive", "bleu", LEVEL, cost="flops")
    assert in_operations.at(records) == 1e9 * cost


def test_the_level_is_that_of_the_same_seed_and_its_recipe_is_needed():
    assert TO_REACH.recipes == ("attentive", "recurrent")
    assert CostToReach("recurrent", "bleu", LEVEL).recipes == ("recurrent",)
    records = [trajectory("attentive", [5.0, 6.0, 7.0], seed) for seed in range(3)]
    records += [trajectory("recurrent", [4.0 + seed], seed, costs=[100.0]) for seed in range(3)]
    verdict = verdict_of(RATIO, Below(0.5), records)
    assert verdict.measured == pytest.approx((0.1 + 0.1 + 0.2) / 3)
    assert verdict.verdict == "reproduced"


@pytest.mark.parametrize("criterion", [Below(0.5), Above(0)], ids=str)
def test_a_run_that_never_reaches_the_level_leaves_it_open_however_cheap_it_was(criterion):
    reached = [trajectory("attentive", [5.0, 6.0], seed) for seed in (0, 2)]
    cheap = trajectory("attentive", [5.0, 5.9], 1, costs=[0.1, 0.2])
    recurrent = [trajectory("recurrent", [6.0], seed, costs=[100.0]) for seed in range(3)]
    verdict = verdict_of(RATIO, criterion, [*reached, cheap, *recurrent])
    assert verdict.verdict == "undecided"
    assert (verdict.measured, verdict.low, verdict.high, verdict.seeds) == (None, None, None, 3)
    assert verdict.note == (
        "At seed 1, BLEU of `attentive` never reached 6, the last BLEU of `recurrent`: "
        "its best was 5.9."
    )
    assert len(verdict.records) == 6


def test_a_level_that_no_seed_reaches_contradicts_the_claim():
    records = [trajectory("attentive", [5.0], seed) for seed in range(3)]
    records += [trajectory("recurrent", [6.0], seed) for seed in range(3)]
    assert verdict_of(RATIO, Below(0.5), records).verdict == "contradicted at this scale"


def test_a_level_never_reached_has_no_cost_at_all():
    records = by_name(trajectory("attentive", [5.0]), trajectory("recurrent", [6.0]))
    with pytest.raises(NoValue, match="never reached 6"):
        Difference(RATIO, ProcessorSeconds("recurrent")).at(records)


def test_too_few_seeds_are_said_before_what_they_did_not_reach():
    records = [trajectory("attentive", [5.0]), trajectory("recurrent", [6.0])]
    verdict = verdict_of(RATIO, Below(0.5), records)
    assert (verdict.verdict, verdict.note) == ("no records yet", "1 of 3 seeds are recorded.")


def test_a_number_that_was_not_watched_is_an_error_and_not_a_verdict():
    records = [
        trajectory(name, [5.0], seed) for name in ("attentive", "recurrent") for seed in range(3)
    ]
    with pytest.raises(ReplicationError, match=r"no 'chrf' at every point.*bleu, flops"):
        verdict_of(FinalValue("attentive", "chrf"), Above(0), records)
    empty = by_name(fabricate_record("attentive", trajectory=[]))
    with pytest.raises(ReplicationError, match="empty trajectory"):
        Cost("attentive", "flops").at(empty)


def test_the_magnitude_is_taken_at_each_seed():
    difference = Difference(Value("attentive", "total"), Value("recurrent", "total"))
    records = [
        fabricate_record(name, seed, {"total": total})
        for name, totals in (("attentive", (1.0, 5.0, 3.0)), ("recurrent", (3.0, 3.0, 1.0)))
        for seed, total in enumerate(totals)
    ]
    assert Magnitude(difference).recipes == difference.recipes
    verdict = verdict_of(Magnitude(difference), Below(2.5), records)
    assert (verdict.measured, verdict.low) == (2, None)
    assert (
        str(Magnitude(difference))
        == "|total accuracy of `attentive` − total accuracy of `recurrent`|"
    )
    assert str(Magnitude(LEVEL)) == "|last BLEU of `recurrent`|"


def test_measures_of_training_read_as_sentences():
    assert str(Cost("recurrent", "flops")) == "floating-point operations of `recurrent`"
    assert str(TO_REACH) == (
        "processor seconds of `attentive` until its BLEU is the last BLEU of `recurrent` or more"
    )


def test_times_of_different_machines_are_not_compared_and_operations_are():
    first = [
        on("AMD, 1 thread", name, seed) for name in ("attentive", "recurrent") for seed in (0, 1, 2)
    ]
    moved = [on("AMD, 2 threads", "recurrent", 3), on("Intel, 1 thread", "attentive", 3)]
    resumed = [{"device": "AMD, 1 thread"}]
    moved += [
        on("Intel, 1 thread", "attentive", 4, resumed_from=resumed),
        on("Intel, 1 thread", "recurrent", 4),
    ]
    timed = verdict_of(RATIO, Below(2), first + moved)
    assert timed.note.endswith("Left out, as timed on different machines: seeds 3, 4.")
    assert (timed.seeds, timed.look) == (3, 3)
    counted = Ratio(Cost("attentive", "flops"), Cost("recurrent", "flops"))
    assert verdict_of(counted, Below(2), first + moved).look == 5
    few = verdict_of(RATIO, Below(2), first[:2] + first[3:5] + moved)
    assert (few.verdict, few.seeds) == ("no records yet", 2)
    assert few.note == (
        "2 of 3 seeds are recorded. Left out, as timed on different machines: seeds 3, 4."
    )


@pytest.mark.parametrize(
    ("measure", "timed"),
    [
        (RATIO, True),
        (Ratio(Cost("a", "seconds"), Cost("b", "seconds")), True),
        (CostAtLevel((Value("a", "bleu"), Value("b", "bleu")), LEVEL), True),
        (CostAtLevel((Value("a", "bleu"), Value("b", "bleu")), LEVEL, cost="flops"), False),
        (Cost("a", "tokens"), False),
        (LEVEL, False),
    ],
)
def test_what_takes_time_is_found_however_deep_it_is_nested(measure, timed):
    assert takes_time(measure) is timed
    assert takes_time(Difference(Magnitude(LEVEL), measure)) is timed
