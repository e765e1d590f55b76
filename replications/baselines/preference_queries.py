"""Active queries of comparisons: at random, by the reward's uncertainty, or by Thompson sampling.

An ensemble of linear rewards in the enumerable synthetic world; equal numbers of questions.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float64, Int64

from replications.baselines.at_once import Stopwatch, trained_at_once
from replications.baselines.linear_rewards import fit_linear
from replications.corpora.world.instructions.enumerable import EnumerableWorld
from replications.recipes import TrainedModel, Workspace

STRATEGIES = ("random", "uncertain", "thompson")


class QueriedFeedback:
    """The mean reward of each strategy's ensemble over all answers, after each round."""

    def __init__(self, world: EnumerableWorld) -> None:
        self.world = world
        self.rewards: dict[str, list[Float64[np.ndarray, " answer"]]] = {}


def query_feedback(
    data: Any,
    metrics: Sequence[Any],
    workspace: Workspace,
    *,
    rounds: int = 10,
    questions: int = 25,
    members: int = 8,
    candidates: int = 100,
    scale: float = 2.0,
) -> TrainedModel:
    """Asks `questions` comparisons a round, each of two of `candidates` drawn answers.

    Source: Dwaracherla et al. 2024, section 4 (Efficient Exploration for LLMs), whose epistemic
    network is an ensemble here, each member fitted on its own resampling of the answers so far.

    - random: two of the candidates;
    - uncertain: the two whose preference the members disagree on most (the variance of its
      probability);
    - thompson: the best by one member drawn at random, against the best of another (double
      Thompson sampling).
    """
    stopwatch, fitted = Stopwatch.started(), 0
    world = data.world
    model, features = QueriedFeedback(world), world.features()
    for number, strategy in enumerate(STRATEGIES):
        draw = np.random.default_rng((workspace.seed, number))
        pairs = np.empty((0, 2), dtype=int)
        labels = np.empty(0, dtype=int)
        weights = draw.normal(size=(members, features.shape[1])) * 0.1
        model.rewards[strategy] = []
        for _ in range(rounds):
            asked = np.array(
                [
                    _question(
                        strategy,
                        draw,
                        features,
                        weights,
                        draw.integers(len(features), size=candidates),
                    )
                    for _ in range(questions)
                ]
            )
            gap = scale * (world.gold[asked[:, 0]] - world.gold[asked[:, 1]])
            told = (draw.random(questions) < 1 / (1 + np.exp(-gap))).astype(int)
            pairs, labels = np.concatenate([pairs, asked]), np.concatenate([labels, told])
            weights = np.stack([_resampled(draw, features, pairs, labels) for _ in range(members)])
            model.rewards[strategy].append(features @ weights.mean(0))
        fitted += weights.size
    sizes = {"embedding": 0, "other": fitted}
    return trained_at_once(model, data, stopwatch, parameters=sizes, flops=0.0, tokens=0)


def feedback_metrics(
    model: QueriedFeedback, data: Any, *, count: int = 64, questions: int = 25
) -> dict[str, float]:
    """The gold reward of the best of `count` answers by each strategy's reward, by questions asked.

    `gold:<strategy>` is that after the last round, `gold:<strategy>:<questions>` after each.
    """
    from replications.corpora.world.instructions.enumerable import best_of_n, log_uniform

    reference, found = log_uniform(model.world), {}
    for strategy, rewards in model.rewards.items():
        for number, proxy in enumerate(rewards):
            best = best_of_n(reference, proxy, model.world.gold, count).gold
            found[f"gold:{strategy}:{(number + 1) * questions}"] = best
        found[f"gold:{strategy}"] = best
    return found


def _question(
    strategy: str,
    draw: np.random.Generator,
    features: Float64[np.ndarray, "answer feature"],
    weights: Float64[np.ndarray, "member feature"],
    candidates: Int64[np.ndarray, " candidate"],
) -> tuple[int, int]:
    if strategy == "random":
        return int(candidates[0]), int(candidates[1])
    rewards = weights @ features[candidates].T
    if strategy == "thompson":
        one, other = draw.permutation(len(weights))[:2]
        first = int(rewards[one].argmax())
        order = rewards[other].argsort()
        second = int(order[-1] if order[-1] != first else order[-2])
        return int(candidates[first]), int(candidates[second])
    half = len(candidates) // 2
    gaps = rewards[:, :half] - rewards[:, half : 2 * half]
    # Of random pairs of candidates the one that the members disagree on most.
    best = int((1 / (1 + np.exp(-gaps))).var(0).argmax())
    return int(candidates[best]), int(candidates[half + best])


def _resampled(
    draw: np.random.Generator,
    features: Float64[np.ndarray, "answer feature"],
    pairs: Int64[np.ndarray, "pair two"],
    labels: Int64[np.ndarray, " pair"],
) -> Float64[np.ndarray, " feature"]:
    rows = draw.integers(len(pairs), size=len(pairs))
    if len(set(labels[rows])) < 2:
        rows = np.arange(len(pairs))
    first, second = features[pairs[rows, 0]], features[pairs[rows, 1]]
    return fit_linear(first, second, labels[rows])
