"""A measure of the best of several candidates, chosen without the number that it gives."""

import pytest
from fabricated import fabricate_record

from replications.claims import Difference, Tuned, TunedEpoch, Value
from replications.errors import ReplicationError

TUNED = Tuned(("low", "middle", "high"), "bits_per_byte")


def run(recipe, watched, tested):
    course = [{"validation_bits_per_byte": 9.0}, {"validation_bits_per_byte": watched}]
    return fabricate_record(recipe, metrics={"bits_per_byte": tested}, trajectory=course)


def test_the_candidate_that_ended_lowest_in_validation_gives_its_test_value():
    records = {"low": run("low", 2.2, 1.0), "middle": run("middle", 2.1, 3.0)}
    records["high"] = run("high", 2.3, 0.5)
    assert TUNED.chosen(records) == "middle"
    assert TUNED.at(records) == 3.0


def test_each_seed_chooses_anew_and_the_first_of_equals_is_taken():
    one = {name: run(name, 2.0, number) for number, name in enumerate(TUNED.recipes)}
    assert TUNED.at(one) == 0
    assert TUNED.at({**one, "high": run("high", 1.9, 7.0)}) == 7.0


def test_it_can_be_one_side_of_a_difference_that_needs_all_candidates():
    difference = Difference(Value("other", "bits_per_byte"), TUNED)
    assert difference.recipes == ("other", "low", "middle", "high")
    records = {name: run(name, 2.0, 1.0) for name in TUNED.recipes}
    assert difference.at({**records, "other": run("other", 2.0, 1.5)}) == 0.5
    assert str(TUNED) == (
        "bits per byte of `{low, middle, high}`, of the best on the validation part"
    )


def test_candidates_whose_validation_was_not_watched_are_an_error():
    records = {name: run(name, 2.0, 1.0) for name in TUNED.recipes}
    records["low"] = fabricate_record("low", metrics={"bits_per_byte": 1.0})
    with pytest.raises(ReplicationError, match="validation_bits_per_byte"):
        TUNED.at(records)


def watched(recipe, chosen_by, judged):
    course = [{"men": one, "wordsim": other} for one, other in zip(chosen_by, judged, strict=True)]
    return fabricate_record(recipe, trajectory=course)


def test_hyperparameter_and_number_of_passes_are_chosen_together():
    measure = TunedEpoch(("narrow", "wide"), "wordsim", "men")
    records = {
        "narrow": watched("narrow", [1.0, 5.0, 3.0], [10.0, 20.0, 30.0]),
        "wide": watched("wide", [2.0, 4.0, 5.0], [40.0, 50.0, 60.0]),
    }
    assert measure.recipes == ("narrow", "wide")
    assert measure.chosen(records) == ("narrow", 1)
    assert measure.at(records) == 20
    later = {**records, "wide": watched("wide", [2.0, 4.0, 5.1], [40.0, 50.0, 60.0])}
    assert measure.at(later) == 60
    assert str(measure) == "wordsim of `{narrow, wide}`, after the epoch with the best men"
