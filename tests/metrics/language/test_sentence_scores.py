"""Whole sentences scored in batches, against each of them alone and against known tables."""

from functools import partial
from types import SimpleNamespace

import pytest
import torch
from tiny_language_model import Bigrams, Letters

from replications.errors import ReplicationError
from replications.layers.masks import causal
from replications.metrics.language.pseudo_likelihood import pseudo_log_likelihood
from replications.metrics.language.sentence_scores import (
    causal_log_probabilities,
    log_probabilities,
    pseudo_log_likelihoods,
)
from replications.models.initialisation import truncated_normal
from replications.models.presets import BERT, GPT2
from replications.objectives.masked_language_model import MaskedLanguageModel
from replications.objectives.schedules import linear
from replications.tokens.wordpiece import SPECIAL, WordPiece

PIECES = WordPiece((*SPECIAL, *"abcd"))
SCHEDULE = partial(linear, rate=1e-3, warmup=0.1)
SENTENCES = ["a b c", "d", "c c c c c c c c c", "b a", "d c b a d c b"]


def masked_model(**parts):
    torch.manual_seed(0)
    model = partial(
        BERT,
        d_model=16,
        layers=2,
        heads=2,
        d_ff=32,
        max_length=16,
        dropout=0.0,
        initialise=partial(truncated_normal, std=0.5),
        **parts,
    )
    return MaskedLanguageModel(PIECES, 0, model=model, schedule=SCHEDULE).eval()


def test_a_sentence_is_the_sum_over_its_letters_after_the_end_mark():
    model = Bigrams()
    log_p = model.table.detach().double().log_softmax(-1)
    found = log_probabilities(
        SimpleNamespace(model=model), Letters(), ["ab", "c"], max_length=8, batch_tokens=1
    )
    expected = torch.stack([log_p[5, 0] + log_p[0, 1], log_p[5, 2]])
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("batch_tokens", [1, 24, 10_000])
def test_companions_change_no_log_probability(batch_tokens):
    torch.manual_seed(0)
    model = GPT2(6, d_model=8, layers=2, heads=2, d_ff=16, max_length=12, dropout=0.0).eval()
    objective, letters = SimpleNamespace(model=model), Letters()
    texts = ["abcd", "a", "dcbaabcdab", "b a c d"]
    score = partial(log_probabilities, objective, letters, max_length=12)
    together = score(texts, batch_tokens=batch_tokens)
    for text, found in zip(texts, together, strict=True):
        ids = torch.tensor([[5, *letters.encode(text)]])
        with torch.no_grad():
            log_p = model(ids[:, :-1]).log_softmax(-1).gather(2, ids[:, 1:, None]).sum()
        assert float(found) == pytest.approx(float(log_p), rel=1e-5)


@pytest.mark.parametrize("batch_tokens", [1, 40, 10_000])
def test_each_token_is_masked_once_whatever_the_batches(batch_tokens):
    objective = masked_model()
    found = pseudo_log_likelihoods(
        objective, PIECES, SENTENCES, max_length=16, batch_tokens=batch_tokens
    )
    alone = [pseudo_log_likelihood(objective, sentence, PIECES) for sentence in SENTENCES]
    assert found.tolist() == pytest.approx(alone, rel=1e-4)


@pytest.mark.parametrize("batch_tokens", [1, 10_000])
def test_from_left_to_right_a_token_is_predicted_from_those_before_it(batch_tokens):
    objective = masked_model(mask=causal)
    found = causal_log_probabilities(
        objective, PIECES, SENTENCES, max_length=16, batch_tokens=batch_tokens
    )
    for sentence, score in zip(SENTENCES, found, strict=True):
        ids = [PIECES.start, *PIECES.encode(sentence)]
        total = 0.0
        for end in range(1, len(ids)):
            with torch.no_grad():
                logits = objective.model(torch.tensor([ids[:end]]))["masked"][0, -1]
            total += float(logits.log_softmax(-1)[ids[end]])
        assert float(score) == pytest.approx(total, rel=1e-4)


def test_a_sentence_as_long_as_the_model_reads_is_scored_and_a_longer_one_is_named():
    model = GPT2(6, d_model=8, layers=1, heads=2, d_ff=16, max_length=4, dropout=0.0)
    score = partial(log_probabilities, SimpleNamespace(model=model), Letters(), max_length=4)
    assert score(["abcd"])[0] < 0
    with pytest.raises(ReplicationError, match=r"'abcda' has 5 tokens.* reads 1 to 4"):
        score(["abcd", "abcda"])


@pytest.mark.parametrize("score", [pseudo_log_likelihoods, causal_log_probabilities])
@pytest.mark.parametrize(("sentence", "tokens"), [("a b c", 3), (" ", 0)])
def test_a_sentence_too_long_or_empty_is_named(score, sentence, tokens):
    with pytest.raises(ReplicationError, match=rf"{sentence!r} has {tokens} tokens.* 1 to 2"):
        score(masked_model(), PIECES, [sentence], max_length=4)
