"""Cosines of mean states against scores, with states that are known."""

from types import SimpleNamespace

import pytest
import torch
from torch import nn

from replications.corpora.batches.text_by_text import each_text_alone
from replications.corpora.texts.labelled_texts import Labelled, LabelledTexts
from replications.errors import ReplicationError
from replications.metrics.tasks.sentence_cosine import sentence_cosine


class Angles(nn.Module):
    """Letters are angles of ten degrees; the second layer has them a right angle further apart."""

    padding = 0

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(11, 2)

    def states(self, ids):
        angle = torch.deg2rad(10.0 * (ids - 1))
        first = torch.stack([angle.cos(), angle.sin()], -1)
        wrong = torch.stack([torch.ones_like(angle), 0 * angle], -1)
        # Where padding is read, it would decide.
        wrong[ids == 0] = 1e6
        first[ids == 0] = 1e6
        return torch.stack([first, wrong], 1)


class Letters:
    def encode(self, text):
        return ["abcdefghij".index(letter) + 1 for letter in text]


def data(texts, labels):
    part = Labelled(texts, labels)
    task = LabelledTexts(part, part, part, 0, True, ())
    return SimpleNamespace(eval_sets={"stsb": task}, vocabulary=Letters(), length=9)


def nothing_around(vocabulary):
    return [], []


def arrange(vocabulary, task):
    return each_text_alone(vocabulary, task, around=nothing_around)


def measure(texts, labels, **options):
    return sentence_cosine(
        SimpleNamespace(model=Angles()), data(texts, labels), arrange=arrange, **options
    )


# The mean of a and c is b's direction: the pairs are 0, 10, 30 and 90 degrees apart.
PAIRS = [("ac", "b"), ("a", "b"), ("a", "d"), ("aaaaaaaaaa", "j")]
COSINES = torch.tensor([0.0, 10.0, 30.0, 90.0]).deg2rad().cos().tolist()


@pytest.mark.parametrize("batch_tokens", [1, 1000])
def test_labels_that_are_the_cosines_correlate_wholly_in_that_layer(batch_tokens):
    found = measure(PAIRS, COSINES, batch_tokens=batch_tokens)
    assert found["cosine:layer0"] == pytest.approx(100, abs=1e-3)
    assert found["cosine_rank:layer0"] == pytest.approx(100, abs=1e-3)
    # All cosines of the other layer are 1.
    assert found["cosine:layer1"] == 0


def test_a_greater_cosine_counts_as_more_alike():
    turned = measure(PAIRS, [-value for value in COSINES], prefix="x")
    assert turned["x:layer0"] == pytest.approx(-100, abs=1e-3)


def test_single_texts_are_an_error():
    with pytest.raises(ReplicationError, match="'stsb' must be a pair"):
        measure([("a",)], [1.0])
