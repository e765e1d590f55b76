"""The share of pairs of which the grammatical sentence scores more."""

from types import SimpleNamespace

import torch

from replications.corpora.texts.minimal_pairs import MinimalPair
from replications.metrics.language.minimal_pairs import minimal_pair_accuracy

PAIRS = [
    MinimalPair("aaa", "b", "morphology", "agreement", "one"),
    MinimalPair("b", "aaa", "morphology", "ellipsis", "two"),
    MinimalPair("a", "b", "syntax", "ellipsis", "two"),
    MinimalPair("aa", "b", "syntax", "ellipsis", "two"),
]


def by_length(objective, vocabulary, sentences, *, max_length, batch_tokens):
    assert (vocabulary, max_length, batch_tokens) == ("letters", 32, 7)
    return torch.tensor([float(len(sentence)) for sentence in sentences])


def test_the_share_is_given_in_all_by_field_and_by_phenomenon_and_equals_count_half():
    data = SimpleNamespace(
        eval_sets={"pairs": SimpleNamespace(pairs=PAIRS)}, vocabulary="letters", length=32
    )
    assert minimal_pair_accuracy(
        None, data, score=by_length, pairs="pairs", batch_tokens=7, prefix="x"
    ) == {
        "x_accuracy": 62.5,
        "x:morphology": 50.0,
        "x:syntax": 75.0,
        "x:agreement": 100.0,
        "x:ellipsis": 50.0,
    }
