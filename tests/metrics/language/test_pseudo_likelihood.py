import math

import pytest
import torch
from torch import nn

from replications.errors import ReplicationError
from replications.metrics.language.pseudo_likelihood import pseudo_log_likelihood
from replications.tokens.wordpiece import SPECIAL, WordPiece

VOCABULARY = WordPiece((*SPECIAL, "a", "b", "c"))
A, B, C = range(5, 8)


class LikesItsNeighbour(nn.Module):
    """Says of a masked token that it is the one before it, nine times as probable as all others."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    @property
    def model(self):
        return self

    def scores(self, ids, segments, asked):
        assert ((ids == VOCABULARY.mask) == asked).all() and (asked.sum(1) == 1).all()
        logits = torch.zeros(len(ids), len(VOCABULARY))
        before = torch.cat([ids[:, :1], ids[:, :-1]], 1)[asked]
        logits[torch.arange(len(ids)), before] = math.log(9 * (len(VOCABULARY) - 1))
        return logits, None


def test_each_piece_is_hidden_once_and_the_logarithms_are_added():
    likely, unlikely = math.log(0.9), math.log(0.1 / 7)
    objective = LikesItsNeighbour()
    assert pseudo_log_likelihood(objective, "a a a", VOCABULARY) == pytest.approx(
        unlikely + 2 * likely, rel=1e-5
    )
    assert pseudo_log_likelihood(objective, "a b b", VOCABULARY) == pytest.approx(
        2 * unlikely + likely, rel=1e-5
    )


def test_a_sentence_without_pieces_is_an_error():
    with pytest.raises(ReplicationError, match="not empty"):
        pseudo_log_likelihood(LikesItsNeighbour(), " ", VOCABULARY)
