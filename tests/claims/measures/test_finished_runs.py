import math

import pytest
from fabricated import fabricate_record

from replications.claims import Value
from replications.claims.measures import NoValue
from replications.claims.measures.finished_runs import CostAtLevel


def records(**runs):
    """One record a run: its BLEU and its processor seconds."""
    return {
        name: fabricate_record(
            name,
            0,
            metrics={"bleu": bleu},
            trajectory=[{"processor_seconds": cost, "seconds": 1.0, "flops": 1.0, "tokens": 1}],
        )
        for name, (bleu, cost) in runs.items()
    }


RUNS = (Value("short", "bleu"), Value("middle", "bleu"), Value("long", "bleu"))
COST = CostAtLevel(RUNS, Value("other", "bleu"))


def test_the_cost_lies_between_two_runs_in_proportion_of_its_logarithm():
    found = COST.at(records(short=(20, 100), middle=(30, 400), long=(35, 900), other=(25, 1)))
    assert found == pytest.approx(math.sqrt(100 * 400))


def test_a_level_of_a_run_costs_what_the_run_did():
    found = COST.at(records(short=(20, 100), middle=(30, 400), long=(35, 900), other=(30, 1)))
    assert found == pytest.approx(400)


def test_the_cheapest_run_stands_for_what_is_cheaper():
    found = COST.at(records(short=(20, 100), middle=(30, 400), long=(35, 900), other=(10, 1)))
    assert found == 100


def test_a_level_that_no_run_reached_has_no_cost():
    with pytest.raises(NoValue, match="never reached 36.*the best was 35"):
        COST.at(records(short=(20, 100), middle=(30, 400), long=(35, 900), other=(36, 1)))


def test_one_run_makes_no_line():
    with pytest.raises(ValueError, match="1 finished runs"):
        CostAtLevel(RUNS[:1], Value("other", "bleu"))


def test_it_needs_the_records_of_its_runs_and_of_the_level():
    assert COST.recipes == ("short", "middle", "long", "other")
