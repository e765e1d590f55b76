"""A linear classifier on states that are known: what it finds, and what it cannot."""

from types import SimpleNamespace

import pytest
import torch
from torch import nn

from replications.corpora.texts.treebank.word_labels import LabelledSentence, LabelledSentences
from replications.metrics.tasks.word_probe import word_probe

LETTERS = "abcdef"


class Letters:
    """A token a letter, after padding, [CLS] and [SEP]."""

    padding, start, separator = 0, 1, 2

    def encode(self, text):
        return [LETTERS.index(letter) + 3 for letter in text]


class Neighbours(nn.Module):
    """Layer 0 has a token's own number in one-hot form; layer 1 that of the token after it."""

    padding = 0

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(3 + len(LETTERS), 3 + len(LETTERS))

    def states(self, ids):
        own = nn.functional.one_hot(ids, 3 + len(LETTERS)).float()
        return torch.stack([own, own.roll(-1, 1)], 1)


def sentence(words, labels):
    return LabelledSentence(words.split(), labels.split())


def probe(train, test, length=20, **options):
    found = LabelledSentences(train, test, ())
    data = SimpleNamespace(eval_sets={"words": found}, vocabulary=Letters(), length=length)
    layers = {"own": (0,), "next": (1,), "both": (0, 1)}
    return word_probe(SimpleNamespace(model=Neighbours()), data, layers=layers, **options)


# A word is X where b follows it, and Y where anything else does: its own letter tells nothing.
TRAIN = [
    sentence("a b c d", "X Y Y Y"),
    sentence("a c d b", "Y Y X Y"),
    sentence("c b d a", "X Y Y Y"),
    sentence("d c a b", "Y Y X Y"),
    sentence("c a d c", "Y Y Y Y"),
    sentence("d b a c", "X Y Y Y"),
]


def test_labels_that_the_next_word_decides_are_found_in_a_layer_that_has_it_alone():
    found = probe(TRAIN, TRAIN)
    assert found["word_labels:next"] == 100
    assert found["word_labels:both"] == 100
    assert found["word_labels:own"] < 90


def test_the_baseline_by_form_gives_each_word_its_most_frequent_label():
    # Every letter is Y more often than X: it finds the share of Y.
    share = sum(label == "Y" for one in TRAIN for label in one.labels) / 24
    assert probe(TRAIN, TRAIN)["word_labels_by_form"] == pytest.approx(100 * share)


def test_a_word_of_several_tokens_is_read_at_its_first():
    train = [sentence("ab c", "X Y"), sentence("ad c", "Z Y"), sentence("c ab", "Y X")]
    # The first token of both is a: what follows it tells them apart.
    assert probe(train, train)["word_labels:next"] == 100


def test_the_number_keeps_a_result_for_each_word_of_the_test_part():
    found = probe(TRAIN, TRAIN[:2])["word_labels:own"]
    assert len(found.items.values) == 8
    assert found.again() == pytest.approx(float(found))


def test_sentences_that_do_not_fit_are_left_out():
    long = sentence("a a a a a a", "X X X X X X")
    found = probe([*TRAIN, long], [*TRAIN, long], length=6)
    assert len(found["word_labels:own"].items.values) == 24
