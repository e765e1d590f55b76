"""The prefix-matching score, on attention that is known."""

from types import SimpleNamespace

import pytest
import torch
from torch import nn

from replications.metrics.language.induction_heads import induction_heads


class Attends(nn.Module):
    """Head 0 attends to what followed the present token before, head 1 evenly to all so far."""

    def __init__(self, shift=1):
        super().__init__()
        self.weight, self.shift = nn.Parameter(torch.zeros(1)), shift

    def attention(self, ids):
        time = ids.shape[1]
        even = torch.ones(time, time).tril()
        even = even / even.sum(-1, keepdim=True)
        same = (ids[:, :, None] == ids[:, None, :]).float().tril(-1)
        after = same.roll(self.shift, 2)
        return torch.stack([after, even.expand(len(ids), -1, -1)], 1)[:, None]


def measure(model):
    data = SimpleNamespace(vocabulary=Vocabulary())
    return induction_heads(SimpleNamespace(model=model), data, sequences=4, repeated=6)


class Vocabulary:
    end_of_text = 5000

    def __len__(self):
        return 5001


def test_a_head_that_attends_to_what_followed_scores_a_hundred():
    found = measure(Attends())
    assert found["induction:layer0.head0"] == pytest.approx(100)
    assert found["induction_best"] == found["induction:layer0.head0"]


def test_an_even_head_scores_one_in_the_length_so_far():
    expected = 100 * sum(1 / (7 + n) for n in range(1, 7)) / 6
    assert measure(Attends())["induction:layer0.head1"] == pytest.approx(expected, rel=0.01)


def test_a_head_that_attends_to_the_token_itself_scores_nothing():
    assert measure(Attends(shift=0))["induction:layer0.head0"] < 1
