"""Figures of ours in sentences."""

import pytest
from fabricated import fabricate_records

from replications.errors import ReplicationError
from replications.figures import quoted


def test_a_mean_is_that_of_all_seeds_of_the_recipe():
    records = [*fabricate_records("cbow", (1.0, 2.5)), *fabricate_records("skip-gram", (9.0,))]
    assert quoted.mean_of(records, "cbow", "total") == "1.8"
    assert quoted.mean_of(records, "cbow", "total", decimals=0, scale=100) == "175"


def test_what_a_trajectory_ends_with_is_a_mean_over_the_seeds():
    courses = ([{"loss": 9.0}, {"loss": 1.0}], [{"loss": 9.0}, {"loss": 2.5}])
    records = [
        record
        for course in courses
        for record in fabricate_records("cbow", (0.0,), trajectory=course)
    ]
    assert quoted.mean_at_end(records, "cbow", "loss") == "1.75"
    assert quoted.mean_at_end(records, "glove", "loss") == quoted.NOTHING


def test_a_difference_is_taken_seed_by_seed():
    records = [*fabricate_records("cbow", (1.0, 2.0, 7.0)), *fabricate_records("glove", (2.0, 5.0))]
    # Seed 2 has no partner. The sign is a typesetter's.
    assert quoted.mean_difference(records, ("cbow", "glove"), "total") == "−2.0"


def test_what_has_no_records_says_so():
    assert quoted.mean_of([], "cbow", "total") == quoted.NOTHING
    assert quoted.mean_difference([], ("cbow", "glove"), "total") == quoted.NOTHING


def test_a_claim_without_records_says_so_and_an_unknown_one_is_refused(tmp_path):
    slug = "looking-back-beats-one-vector"
    assert quoted.of_claim("bahdanau", slug, tmp_path) == quoted.NOTHING
    with pytest.raises(ReplicationError, match="no claim 'nothing'"):
        quoted.of_claim("bahdanau", "nothing", tmp_path)


def test_seeds_stand_one_after_the_other_and_their_spread_has_an_interval():
    records = fabricate_records("cbow", (58.2, 69.4, 59.0))
    assert quoted.each_of(records, "cbow", "total") == "58, 69, 59"
    assert quoted.spread_of(records, "cbow", "total").startswith("62")
    assert "±" in quoted.spread_of(records, "cbow", "total")
    assert quoted.each_of([], "cbow", "total") == quoted.NOTHING
    assert quoted.spread_of([], "cbow", "total") == quoted.NOTHING
