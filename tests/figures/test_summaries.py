"""Summaries over seeds: an interval where there is one, else a word or a dash."""

import pytest
from fabricated import fabricate_record

from replications.errors import ReplicationError
from replications.figures.summaries import over_seeds, share_over_seeds, summary_table


def test_row_zero_is_the_paper_and_a_missing_recipe_is_named():
    records = [fabricate_record("skip-gram", s, {"total": 40.0 + s}) for s in range(3)]
    lines = summary_table(
        records,
        metrics={"total": "total"},
        paper={"paper": {"total": 53.3}},
        recipes={"ours": "skip-gram", "other": "cbow"},
    ).data.splitlines()
    assert lines[2] == "| paper | 53.3 |"
    assert lines[3] == "| ours | 41.0\u00a0±\u00a02.5 |"
    assert lines[4] == "| other | no records yet |"


def test_what_one_recipe_does_not_measure_is_a_dash_and_what_none_does_is_an_error():
    tuned = fabricate_record("cbow", 0, {"total": 41.0})
    steered = fabricate_record("skip-gram", 0, {"total": 40.0, "kl": 2.0})
    asked = {"recipes": {"tuned": "cbow", "steered": "skip-gram"}, "paper": {}}
    both = {"total": "total", "KL": "kl", "min": "minutes"}
    lines = summary_table([tuned, steered], metrics=both, **asked).data.splitlines()
    assert lines[2].startswith("| tuned | 41.0 (one seed) | – |")
    assert lines[3].startswith("| steered | 40.0 (one seed) | 2.00 (one seed) |")
    # The other may measure it when it is run.
    alone = summary_table([tuned], metrics=both, **asked).data.splitlines()
    assert alone[2].startswith("| tuned | 41.0 (one seed) | – |")
    with pytest.raises(ReplicationError, match="has no metric 'lk'"):
        summary_table([tuned, steered], metrics={"KL": "lk"}, **asked)


def test_one_seed_has_no_interval_and_equal_ones_are_no_certainty():
    assert over_seeds([3.25]) == "3.25 (one seed)"
    assert over_seeds([61.03]) == "61.0 (one seed)"
    assert over_seeds([-3.25]) == "−3.25 (one seed)"
    assert over_seeds([3.25, 3.25, 3.25]) == "3.25 (all alike)"
    assert over_seeds([46.8, 46.8 + 1e-7, 46.8]) == "46.8 (all alike)"
    assert over_seeds([46.8, 46.9, 46.8]) != "46.8 (all alike)"


def test_an_interval_of_a_share_is_printed_between_0_and_100():
    assert share_over_seeds([50.0, 51.0, 52.0]) == over_seeds([50.0, 51.0, 52.0])
    assert over_seeds([99.0, 96.0, 100.0]) == "98.3\u00a0±\u00a05.2"
    assert share_over_seeds([99.0, 96.0, 100.0]) == "98.3\u00a0[93.2,\u00a0100]"
    assert share_over_seeds([0.0, 2.0, 0.5]) == "0.8\u00a0[0,\u00a03.4]"
    assert share_over_seeds([0.0, 0.0, 0.05]) == "0.02\u00a0[0,\u00a00.09]"
    assert share_over_seeds([2.0, 2.0]) == "2.00 (all alike)"
    assert share_over_seeds([98.5]) == "98.5 (one seed)"
