"""The scatter over seeds: pooled where recipes scatter alike, Welch's elsewhere."""

import math

import numpy as np
import pytest
from fabricated import WIKIPEDIA, fabricate_record
from scipy.special import stdtrit
from scipy.stats import bartlett as scipys_bartlett

from replications.claims import Average, Difference, Ratio, Value
from replications.claims.scatter import Scatter, bartlett, scatter

BETTER = Difference(Value("a", "total"), Value("b", "total"))


def recorded(**values):
    """Records of recipes by name, from their totals at seeds 0, 1, 2 ..."""
    return [
        fabricate_record(name, seed, {"total": total})
        for name, totals in values.items()
        for seed, total in enumerate(totals)
    ]


def by_seed(records, *names):
    seeds = sorted({record.seed for record in records if record.recipe in names})
    return {s: {r.recipe: r for r in records if r.seed == s and r.recipe in names} for s in seeds}


def test_recipes_that_scatter_alike_share_one_variance():
    records = recorded(a=[1.0, 2.0, 3.0], b=[5.0, 6.0, 7.0], c=[0.0, 1.0, 2.0])
    # Each has variance 1 with two degrees of freedom; a difference of two has the sum.
    found = scatter(BETTER, by_seed(records, "a", "b"), records)
    assert found == Scatter(2.0, 6)


def test_the_larger_of_the_pooled_and_the_own_variance_counts():
    steady = recorded(a=[1.0, 1.1, 1.2], b=[5.0, 5.1, 5.2], c=[0.0, 0.2, 0.4], d=[1.0, 1.2, 1.4])
    pooled = (0.01 + 0.01 + 0.04 + 0.04) / 4
    assert scatter(BETTER, by_seed(steady, "a", "b"), steady).variance == pytest.approx(2 * pooled)
    other = Difference(Value("c", "total"), Value("d", "total"))
    found = scatter(other, by_seed(steady, "c", "d"), steady)
    assert found.variance == pytest.approx(0.08)
    # The pool's eight degrees belong to the pool's variance.
    assert found.degrees == pytest.approx(4)


def test_recipes_that_scatter_differently_are_compared_by_welch():
    records = recorded(a=[1.0, 2.0, 3.0], b=[0.0, 100.0, 200.0], c=[5.0, 5.01, 5.02])
    found = scatter(BETTER, by_seed(records, "a", "b"), records)
    assert found.variance == pytest.approx(1 + 10_000)
    assert found.degrees == pytest.approx(10_001**2 / (1 / 2 + 10_000**2 / 2))


@pytest.mark.parametrize(
    ("ratio", "p_value", "degrees"),
    [(3.0, 0.201, 4), (3.1, 0.190, 10.61**2 / ((1 + 9.61**2) / 2))],
    ids=["just alike", "not quite"],
)
def test_alike_is_a_p_value_of_a_fifth_or_more(ratio, p_value, degrees):
    records = recorded(a=[0.0, 1.0, 2.0], b=[0.0, ratio, 2 * ratio])
    assert bartlett([Scatter(1.0, 2), Scatter(ratio**2, 2)]) == pytest.approx(p_value, abs=5e-4)
    found = scatter(BETTER, by_seed(records, "a", "b"), records)
    assert found.variance == pytest.approx(1 + ratio**2)
    assert found.degrees == pytest.approx(degrees)


def test_recipes_on_other_corpora_are_not_pooled():
    records = recorded(a=[1.0, 2.0, 3.0], b=[5.0, 6.0, 7.0])
    elsewhere = [{**WIKIPEDIA, "name": "news"}]
    records += [fabricate_record("c", s, {"total": s}, corpora=elsewhere) for s in range(3)]
    assert scatter(BETTER, by_seed(records, "a", "b"), records).degrees == 4


def test_seeds_beyond_the_look_are_not_pooled():
    records = recorded(a=[1.0, 2.0, 3.0], b=[5.0, 6.0, 7.0], c=[0.0, 1.0, 2.0, 900.0])
    assert scatter(BETTER, by_seed(records, "a", "b"), records) == Scatter(2.0, 6)


def test_a_claim_that_says_so_is_paired_by_seed():
    records = recorded(a=[1.0, 2.0, 4.0], b=[0.0, 1.0, 3.5])
    found = scatter(BETTER, by_seed(records, "a", "b"), records, paired=True)
    assert found.degrees == 2
    assert found.variance == pytest.approx(np.var([1.0, 1.0, 0.5], ddof=1))


