"""Numbers in sentences follow the records, and say where there are none."""

import math

import pytest
from fabricated import fabricate_record

from replications.figures.numbers_in_prose import RecordedNumbers

RECORDS = [
    *(fabricate_record("one", seed, {"score": 58.2 + seed}) for seed in range(3)),
    fabricate_record("other", 0, {"score": 7.0}),
]


def test_a_mean_is_over_the_seeds_of_its_recipe_alone():
    found = RecordedNumbers(RECORDS)
    assert found.mean("one", "score") == pytest.approx(59.2)
    assert found.each("one", "score") == "58, 59, 60"
    assert found.spread("one", "score").startswith("59")


def test_where_nothing_is_recorded_it_says_so():
    found = RecordedNumbers(RECORDS)
    assert math.isnan(found.mean("none", "score"))
    assert found.each("none", "score") == "…"
    assert found.spread("none", "score") == "no records yet"
