"""Sums over all answers: divergences, optima and best-of-n, against brute force and theory."""

import itertools
import math

import numpy as np
import pytest

from replications.corpora.world.instructions.enumerable import (
    EnumerableWorld,
    best_of_n,
    divergence,
    expected,
    log_uniform,
    optimal_policy,
)
from replications.errors import ReplicationError


@pytest.fixture(scope="module")
def world():
    return EnumerableWorld(symbols=4, length=4)


@pytest.fixture(scope="module")
def reference(world):
    logits = np.random.default_rng(0).normal(size=len(world.answers))
    return logits - np.log(np.exp(logits).sum())


def test_every_answer_is_listed_once(world):
    assert [tuple(answer) for answer in world.answers] == list(
        itertools.product(range(4), repeat=4)
    )


def test_the_gold_reward_adds_up(world):
    gold = world.gold_of(np.array([[1, 2, 3, 3], [0, 0, 1, 2], [1, 2, 3, 1], [3, 3, 3, 3]]))
    assert world.wanted == (1, 2)
    assert gold == pytest.approx([1 + 0.6, -0.6, 1 + 0.3, 0.6 - 1.6])


def test_more_than_two_pleases_are_rare_in_the_large_world():
    world = EnumerableWorld()
    assert len(world.answers) == 262_144
    pleases = (world.answers == 7).sum(1)
    assert 0.02 < (pleases > 2).mean() < 0.035


def test_the_optimum_beats_other_policies_at_its_own_objective(world, reference):
    draw = np.random.default_rng(1)
    for beta in (0.2, 0.5, 2.0):
        best = optimal_policy(reference, world.gold, beta)
        assert np.exp(best).sum() == pytest.approx(1)

        def objective(policy, beta=beta):
            return expected(policy, world.gold) - beta * divergence(policy, reference)

        # Its value is known: beta log of the partition sum.
        sum_ = np.exp(reference + world.gold / beta).sum()
        assert objective(best) == pytest.approx(beta * math.log(sum_))
        for _ in range(20):
            other = best + draw.normal(size=len(best)) * 0.3
            other -= np.log(np.exp(other).sum())
            assert objective(other) < objective(best)


def test_the_divergence_from_oneself_is_zero_and_from_others_positive(reference, world):
    assert divergence(reference, reference) == 0
    assert divergence(log_uniform(world), reference) > 0


@pytest.mark.parametrize("count", [1, 2, 5])
def test_best_of_n_is_what_drawing_n_gives(world, reference, count):
    draw = np.random.default_rng(2)
    proxy = np.round(world.gold + draw.normal(size=256) * 0.3, 1)  # with ties
    exact = best_of_n(reference, proxy, world.gold, count)
    drawn = draw.choice(256, size=(200_000, count), p=np.exp(reference))
    shaken = proxy[drawn] + draw.random(drawn.shape) * 1e-6  # of equal ones any
    best = drawn[np.arange(len(drawn)), shaken.argmax(1)]
    assert exact.gold == pytest.approx(world.gold[best].mean(), abs=0.01)
    assert exact.proxy == pytest.approx(proxy[best].mean(), abs=0.01)
    counts = np.bincount(best, minlength=256) / len(best)
    seen = counts > 0
    sampled = (counts[seen] * (np.log(counts[seen]) - reference[seen])).sum()
    assert exact.kl == pytest.approx(sampled, abs=0.02)


def test_without_ties_best_of_n_costs_what_the_formula_says(world):
    proxy = np.random.default_rng(3).normal(size=4**4)
    fine = EnumerableWorld(symbols=8, length=6)
    smooth = np.random.default_rng(3).normal(size=8**6)
    kl = best_of_n(log_uniform(fine), smooth, fine.gold, 16).kl
    assert kl == pytest.approx(math.log(16) - 15 / 16, abs=1e-3)
    assert best_of_n(log_uniform(world), proxy, world.gold, 16).kl < math.log(16) - 15 / 16


@pytest.mark.parametrize("sizes", [(3, 4), (8, 2), (20, 6)])
def test_a_world_that_cannot_be_listed_is_refused(sizes):
    with pytest.raises(ReplicationError, match="cannot be listed"):
        EnumerableWorld(*sizes)


def test_no_optimum_without_a_divergence_and_no_best_of_none(world, reference):
    with pytest.raises(ReplicationError, match="above 0"):
        optimal_policy(reference, world.gold, 0.0)
    with pytest.raises(ReplicationError, match="1 or more"):
        best_of_n(reference, world.gold, world.gold, 0)
