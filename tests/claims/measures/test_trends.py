import pytest
from fabricated import fabricate_record

from replications.claims import Average, Parameters, Value
from replications.claims.measures import describe_measures
from replications.claims.measures.trends import (
    LogSlope,
    RankCorrelation,
    TrajectoryCorrelation,
    rank_correlation,
    slope,
)
from replications.errors import ReplicationError


def by_size(losses, sizes=(10, 100, 1000)):
    names = [f"size-{size}" for size in sizes]
    return {
        name: fabricate_record(
            name, metrics={"loss": loss}, parameters={"embedding": 5, "other": size}
        )
        for name, loss, size in zip(names, losses, sizes, strict=True)
    }


def losses_of(records):
    return tuple(Value(name, "loss") for name in records)


def test_an_average_is_the_mean_at_one_seed():
    records = by_size([1.0, 2.0, 6.0])
    average = Average(losses_of(records))
    assert average.at(records) == 3
    assert average.recipes == ("size-10", "size-100", "size-1000")


@pytest.mark.parametrize(
    ("measures", "words"),
    [
        (
            [Value("cola-no-words", "score"), Value("rte-no-words", "score")],
            "score of `{cola, rte}-no-words`",
        ),
        ([Value("big", "loss"), Value("small", "loss")], "loss of `{big, small}`"),
        ([Value("layers-2", "x"), Value("layers-3", "x")], "x of `layers-{2, 3}`"),
        (
            [Value("a", "overlap:books"), Value("a", "overlap:news")],
            "overlap with {books, news} of `a`",
        ),
        ([Value("a", "x"), Value("b", "y")], "x of `a` and y of `b`"),
        ([Value("a", "x")], "x of `a`"),
    ],
)
def test_several_measures_are_said_in_few_words(measures, words):
    assert describe_measures(measures) == words
    assert str(Average(tuple(measures))) == f"mean of {words}"
    assert str(RankCorrelation(tuple(measures))) == f"rank correlation along {words}"


def test_parameters_are_those_of_the_record():
    records = by_size([1.0, 2.0, 6.0])
    assert Parameters("size-100").at(records) == 100
    assert Parameters("size-100", kind="embedding").at(records) == 5


@pytest.mark.parametrize(
    ("losses", "wanted"),
    [([1.0, 2.0, 9.0], 1), ([9.0, 2.0, 1.0], -1), ([2.0, 1.0, 3.0], 0.5), ([4.0, 4.0, 4.0], 0)],
)
def test_the_rank_correlation_follows_the_order_given(losses, wanted):
    records = by_size(losses)
    assert RankCorrelation(losses_of(records)).at(records) == pytest.approx(wanted)


def test_what_is_all_equal_has_no_order_on_either_side():
    assert rank_correlation([1.0, 1.0, 1.0], [1.0, 2.0, 3.0]) == 0
    assert rank_correlation([1.0, 2.0, 3.0], [1.0, 1.0, 1.0]) == 0
    assert rank_correlation([3.0, 1.0, 2.0], [9.0, 0.0, 1.0]) == pytest.approx(1)


def test_the_slope_is_what_is_added_where_the_size_grows_tenfold():
    records = by_size([5.0, 4.7, 4.4])
    sizes = tuple(Parameters(name) for name in records)
    assert LogSlope(losses_of(records), sizes).at(records) == pytest.approx(-0.3)


def test_a_slope_is_that_of_least_squares():
    assert slope([0, 1, 2], [0, 3, 0]) == 0
    assert slope([0, 1, 2, 3], [1, 0, 3, 4]) == pytest.approx(1.2)
    with pytest.raises(ValueError, match="x are equal"):
        slope([2, 2], [1, 5])


def test_as_many_sizes_as_measures_are_asked_for():
    with pytest.raises(ValueError, match="3 measures and 2 sizes"):
        LogSlope(losses_of(by_size([1.0, 2.0, 3.0])), (Parameters("a"), Parameters("b")))


def test_a_course_is_ranked_by_its_epochs():
    trajectory = [{"seconds": 1.0, "right": right} for right in (50.0, 52.0, 51.0, 60.0)]
    records = {"trained": fabricate_record("trained", trajectory=trajectory)}
    assert TrajectoryCorrelation("trained", "right").at(records) == pytest.approx(0.8)
    with pytest.raises(ReplicationError, match="no 'wrong' at every point"):
        TrajectoryCorrelation("trained", "wrong").at(records)
