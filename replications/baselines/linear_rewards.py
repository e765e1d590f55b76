"""Linear reward models in the enumerable synthetic world, and their over-optimisation.

A learner for recipes: nothing is sampled but the comparisons, all else is summed exactly.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float64, Int64

from replications.baselines.at_once import Stopwatch, trained_at_once
from replications.corpora.world.instructions.enumerable import (
    EnumerableWorld,
    best_of_n,
    divergence,
    expected,
    log_uniform,
    optimal_policy,
)
from replications.recipes import TrainedModel, Workspace

COUNTS = tuple(2**power for power in range(13))
BETAS = (2.0, 1.0, 0.5, 0.3, 0.2, 0.14, 0.1, 0.07, 0.05)
# A proxy: its features, and how many comparisons it is fitted on. Counts alone miss the position of
# a symbol and that too many "please" lower the reward, so that the gold reward turns over.
PROXIES = {"counts": ("counts", 16_000), "few": ("features", 1_000), "many": ("features", 16_000)}


class LinearRewards:
    """Rewards of all answers by each fitted proxy, in units of the gold reward's std."""

    def __init__(self, world: EnumerableWorld) -> None:
        self.world, self.reference = world, log_uniform(world)
        self.proxies: dict[str, Float64[np.ndarray, " answer"]] = {}


def fit_linear(
    first: Float64[np.ndarray, "pair feature"],
    second: Float64[np.ndarray, "pair feature"],
    preferred: Int64[np.ndarray, " pair"],
    *,
    strength: float = 1.0,
) -> Float64[np.ndarray, " feature"]:
    """The weights of a linear reward by the Bradley-Terry model, with a Gaussian prior.

    `preferred` is 1 where the first is. It is a logistic regression on differences of features.
    """
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=strength, fit_intercept=False, max_iter=2_000)
    return fitted.fit(first - second, preferred).coef_[0]


def drawn_comparisons(
    world: EnumerableWorld, seed: int, pairs: int, *, scale: float = 2.0
) -> tuple[Int64[np.ndarray, "pair two"], Int64[np.ndarray, " pair"]]:
    """Pairs of answers of the uniform reference, and which is preferred (1: the first)."""
    draw = np.random.default_rng((seed, 7))
    answers = draw.integers(len(world.answers), size=(pairs, 2))
    gap = scale * (world.gold[answers[:, 0]] - world.gold[answers[:, 1]])
    return answers, (draw.random(pairs) < 1 / (1 + np.exp(-gap))).astype(int)


def linear_rewards(
    data: Any, metrics: Sequence[Any], workspace: Workspace, *, scale: float = 2.0
) -> TrainedModel:
    """Fits all proxies on one draw of comparisons each."""
    stopwatch, fitted = Stopwatch.started(), 0
    model = LinearRewards(data.world)
    features = {"counts": data.world.counts(), "features": data.world.features()}
    for name, (kind, pairs) in PROXIES.items():
        answers, preferred = drawn_comparisons(data.world, workspace.seed, pairs, scale=scale)
        seen = features[kind]
        weights = fit_linear(seen[answers[:, 0]], seen[answers[:, 1]], preferred)
        model.proxies[name] = seen @ weights / scale
        fitted += weights.size
    sizes = {"embedding": 0, "other": fitted}
    return trained_at_once(model, data, stopwatch, parameters=sizes, flops=0.0, tokens=0)


def pushed_rewards(model: LinearRewards, data: Any) -> dict[str, float]:
    """Gao's curves, exactly: gold, proxy and KL under best-of-n and under the tilted reference.

    The tilted reference is the policy that maximises proxy - beta KL. For each proxy:
    the peak of gold along best-of-n (as log2 n), the fitted alpha, beta and r squared, and for
    each point KL and gold.
    """
    from replications.metrics.preference.best_of_n import fit_best_of_n, fit_policy

    gold, reference = model.world.gold, model.reference
    base, found = expected(reference, gold), {}
    for name, proxy in model.proxies.items():
        best = {n: best_of_n(reference, proxy, gold, n) for n in COUNTS}
        tilted = {beta: optimal_policy(reference, proxy, beta) for beta in BETAS}
        found |= {f"{name}:best_kl:{n}": each.kl for n, each in best.items()}
        found |= {f"{name}:best_gold:{n}": each.gold for n, each in best.items()}
        found |= {f"{name}:best_proxy:{n}": each.proxy for n, each in best.items()}
        kls = [divergence(policy, reference) for policy in tilted.values()]
        golds = [expected(policy, gold) for policy in tilted.values()]
        found |= {f"{name}:policy_kl:{b:g}": kl for b, kl in zip(BETAS, kls, strict=True)}
        found |= {f"{name}:policy_gold:{b:g}": g for b, g in zip(BETAS, golds, strict=True)}
        peak = max(best, key=lambda n: best[n].gold)
        fitted = fit_best_of_n(
            [each.kl**0.5 for each in best.values()], [each.gold - base for each in best.values()]
        )
        pushed = fit_policy([kl**0.5 for kl in kls], [each - base for each in golds])
        found |= {
            f"{name}:peak": float(np.log2(peak)),
            f"{name}:loss": best[peak].gold - best[COUNTS[-1]].gold,
            **dict(
                zip((f"{name}:{w}" for w in ("alpha", "beta", "r_squared")), fitted, strict=True)
            ),
            f"{name}:policy_r_squared": pushed[2],
        }
    return found
