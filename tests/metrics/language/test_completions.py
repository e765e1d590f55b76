import pytest
import torch
from tiny_language_model import Bigrams, Letters

from replications.errors import ReplicationError
from replications.metrics.language.completions import (
    Completion,
    choose_completion,
    score_completions,
)

MODEL = Bigrams()
LOG_P = MODEL.table.detach().double().log_softmax(-1)


def by_hand(prompt, completion):
    ids = [5, *Letters().encode(prompt + completion)]
    first = 1 + len(prompt)
    return sum(float(LOG_P[ids[n - 1], ids[n]]) for n in range(first, len(ids)))


def test_the_score_is_the_log_probability_after_the_prompt():
    asked = [Completion("ab", "cd"), Completion("", "abba"), Completion("dddddd", "a")]
    scores = score_completions(MODEL, Letters(), asked, max_length=32)
    expected = torch.tensor([by_hand(*each) for each in asked], dtype=torch.float64)
    torch.testing.assert_close(scores.log_probability, expected, rtol=1e-6, atol=1e-6)
    assert scores.tokens.tolist() == [2, 4, 1]


def test_companions_and_batches_change_no_score():
    asked = [Completion("ab" * n, "cd") for n in range(1, 6)]
    together = score_completions(MODEL, Letters(), asked, max_length=32).log_probability
    small = score_completions(MODEL, Letters(), asked, max_length=32, tokens_per_batch=8)
    torch.testing.assert_close(together, small.log_probability, rtol=1e-6, atol=1e-6)


def test_a_prompt_that_is_too_long_loses_its_beginning():
    long = score_completions(MODEL, Letters(), [Completion("abcdabcdab", "cd")], max_length=4)
    short = score_completions(MODEL, Letters(), [Completion("dab", "cd")], max_length=32)
    torch.testing.assert_close(long.log_probability, short.log_probability, rtol=1e-6, atol=1e-6)


def test_greedy_says_where_each_token_was_the_most_probable():
    best = "".join(Letters.symbols[int(LOG_P[0].argmax())])
    others = [letter for letter in "abcd" if letter != best]
    asked = [Completion("a", best), Completion("a", others[0])]
    assert score_completions(MODEL, Letters(), asked, max_length=8).greedy == [True, False]


def test_the_completion_is_chosen_that_is_the_most_probable_as_a_whole():
    answers = ["b", "bb" * 4]
    totals = [by_hand("a", answer) for answer in answers]
    asked = [("a", answers), ("c", ["d", "a"])]
    chosen = choose_completion(MODEL, Letters(), asked, max_length=16)
    assert chosen[0] == totals.index(max(totals)) == 0
    assert chosen[1] == int(LOG_P[2, 0] > LOG_P[2, 3])


@pytest.mark.parametrize("completion", ["", "abcd" * 3])
def test_a_completion_without_tokens_or_without_room_is_named(completion):
    asked = [Completion("a", "b"), Completion("a", completion)]
    with pytest.raises(ReplicationError, match="Completion 2 of 2"):
        score_completions(MODEL, Letters(), asked, max_length=8)
