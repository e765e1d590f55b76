from __future__ import annotations

from functools import partial

import pytest
import torch
from tiny_translation import LANGUAGES, model_of

from replications.decoding.inference import batches_by_length
from replications.decoding.search import Hypothesis, beam_search, greedy_search
from replications.decoding.translation import translate
from replications.errors import ReplicationError
from replications.tokens.special import visible

TEXTS = ["a b c", "h", "c c c c c c", "b a", "d d d", "e f g h a"]


def echo(model, source):
    """A search that gives the source back."""
    return [[Hypothesis(visible(row.tolist()), 0.0, 0.0)] for row in source]


@pytest.mark.parametrize("tokens", [1, 9, 2048])
def test_translations_come_in_the_order_of_the_texts(tokens):
    assert translate(model_of(0), LANGUAGES, TEXTS, search=echo, tokens_per_batch=tokens) == TEXTS


def test_batches_change_no_translation():
    search = partial(beam_search, beam=3)
    alone = [translate(model_of(1), LANGUAGES, [text], search=search)[0] for text in TEXTS]
    assert len(set(alone)) > 1
    assert translate(model_of(1), LANGUAGES, TEXTS, search=search, tokens_per_batch=8) == alone
    assert translate(model_of(1), LANGUAGES, TEXTS, search=search) == alone


def test_a_translation_is_the_best_hypothesis_as_text():
    source = torch.tensor([LANGUAGES.encode_source("a b c")])
    best = greedy_search(model_of(2), source)[0][0]
    found = translate(model_of(2), LANGUAGES, ["a b c"], search=greedy_search)
    assert found == [LANGUAGES.target.decode(best.ids)]


def test_batches_hold_at_most_the_tokens_asked_for_and_each_sequence_once():
    lengths = [3, 9, 1, 4, 4, 2, 12, 1]
    batches = batches_by_length(lengths, 9)
    assert sorted(index for batch in batches for index in batch) == list(range(8))
    assert batches == [[6], [1], [3, 4], [0, 5, 2], [7]]


@pytest.mark.parametrize(
    "text, message", [("", "is empty"), ("a " * 7, "7 tokens"), ("a z", "'z' is not known")]
)
def test_a_sentence_that_cannot_be_translated_is_named(text, message):
    with pytest.raises(ReplicationError, match=f"Sentence 2 of 3: .*{message}"):
        translate(model_of(0), LANGUAGES, ["a b", text, "c"])


def test_what_is_unknown_can_be_let_through():
    found = translate(model_of(0), LANGUAGES, ["a z"], unknown_allowed=True, search=echo)
    assert found == ["a <unk>"]


def test_no_texts_have_no_translations():
    assert translate(model_of(0), LANGUAGES, []) == []
