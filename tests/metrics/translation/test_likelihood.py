from __future__ import annotations

import math
import sys
from dataclasses import replace

import pytest
import torch
from table_translator import log_probability
from tiny_translation import LANGUAGES, model_of, task

from replications.corpora.texts.parallel_text import Pairs
from replications.metrics.translation.likelihood import negative_log_likelihood, sentence_losses

SOURCES = ("a b c", "h", "f f f d e e", "b a")
TARGETS = ("c b a", "h e", "a", "b z g h a b c")


def losses_by_hand(model):
    languages = replace(LANGUAGES, max_length=sys.maxsize)
    found = []
    for source, target in zip(SOURCES, TARGETS, strict=True):
        ids = torch.tensor(languages.encode_source(source))
        target_ids = languages.target.encode(target, unknown_allowed=True)
        found.append(-log_probability(model, ids, target_ids))
    return found


@pytest.mark.parametrize("tokens", [1, 20, 2048])
def test_a_sentence_loses_the_nats_of_its_tokens_whatever_the_batch(tokens):
    found = sentence_losses(
        model_of(0), LANGUAGES, Pairs(SOURCES, TARGETS), tokens_per_batch=tokens
    )
    assert found.nats.tolist() == pytest.approx(losses_by_hand(model_of(0)), abs=1e-4)
    assert found.tokens.tolist() == [4, 3, 2, 8]


def test_the_mean_is_over_tokens_and_over_words_with_one_end_a_sentence():
    objective, data = task((SOURCES, ("c b a", "h e.", "a", "b z g h a b c")), seed=1)
    data.vocabulary = replace(LANGUAGES, target=LANGUAGES.source)
    numbers = negative_log_likelihood(objective, data)
    # "h e." is two tokens, of which one is unknown, and three words.
    total = 17 * numbers["nll"]
    assert numbers["nll_per_word"] == pytest.approx(total / 18)
    assert numbers["perplexity"] == pytest.approx(math.exp(total / 17))


def test_each_range_of_source_lengths_has_its_own_mean():
    objective, data = task((("a",), ("a",)), validation=(SOURCES, TARGETS), seed=2)
    numbers = negative_log_likelihood(
        objective, data, part="validation", edges=(2, 5), prefix="validation_"
    )
    nats = losses_by_hand(objective.model)
    expected = {
        "validation_nll": sum(nats) / 17,
        "validation_nll:1-2": (nats[1] + nats[3]) / 11,
        "validation_nll:3-5": nats[0] / 4,
        "validation_nll:6+": nats[2] / 2,
    }
    assert {name: numbers[name] for name in expected} == pytest.approx(expected, abs=1e-5)


def test_a_hopeless_model_has_a_perplexity_that_a_record_can_hold():
    objective, data = task((("a",), ("a",)))
    objective.model.table[..., 4] = -9000.0
    assert math.isfinite(negative_log_likelihood(objective, data)["perplexity"])