def test_two_metrics_of_one_run_are_subtracted_before_anything_is_pooled():
    records = [
        fabricate_record(name, seed, {"few": 10.0 * seed + shift, "zero": 10.0 * seed})
        for name in ("a", "b")
        for seed, shift in enumerate((1.0, 2.0, 3.0))
    ]
    gain = Difference(Value("a", "few"), Value("a", "zero"))
    assert scatter(gain, by_seed(records, "a"), records) == Scatter(1.0, 4)
    other_way = Difference(Value("a", "zero"), Value("a", "few"))
    assert scatter(other_way, by_seed(records, "a"), records) == Scatter(1.0, 4)


def test_terms_that_share_a_recipe_vary_together():
    records = recorded(a=[1.0, 2.0, 4.0], b=[0.0, 1.0, 3.5])
    twice = Difference(BETTER, Difference(Value("b", "total"), Value("a", "total")))
    found = scatter(twice, by_seed(records, "a", "b"), records)
    # 2a - 2b, and not a, b, b and a as if they were four runs.
    assert found.variance == pytest.approx(
        4 * (np.var([1, 2, 4], ddof=1) + np.var([0, 1, 3.5], ddof=1))
    )


@pytest.mark.parametrize("measure", [Ratio(*vars(BETTER).values()), Average((BETTER, BETTER))])
def test_ratios_and_means_scatter_as_their_values_at_each_seed_do(measure):
    records = recorded(a=[1.0, 2.0, 4.0], b=[2.0, 2.0, 3.0])
    at = by_seed(records, "a", "b")
    values = [measure.at(those) for those in at.values()]
    found = scatter(measure, at, records)
    assert found.variance == pytest.approx(np.var(values, ddof=1))
    assert found.degrees == pytest.approx(2)


def test_equal_values_have_no_scatter_unless_others_lend_theirs():
    records = recorded(a=[1.0, 1.0, 1.0], b=[0.0, 0.0, 0.0])
    assert scatter(BETTER, by_seed(records, "a", "b"), records) is None
    records += recorded(c=[1.0, 2.0, 3.0], d=[4.0, 5.0, 6.0])
    assert scatter(BETTER, by_seed(records, "a", "b"), records) == Scatter(2.0, 4)


def test_a_baseline_that_never_changes_adds_nothing():
    records = recorded(a=[1.0, 2.0, 3.0], b=[0.0, 0.0, 0.0], c=[4.0, 5.0, 6.0])
    assert scatter(BETTER, by_seed(records, "a", "b"), records) == Scatter(1.0, 4)


def test_bartletts_test_is_that_of_scipy():
    samples = [[1.0, 2.0, 4.0], [0.0, 5.0, 6.0, 9.0], [3.0, 3.1, 3.3]]
    scatters = [Scatter(float(np.var(those, ddof=1)), len(those) - 1) for those in samples]
    assert bartlett(scatters) == pytest.approx(scipys_bartlett(*samples).pvalue)


def error_of_a_look(deviations, runs=800):
    """How often a look at 3 seeds of two recipes without a difference shows one, at 1 % nominal.

    In each simulated chapter the first recipe is compared with the next two, both ways.
    """
    rng = np.random.default_rng(6)
    false = tried = 0
    for _ in range(runs):
        values = rng.normal(size=(len(deviations), 3)) * np.array(deviations)[:, None]
        records = recorded(**{f"r{n}": row for n, row in enumerate(values)})
        for other in (1, 2):
            names = ("r0", f"r{other}")
            measure = Difference(*(Value(name, "total") for name in names))
            found = scatter(measure, by_seed(records, *names), records)
            half = stdtrit(found.degrees, 0.99) * math.sqrt(found.variance / 3)
            false += abs(values[0].mean() - values[other].mean()) > half
            tried += 2
    return false / tried


@pytest.mark.parametrize(
    ("deviations", "bound"),
    [
        ([1.0] * 6, 0.013),
        ([1.0] * 12, 0.013),
        ([2.0] * 3 + [1.0] * 9, 0.018),
        ([3.0] * 3 + [1.0] * 3, 0.016),
        ([3.0] + [1.0] * 11, 0.026),
    ],
)
def test_the_error_of_a_look_stays_small_where_the_compared_scatter_more(deviations, bound):
    assert error_of_a_look(deviations) < bound
