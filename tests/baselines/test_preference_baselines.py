"""Linear rewards in the world that can be listed: planted weights come back, pushed ones turn."""

import time
from functools import partial

import numpy as np
import pytest

from replications.baselines.linear_rewards import drawn_comparisons, fit_linear, linear_rewards
from replications.baselines.preference_queries import (
    STRATEGIES,
    feedback_metrics,
    query_feedback,
)
from replications.corpora.batches.conversations.listed import EmptyPrompts
from replications.corpora.world.instructions.enumerable import EnumerableWorld
from replications.recipes import Workspace


def test_planted_weights_are_recovered():
    draw = np.random.default_rng(0)
    weights = np.array([1.0, -2.0, 0.5])
    first, second = draw.normal(size=(2, 20_000, 3))
    likely = 1 / (1 + np.exp(-(first - second) @ weights))
    preferred = (draw.random(20_000) < likely).astype(int)
    assert fit_linear(first, second, preferred) == pytest.approx(weights, abs=0.1)


def test_labels_are_drawn_by_bradley_and_terrys_model():
    world = EnumerableWorld(4, 4)
    answers, preferred = drawn_comparisons(world, 0, 40_000)
    gap = world.gold[answers[:, 0]] - world.gold[answers[:, 1]]
    for low in (-1.0, 0.0, 1.0):
        near = np.abs(gap - low) < 0.05
        assert preferred[near].mean() == pytest.approx(1 / (1 + np.exp(-2 * low)), abs=0.03)


def test_every_strategy_asks_as_many_questions_and_learns_from_them():
    data = EmptyPrompts(0, symbols=4, length=4)
    learned = query_feedback(
        data, (), Workspace(0), rounds=3, questions=10, members=3, candidates=20
    )
    found = feedback_metrics(learned.model, data, count=8, questions=10)
    assert {len(learned.model.rewards[name]) for name in STRATEGIES} == {3}
    for name in STRATEGIES:
        assert found[f"gold:{name}"] == found[f"gold:{name}:30"] > data.world.gold.mean()
    again = query_feedback(data, (), Workspace(0), rounds=3, questions=10, members=3, candidates=20)
    assert feedback_metrics(again.model, data, count=8, questions=10) == found


@pytest.mark.parametrize(
    ("learner", "fitted"),
    [
        # Counts of four symbols, and twice all features.
        (linear_rewards, lambda features: 4 + 2 * features),
        (
            partial(query_feedback, rounds=1, questions=4, members=3, candidates=8),
            lambda features: len(STRATEGIES) * 3 * features,
        ),
    ],
)
def test_a_result_says_what_was_fitted_and_has_no_loss(learner, fitted):
    data = EmptyPrompts(0, symbols=4, length=4)
    learned = learner(data, (), Workspace(0))
    features = data.world.features().shape[1]
    assert learned.parameters == {"embedding": 0, "other": fitted(features)}
    (point,) = learned.trajectory
    assert "loss" not in point and point["tokens"] == 0


def test_time_of_the_processor_is_not_that_of_the_wall(monkeypatch):
    monkeypatch.setattr(time, "process_time", lambda: 5.0)
    learned = linear_rewards(EmptyPrompts(0, symbols=4, length=4), (), Workspace(0))
    assert learned.trajectory[-1]["processor_seconds"] == 0 < learned.seconds
