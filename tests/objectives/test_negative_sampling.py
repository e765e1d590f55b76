from __future__ import annotations

import pytest
import torch
from scipy.stats import chisquare
from torch.testing import assert_close

from replications.objectives.negative_sampling import NegativeSampling
from replications.tokens.words import Vocabulary

VOCABULARY = Vocabulary(tuple("abcdefg"), (1000, 300, 120, 50, 20, 7, 1))


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("exponent", [0.0, 0.75, 1.0])
def test_noise_words_follow_the_counts_to_the_exponent(exponent):
    layer = NegativeSampling(VOCABULARY, 3, exponent=exponent)
    drawn = layer.draw((200, 300), seeded())
    assert drawn.shape == (200, 300)
    share = VOCABULARY.counts**exponent / (VOCABULARY.counts**exponent).sum()
    found = torch.bincount(drawn.flatten(), minlength=7)
    assert chisquare(found, share * drawn.numel()).pvalue > 0.01
    for other in {0.0, 0.75, 1.0} - {exponent}:
        share = VOCABULARY.counts**other / (VOCABULARY.counts**other).sum()
        assert chisquare(found, share * drawn.numel()).pvalue < 1e-9


def test_three_quarters_is_the_default_exponent():
    layer = NegativeSampling(VOCABULARY, 3)
    expected = VOCABULARY.counts**0.75 / (VOCABULARY.counts**0.75).sum()
    found = torch.cat([layer.cumulative_noise[:1], layer.cumulative_noise.diff()])
    assert_close(found, expected)


def test_the_ends_of_the_unit_interval_are_words_too(monkeypatch):
    layer = NegativeSampling(VOCABULARY, 3)
    ends = torch.tensor([[0.0, 1.0]], dtype=torch.float64)
    monkeypatch.setattr(torch, "rand", lambda *shape, **options: ends)
    assert layer.draw((1, 2)).tolist() == [[0, 6]]


@pytest.mark.parametrize(("negatives", "shared_negatives"), [(5, 8), (15, 3), (1, 1)])
def test_each_pair_meets_as_many_noise_words_as_asked_for(negatives, shared_negatives):
    layer = NegativeSampling(VOCABULARY, 3, negatives=negatives, shared_negatives=shared_negatives)
    targets = torch.tensor([[0, 4, 4, 1], [2, 0, 6, 3]])
    weights = torch.rand(2, 3, 4, generator=seeded(1)).round()
    binary_targets = layer.binary_targets(targets, weights, seeded())
    assert binary_targets.rows.shape == (2, 4 + shared_negatives)
    assert torch.equal(binary_targets.rows[:, :4], targets)
    assert torch.equal(binary_targets.positives[..., :4], weights)
    assert torch.equal(binary_targets.totals[..., :4], weights)
    assert not binary_targets.positives[..., 4:].any()
    assert_close(binary_targets.totals[..., 4:].sum(2), negatives * weights.sum(2))
    assert weights.sum() > 0


def test_each_block_draws_its_own_noise_and_the_generator_decides_it():
    layer = NegativeSampling(VOCABULARY, 3, shared_negatives=40)
    targets, weights = torch.zeros(2, 1).long(), torch.ones(2, 3, 1)
    one, two, other = (layer.binary_targets(targets, weights, seeded(s)).rows for s in (0, 0, 1))
    assert torch.equal(one, two)
    assert not torch.equal(one, other)
    assert not torch.equal(one[0], one[1])
