from types import SimpleNamespace

import lightning
import numpy as np
import pytest

from replications.baselines.word_counts import (
    BagOfWords,
    MajorityClass,
    bag_of_words,
    majority_class,
)
from replications.corpora.texts.labelled_texts import Labelled
from replications.errors import ReplicationError
from replications.metrics.tasks.labels import label_metrics
from replications.recipes import Workspace

DRAW = np.random.default_rng(0)
FILLER = "one two three four five".split()


def sentence(*words):
    return " ".join(DRAW.permutation([*DRAW.choice(FILLER, 4), *words]))


def part(make, count=120):
    labels = [float(n % 2) for n in range(count)]
    return Labelled([make(label) for label in labels], labels)


class Examples(lightning.LightningDataModule):
    tokens_per_epoch = 1

    def __init__(self, text):
        super().__init__()
        self.text = text

    def __repr__(self):
        return "Examples()"


def data_of(make, classes=2):
    parts = {name: part(make) for name in ("train", "validation", "test")}
    return Examples(SimpleNamespace(classes=classes, **parts))


def one_word(label):
    return (sentence("good" if label else "bad"),)


def two_in_order(label):
    """Both words are always there: neighbours tell the label, and words alone do not."""
    return (f"{sentence()} {'not good' if label else 'good not'} {sentence()}",)


def accuracy_of(make):
    data = data_of(make)
    return label_metrics(bag_of_words(data, (), Workspace(0)).model, data)["accuracy"]


def test_a_word_that_tells_the_label_is_found():
    assert accuracy_of(one_word) == 100


def test_so_are_two_neighbours():
    assert accuracy_of(two_in_order) > 95


def test_labels_that_no_word_tells_are_not():
    assert 30 < accuracy_of(lambda label: (sentence(),)) < 70


def test_which_of_two_texts_has_the_word_counts():
    assert (
        accuracy_of(
            lambda label: (
                (sentence("good"), sentence()) if label else (sentence(), sentence("good"))
            )
        )
        > 95
    )


def test_a_word_that_both_texts_share_counts():
    def make(label):
        word = "red" if DRAW.random() < 0.5 else "blue"
        other = word if label else {"red": "blue", "blue": "red"}[word]
        return sentence(word), sentence(other)

    assert accuracy_of(make) > 95


def test_numbers_are_fitted_too():
    data = data_of(one_word, classes=0)
    said = np.array(bag_of_words(data, (), Workspace(0)).model.predict(data, "test"))
    assert np.abs(said - np.array(data.text.test.labels)).max() < 0.3


def test_the_strength_is_chosen_on_the_validation_part():
    data = data_of(one_word, classes=0)
    weak = BagOfWords(data.text.train, 0, strength=1e-6, seed=0)
    assert np.ptp(weak.predict(data, "test")) < 0.01
    best = bag_of_words(data, (), Workspace(0), strengths=(1e-6, 1.0)).model
    assert np.ptp(best.predict(data, "test")) > 0.9
    with pytest.raises(ReplicationError, match="give at least one"):
        bag_of_words(data, (), Workspace(0), strengths=())


def test_the_guess_is_the_most_frequent_label_or_the_mean():
    data = data_of(one_word)
    data.text.train = Labelled([("a",)] * 3, [0.0, 1.0, 1.0])
    assert majority_class(data, (), Workspace(0)).model.predict(data, "test") == [1.0] * 120
    assert MajorityClass([1.0, 2.0, 6.0], 0).label == 3
    assert MajorityClass([1.0, 0.0], 2).label == 0
