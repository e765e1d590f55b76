"""Best-of-n: the gold reward of the answer of n with the highest reward by a reward model.

Estimated without bias from one pool of answers per prompt, for all n at once.
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float64

from replications.corpora.batches.conversations.prompted import PromptBatch, Requests
from replications.decoding.answers import sample_answers
from replications.decoding.inference import device_of, inference
from replications.errors import ReplicationError
from replications.objectives.preference.comparisons import policy_of
from replications.objectives.preference.rewards import Judge, LearnedReward, judged

_SEED = 2210


class Pool(NamedTuple):
    """Rewards of many answers to each prompt: of the reward model, and of the gold judge."""

    proxy: Float64[np.ndarray, "prompt answer"]
    gold: Float64[np.ndarray, "prompt answer"]


def expected_best(
    proxy: Float64[np.ndarray, "prompt answer"],
    values: Float64[np.ndarray, "prompt answer"],
    count: int,
) -> Float64[np.ndarray, " prompt"]:
    """The mean value of the best by `proxy` of `count` answers, over all subsets of the pool.

    Source: Nakano et al. 2021, appendix I (the unbiased estimator): the answer of rank i, from 1,
    is the best of C(i - 1, count - 1) of the C(N, count) subsets. Ties are averaged.
    Raises ReplicationError for more answers than the pool has.
    """
    size = proxy.shape[1]
    if not 1 <= count <= size:
        raise ReplicationError(f"The best of {count} of {size} answers: give 1 to {size}.")
    subsets = _log_choose(size, count)
    logs = [_log_choose(rank, count - 1) - subsets for rank in range(size)]
    weights = np.exp(logs)
    found = np.empty(len(proxy))
    for row, (likes, worth) in enumerate(zip(proxy, values, strict=True)):
        order = np.argsort(likes, kind="stable")
        likes, worth = likes[order], worth[order].astype(float)
        # Answers of equal proxy reward are each the best equally often.
        starts = np.flatnonzero(np.append(True, np.diff(likes) > 0))
        sizes = np.diff(np.append(starts, size))
        means = np.add.reduceat(worth, starts) / sizes
        found[row] = np.add.reduceat(weights, starts) @ means
    return found


def kl_of_best(count: int) -> float:
    """log n - (n - 1) / n nats: KL of best-of-n from what it draws from.

    Source: Stiennon et al. 2020, appendix G.3. An upper bound where answers may be equal (Beirami
    et al. 2024).
    """
    return math.log(count) - (count - 1) / count


def draw_pool(model: Any, data: Any, judge: Judge, *, prompts: int, answers: int) -> Pool:
    """Sampled answers of the policy to the first test prompts, with both rewards."""
    policy = policy_of(model)
    device = device_of(policy)
    draw = torch.Generator(device=device).manual_seed(_SEED)
    vocabulary, rows = data.vocabulary, []
    learned = LearnedReward(vocabulary, model)
    for prompt in data.prompts.test[:prompts]:
        one = data.prompt_batch([prompt])
        batch = PromptBatch(
            one.ids.repeat_interleave(answers, 0).to(device), Requests([prompt.request] * answers)
        )
        drawn = sample_answers(
            policy,
            batch.ids,
            tokens=data.answer_length,
            end=vocabulary.end,
            padding=vocabulary.end_of_text,
            generator=draw,
        )
        with inference(model):
            proxy = learned(batch, drawn)
        rows.append((proxy.tolist(), judged(judge, vocabulary, batch, drawn).tolist()))
    proxies, golds = zip(*rows, strict=True)
    return Pool(np.array(proxies), np.array(golds))


def best_of_n_metrics(
    model: Any,
    data: Any,
    *,
    judge: Judge,
    counts: Sequence[int],
    prompts: int = 64,
    answers: int = 512,
) -> dict[str, float]:
    """Gold and proxy reward of best-of-n for each n, and the fit of the gold gain.

    `best_of:gold_peak` is the n of the highest gold reward, as log2; `best_of:gold_loss` what the
    largest n has lost against it.
    """
    pool = draw_pool(model, data, judge, prompts=prompts, answers=answers)
    gold = {n: float(expected_best(pool.proxy, pool.gold, n).mean()) for n in counts}
    proxy = {n: float(expected_best(pool.proxy, pool.proxy, n).mean()) for n in counts}
    base = float(pool.gold.mean())
    distances = [kl_of_best(n) ** 0.5 for n in counts]
    alpha, beta, r_squared = fit_best_of_n(distances, [gold[n] - base for n in counts])
    peak = max(gold, key=gold.get)
    return {
        **{f"best_of:gold:{n}": value for n, value in gold.items()},
        **{f"best_of:proxy:{n}": value for n, value in proxy.items()},
        "best_of:gold_peak": math.log2(peak),
        "best_of:gold_gain": gold[peak] - base,
        "best_of:gold_loss": gold[peak] - gold[counts[-1]],
        "best_of:alpha": alpha,
        "best_of:beta": beta,
        "best_of:r_squared": r_squared,
    }


def fit_best_of_n(distances: Sequence[float], gains: Sequence[float]) -> tuple[float, float, float]:
    """alpha, beta and r squared of gain = d (alpha - beta d), d the root of KL, by least squares.

    Source: Gao et al. 2022, equation 1 (best-of-n).
    """
    return _fit(np.asarray(distances), lambda d: d**2, gains)


def fit_policy(distances: Sequence[float], gains: Sequence[float]) -> tuple[float, float, float]:
    """The same of gain = d (alpha - beta log d). Source: Gao et al. 2022, equation 1 (RL)."""
    return _fit(np.asarray(distances), lambda d: d * np.log(np.maximum(d, 1e-12)), gains)


def _fit(d: Float64[np.ndarray, " point"], curve: Any, gains: Sequence[float]) -> tuple:
    y = np.asarray(gains)
    (alpha, beta), *_ = np.linalg.lstsq(np.stack([d, -curve(d)], 1), y, rcond=None)
    left = y - d * alpha + curve(d) * beta
    spread = ((y - y.mean()) ** 2).sum()
    return float(alpha), float(beta), float(1 - (left**2).sum() / spread) if spread else 0.0


def _log_choose(many: int, few: int) -> float:
    if few > many:
        return -math.inf
    return math.lgamma(many + 1) - math.lgamma(few + 1) - math.lgamma(many - few + 1)
