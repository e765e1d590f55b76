"""N-gram models: sums that are one, a case worked by hand, and texts measured as by a network."""

from types import SimpleNamespace

import lightning
import numpy as np
import pytest
from tiny_language_model import Letters

from replications.baselines.compressed_text import primed_xz_bits_per_byte, xz_bits_per_byte
from replications.baselines.token_ngrams import KneserNey, count_ngrams, ngram_bits_per_byte
from replications.errors import ReplicationError
from replications.recipes import Workspace

DRAW = np.random.default_rng(0)


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_the_probabilities_of_all_next_tokens_sum_to_one(order):
    model = KneserNey(DRAW.integers(0, 5, 300), vocabulary=6, order=order)
    for history in ([0, 1, 2, 3], [5, 5, 1], [4], []):
        last = [model.probabilities(np.array([*history, word]))[-1] for word in range(6)]
        assert sum(last) == pytest.approx(1)
        assert min(last) > 0


def test_a_small_case_is_what_it_is_by_hand():
    # Bigrams of 0 1 0 1 0 2: 01 twice, 10 twice, 02 once; so the discount is 1 / (1 + 2 * 2).
    model = KneserNey(np.array([0, 1, 0, 1, 0, 2]), vocabulary=3, order=2)
    # Each token follows one other: of the unigrams all three count once, which caps the discount.
    unigram = (1 - 0.95) / 3 + 0.95 * 3 / 3 * (1 / 3)
    after_0 = [0.2 * 2 / 3 * unigram + max(count - 0.2, 0) / 3 for count in (0, 2, 1)]
    found = [model.probabilities(np.array([0, word]))[1] for word in range(3)]
    assert found == pytest.approx(after_0)


def test_what_is_often_repeated_becomes_sure_and_a_higher_order_sees_further():
    # After 1 comes 2 or 3, by the token before it.
    stream = np.array([0, 1, 2, 4, 1, 3] * 200)
    bigrams, trigrams = (KneserNey(stream, vocabulary=5, order=order) for order in (2, 3))
    asked = np.array([0, 1, 2])
    assert bigrams.probabilities(asked)[-1] == pytest.approx(0.5, abs=0.02)
    assert trigrams.probabilities(asked)[-1] > 0.99


class Texts(lightning.LightningDataModule):
    tokens_per_epoch = 1
    vocabulary = Letters()

    def __init__(self, train, test):
        super().__init__()
        self.text = SimpleNamespace(train=train, test=test)

    def __repr__(self):
        return "Texts()"


def test_texts_are_measured_each_after_an_end_mark_and_with_their_own():
    told = Texts(["ab", "ab", "ab c"], ["ab", "c"])
    model = count_ngrams(told, (), Workspace(seed=0), order=3).model
    found = ngram_bits_per_byte(model, told, prefix="x_")
    rows = [np.array([5, 0, 1, 5]), np.array([5, 2, 5])]
    nats = -sum(np.log(model.probabilities(row)[1:]).sum() for row in rows)
    assert found["x_bits_per_byte"] == pytest.approx(nats / np.log(2) / 3)
    assert found["x_nats_per_token"] == pytest.approx(nats / 5)


def test_more_orders_than_tokens_are_an_error():
    with pytest.raises(ReplicationError, match="4-grams cannot be counted in 3 tokens"):
        KneserNey(np.arange(3), vocabulary=3, order=4)


def test_a_compressor_needs_next_to_nothing_for_what_it_has_read():
    random = "".join(DRAW.choice(list("abcdefgh"), 20_000))
    told = Texts(["x" + random], [random])
    # Eight equally probable letters are three bits each, and xz is not far from that.
    assert 3 <= xz_bits_per_byte(None, told)["xz_bits_per_byte"] < 3.6
    assert primed_xz_bits_per_byte(None, told)["primed_xz_bits_per_byte"] < 0.1
