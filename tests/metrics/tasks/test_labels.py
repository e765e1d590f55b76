from types import SimpleNamespace

import pytest

from replications.corpora.texts.labelled_texts import Labelled
from replications.metrics.tasks.labels import (
    accuracy,
    accuracy_and_f1,
    correlations,
    label_metrics,
    matthews,
)

TRUE = [1.0, 1.0, 1.0, 0.0, 0.0, 1.0]
SAID = [1.0, 0.0, 1.0, 0.0, 1.0, 1.0]


def test_the_numbers_are_those_of_their_definitions():
    # Three true positives, one false one, one missed, one true negative.
    assert accuracy(TRUE, SAID) == {"accuracy": pytest.approx(400 / 6)}
    assert accuracy_and_f1(TRUE, SAID)["f1"] == pytest.approx(100 * 2 * 3 / (2 * 3 + 1 + 1))
    root = (4 * 4 * 2 * 2) ** 0.5
    assert matthews(TRUE, SAID)["matthews"] == pytest.approx(100 * (3 * 1 - 1 * 1) / root)


def test_one_class_for_all_has_no_correlation():
    assert matthews(TRUE, [1.0] * 6)["matthews"] == 0
    assert correlations([1.0, 2.0, 3.0], [2.5] * 3) == {"pearson": 0.0, "spearman": 0.0}


def test_ranks_alone_make_spearman():
    found = correlations([1.0, 2.0, 3.0, 4.0], [1.0, 10.0, 100.0, 1000.0])
    assert found["spearman"] == pytest.approx(100)
    assert found["pearson"] < 95


def test_a_labeller_is_asked_about_the_part():
    class Always:
        def predict(self, data, part):
            return [float(part == "test")] * len(getattr(data.text, part).labels)

    part = Labelled([("a",)] * 4, [1.0, 0.0, 0.0, 0.0])
    data = SimpleNamespace(text=SimpleNamespace(test=part, validation=part))
    assert label_metrics(Always(), data) == {"accuracy": 25.0}
    found = label_metrics(Always(), data, part="validation", prefix="validation_")
    assert found == {"validation_accuracy": 75.0}
