import pytest

from replications.claims.multiplicity import benjamini_hochberg

# Benjamini and Hochberg 1995, section 4.1: fifteen p-values, of which 0.05 keeps the first four.
PUBLISHED = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
    0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
]  # fmt: skip


def test_the_published_example_keeps_four():
    kept = benjamini_hochberg(dict(enumerate(PUBLISHED)), 0.05)
    assert kept == {0, 1, 2, 3}


def test_a_p_value_above_its_own_step_stays_where_a_later_one_is_below_its_step():
    assert benjamini_hochberg({"a": 0.04, "b": 0.045}, 0.05) == {"a", "b"}
    assert benjamini_hochberg({"a": 0.04, "b": 0.06}, 0.05) == set()


@pytest.mark.parametrize("p_values", [{}, {"a": 1.0}])
def test_nothing_may_stay(p_values):
    assert benjamini_hochberg(p_values, 0.025) == set()
