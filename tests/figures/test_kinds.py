"""Leads by kind of question: values by hand, and what has no records left out."""

import pytest
from fabricated import fabricate_record
from scipy.stats import t

from replications.figures.kinds import leads, table_over_kinds

KINDS = ("section:capitals", "section:family", "section:plural")


def recorded(name, *seeds):
    return [
        fabricate_record(name, seed, dict(zip(KINDS, values, strict=True)))
        for seed, values in enumerate(seeds)
    ]


RECORDS = recorded("a", (50.0, 40.0, 30.0), (54.0, 44.0, 34.0)) + recorded("b", (40.0, 40.0, 40.0))


def test_a_lead_is_between_means_over_the_seeds():
    assert leads(RECORDS, "a", "b", KINDS) == [12, 2, -8]


def test_the_interval_is_students_over_the_kinds():
    shown = table_over_kinds(RECORDS, {"a over b": ("a", "b", KINDS)}).data
    # The leads 12, 2 and -8 have mean 2 and standard deviation 10.
    half = t.ppf(0.99, 2) * 10 / 3**0.5
    assert f"| a over b | 2 of 3 | 2.0 [−{half - 2:.1f}, {2 + half:.1f}] |" in shown


@pytest.mark.parametrize("missing", [("a", "c", KINDS), ("a", "b", (*KINDS, "section:other"))])
def test_a_comparison_without_records_is_left_out(missing):
    shown = table_over_kinds(RECORDS, {"missing": missing, "a over b": ("a", "b", KINDS)}).data
    assert "missing" not in shown and "a over b" in shown
