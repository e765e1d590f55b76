from types import SimpleNamespace

import pytest

from replications.corpora.texts.labelled_texts import Labelled
from replications.errors import ReplicationError
from replications.metrics.tasks.labels import accuracy, matthews
from replications.metrics.tasks.task_score import task_score

PART = Labelled([("a",)] * 6, [1.0, 1.0, 1.0, 0.0, 0.0, 1.0])
DATA = SimpleNamespace(text=SimpleNamespace(test=PART, validation=PART))


class Says:
    def predict(self, data, part):
        return [1.0, 0.0, 1.0, 0.0, 1.0, 1.0]


def test_the_score_is_the_number_of_that_name_and_the_others_stay():
    found = task_score(Says(), DATA, agreement=matthews, score="matthews")
    assert found["score"] == found["matthews"] == pytest.approx(100 * 2 / 8)
    assert found["accuracy"] == pytest.approx(400 / 6)


def test_the_prefix_is_put_before_all_names():
    found = task_score(
        Says(), DATA, agreement=accuracy, score="accuracy", part="validation", prefix="validation_"
    )
    assert set(found) == {"validation_accuracy", "validation_score"}


def test_a_score_that_is_not_measured_is_an_error():
    with pytest.raises(ReplicationError, match="no metric 'f1' .* there is: accuracy"):
        task_score(Says(), DATA, agreement=accuracy, score="f1")
