import numpy as np
import pytest

from replications.corpora.batches.made_in_order import MadeInOrder


def drawn(made=None):
    """Five batches, each of the next draws; `made` notes every one that is made."""

    def begin():
        draw = np.random.default_rng(3)
        for number in range(5):
            if made is not None:
                made.append(number)
            yield draw.random(number + 1).tolist()

    return MadeInOrder(begin, 5)


def test_in_order_each_batch_is_made_once_and_when_it_is_asked_for():
    made = []
    batches = drawn(made)
    assert (len(batches), made) == (5, [])
    for number in range(5):
        assert batches[number] == list(drawn())[number]
        assert made == list(range(number + 1))


def test_another_order_gives_the_same_batches():
    batches, expected = drawn(), list(drawn())
    for number in (3, 1, 1, 4, 0, -1):
        assert batches[number] == expected[number]
    assert batches[1:4] == expected[1:4]


def test_a_second_pass_gives_the_same_batches():
    batches = drawn()
    assert list(batches) == list(batches)
    assert [batches[n] for n in range(5)] == [batches[n] for n in range(5)] == list(batches)


def test_there_is_no_batch_behind_the_last():
    with pytest.raises(IndexError):
        drawn()[5]
