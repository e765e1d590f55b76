"""The share of runs past a bound, which a mean of accuracies hides."""

from fabricated import fabricate_record

from replications.claims import Difference, Value
from replications.claims.transitions import Exceeds


def records(**accuracies):
    return {
        name: fabricate_record(name, metrics={"accuracy": value})
        for name, value in accuracies.items()
    }


def test_a_run_counts_whole_or_not_at_all():
    past = Exceeds(Value("large", "accuracy"), 75)
    assert [past.at(records(large=value)) for value in (99.0, 75.0, 50.0)] == [100, 0, 0]


def test_a_difference_of_shares_is_of_runs_and_not_of_accuracies():
    lead = Difference(
        Exceeds(Value("large", "accuracy"), 75), Exceeds(Value("small", "accuracy"), 75)
    )
    assert lead.at(records(large=76.0, small=74.0)) == 100
    assert lead.recipes == ("large", "small")
