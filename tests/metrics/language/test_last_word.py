"""The last word of a passage, guessed by models whose probabilities are known."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest
import torch
from tiny_language_model import Bigrams

from replications.corpora.texts.last_words import LastWord
from replications.metrics.language.last_word import STOP_WORDS, guess_words, last_word_metrics
from replications.models.presets import GPT2


class Words:
    """Each of these is a token: a word with its blank, or the end of one."""

    symbols = (" the", " cat", " th", "ing", " dog", " sat", "<end>")
    end_of_text = 6

    def __len__(self):
        return len(self.symbols)

    def encode(self, text):
        ids = []
        while text:
            number = next(n for n, symbol in enumerate(self.symbols) if text.startswith(symbol))
            ids.append(number)
            text = text[len(self.symbols[number]) :]
        return ids

    def decode(self, ids):
        return "".join(self.symbols[number] for number in ids)


def model_of(after):
    """A table: after a symbol these are probable, in this order."""
    model = Bigrams(vocabulary=7)
    with torch.no_grad():
        model.table.fill_(-10.0)
        for one, others in after.items():
            for index, other in enumerate(others):
                row, column = (Words.symbols.index(symbol) for symbol in (one, other))
                model.table[row, column] = 3.0 - index
    return model


SAT = model_of({" sat": (" the", " cat", " dog"), " th": ("ing", " cat"), " the": (" cat",)})


def guess(model, word, *, context=" dog sat", guesses=3):
    (found,) = guess_words(model, Words(), [(context, word)], max_length=8, guesses=guesses)
    return found


def test_a_stop_word_is_passed_over_and_nothing_else_is():
    assert not guess(SAT, "cat").greedy
    assert guess(SAT, "cat").past_stop_words
    # The dog comes after the cat, which is no stop word.
    assert not guess(SAT, "dog").past_stop_words
    assert guess(SAT, "the").greedy
    assert not guess(SAT, "the").past_stop_words


def test_a_token_is_judged_by_the_word_that_it_becomes():
    # " th" is no word, "thing" is one, and the article stands before it.
    after = {" sat": (" the", " th"), " th": ("ing",), "ing": (" dog",)}
    assert guess(model_of({**after, " the": (" cat",)}), "thing").past_stop_words
    # Where " the" goes on to "theing" it is no article.
    assert not guess(model_of({**after, " the": ("ing",)}), "thing").past_stop_words


def test_where_all_guesses_are_stop_words_the_first_stays():
    assert guess(SAT, "the", guesses=1).past_stop_words


def test_the_nats_are_those_of_all_tokens_of_the_word():
    model = Bigrams(vocabulary=7, seed=3)
    log_p = model.table.detach().double().log_softmax(-1)
    asked = [(" dog sat", "thing"), (" cat", "dog"), (" the cat sat", "cat")]
    found = guess_words(model, Words(), asked, max_length=8, guesses=0)
    expected = [log_p[5, 2] + log_p[2, 3], log_p[1, 4], log_p[5, 1]]
    assert [each.nats for each in found] == pytest.approx([-float(p) for p in expected], rel=1e-5)


def test_a_word_counts_when_all_of_its_tokens_are_the_most_probable():
    model = model_of({" sat": (" th",), " th": (" cat", "ing")})
    assert not guess(model, "thing").greedy
    assert guess(model_of({" sat": (" th",), " th": ("ing",)}), "thing").greedy


def test_companions_and_batches_change_nothing_with_a_network_that_keeps_a_state():
    torch.manual_seed(0)
    model = GPT2(7, d_model=8, layers=2, heads=2, d_ff=16, max_length=16, dropout=0.0).eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(20)
    asked = [(" dog sat", "thing"), (" cat", "dog"), (" the cat", "cat"), (" cat the", "thing")]
    together = guess_words(model, Words(), asked, max_length=12, guesses=4)
    alone = [guess_words(model, Words(), [each], max_length=12, guesses=4)[0] for each in asked]
    for one, other in zip(together, alone, strict=True):
        assert one.nats == pytest.approx(other.nats, rel=1e-4)
        assert one[1:] == other[1:]
    ids = torch.tensor([[6, 4, 5, 2, 3]])
    with torch.no_grad():
        log_p = model(ids[:, :-1]).log_softmax(-1)[0]
    expected = -(log_p[2, 2] + log_p[3, 3])
    assert together[0].nats == pytest.approx(float(expected), rel=1e-4)


def test_of_a_long_context_the_beginning_is_left_out():
    torch.manual_seed(0)
    model = GPT2(7, d_model=8, layers=1, heads=2, d_ff=16, max_length=8, dropout=0.0).eval()
    (long,) = guess_words(model, Words(), [(" cat" * 50, "dog")], max_length=8, guesses=2)
    (short,) = guess_words(model, Words(), [(" cat" * 5, "dog")], max_length=8, guesses=2)
    (other,) = guess_words(model, Words(), [(" cat" * 4, "dog")], max_length=8, guesses=2)
    assert long.nats == pytest.approx(short.nats, rel=1e-5)
    assert long.nats != pytest.approx(other.nats, rel=1e-5)


def test_the_metric_counts_in_per_cent_and_gives_the_last_sentence_alone():
    passages = [LastWord(" dog sat", "cat", " cat"), LastWord(" dog sat", "the", " dog")]
    data = SimpleNamespace(
        vocabulary=Words(), length=8, eval_sets={"last_words": SimpleNamespace(passages=passages)}
    )
    found = last_word_metrics(SimpleNamespace(model=SAT), data, prefix="x_", guesses=3)
    assert found["x_accuracy"] == 50
    assert found["x_accuracy_filtered"] == 50
    assert found["x_accuracy_last_sentence"] == 50
    assert found["x_perplexity"] == pytest.approx(math.exp(found["x_log_perplexity"]))


def test_stop_words_are_words_in_lower_case():
    assert all(word.isalpha() and word == word.lower() for word in STOP_WORDS)
    assert {"the", "of", "she", "was"} < STOP_WORDS
    assert not STOP_WORDS & {"door", "hand", "back", "fire", "home"}
