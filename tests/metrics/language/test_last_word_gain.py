"""What a passage tells of its last word, with tables whose probabilities are known."""

from types import SimpleNamespace

import pytest
import torch
from tiny_language_model import Bigrams

from replications.corpora.texts.last_words import LastWord
from replications.metrics.language.completions import Completion, score_completions
from replications.metrics.language.last_word_gain import last_word_gain
from replications.models.presets import GPT2


class Words:
    """Each of these is a token: a word with its blank, or a part of one."""

    symbols = (" the", " cat", " th", "ing", " Dog", " sat", "<end>")
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


def measure(model, passages, **options):
    data = SimpleNamespace(
        vocabulary=Words(), length=16, eval_sets={"last_words": SimpleNamespace(passages=passages)}
    )
    return last_word_gain(SimpleNamespace(model=model), data, **options)


def table(after):
    """After a symbol these have so many nats more than all others."""
    model = Bigrams(vocabulary=7)
    with torch.no_grad():
        model.table.fill_(0.0)
        for one, others in after.items():
            for other, logit in others.items():
                model.table[Words.symbols.index(one), Words.symbols.index(other)] = logit
    return model


def test_a_model_that_looks_no_further_back_gains_nothing_and_its_nats_are_the_tables():
    model = Bigrams(vocabulary=7, seed=3)
    log_p = model.table.detach().double().log_softmax(-1)
    passages = [LastWord(" the cat Dog sat", "thing", " Dog sat"), LastWord(" cat", "the", "")]
    found = measure(model, passages, prefix="x_")
    # Of the second passage the last sentence has nothing before its last word.
    alone = [log_p[5, 2] + log_p[2, 3], log_p[6, 0]]
    assert found["x_nats_last_sentence"] == pytest.approx(-float(sum(alone)) / 2, rel=1e-5)
    assert found["x_gain_nats"] == pytest.approx(float(log_p[1, 0] - log_p[6, 0]) / 2, rel=1e-4)


@pytest.mark.parametrize("batch_tokens", [1, 10_000])
def test_the_gain_is_the_difference_of_two_contexts(batch_tokens):
    torch.manual_seed(0)
    model = GPT2(7, d_model=8, layers=2, heads=2, d_ff=16, max_length=16, dropout=0.0).eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(10)
    passages = [
        LastWord(" the cat Dog sat", "thing", " Dog sat"),
        LastWord(" cat cat cat cat the cat Dog sat cat", "the", " cat"),
    ]
    found = measure(model, passages, batch_tokens=batch_tokens)

    def of(prompts):
        asked = [Completion(p, f" {x.word}") for p, x in zip(prompts, passages, strict=True)]
        return score_completions(model, Words(), asked, max_length=16).log_probability

    gain = of([p.context for p in passages]) - of([p.last_sentence for p in passages])
    assert found["lambada_gain_nats"] == pytest.approx(float(gain.mean()), rel=1e-3)


def test_the_most_probable_word_of_the_passage_is_the_guess_whatever_else_is_more_probable():
    # " the" is likeliest, but this passage has it not.
    model = table({" sat": {" the": 9.0, " cat": 5.0, " Dog": 4.0}})
    passages = [LastWord(" Dog cat sat", "cat", " sat"), LastWord(" Dog cat sat", "Dog", " sat")]
    found = measure(model, passages)
    assert found["lambada_passage_word_accuracy"] == 50
    # Second and third of the vocabulary.
    assert found["lambada_first_token_rank"] == 2.5


@pytest.mark.parametrize(("after_th", "right"), [(9.0, 100), (0.0, 0)])
def test_a_word_of_several_tokens_is_as_probable_as_all_of_them(after_th, right):
    model = table({" sat": {" th": 5.0, " cat": 4.0}, " th": {"ing": after_th}})
    found = measure(model, [LastWord(" thing cat sat", "thing", " sat")])
    assert found["lambada_passage_word_accuracy"] == right


def test_draws_find_what_they_would_on_average():
    passages = [
        LastWord(" Dog cat cat sat", "cat", " sat"),
        LastWord(" Dog cat sat", "Dog", " sat"),
        LastWord(" cat sat", "the", " sat"),
    ]
    found = measure(table({}), passages)
    assert found["lambada_random_passage_word"] == pytest.approx(100 * (1 / 3 + 1 / 3) / 3)
    assert found["lambada_random_capitalised_word"] == pytest.approx(100 / 3)
    assert found["lambada_word_in_passage"] == pytest.approx(200 / 3)
