"""Rewards per token, and generalised advantage estimation."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor


def shaped_rewards(
    scores: Float[Tensor, " answer"],
    divergence: Float[Tensor, "answer time"],
    mask: Bool[Tensor, "answer time"],
    *,
    coefficient: float,
) -> Float[Tensor, "answer time"]:
    """-coefficient x divergence at each token of the answer, and the score at its last one.

    Source: Ouyang et al. 2022, equation 2; token by token as in Ziegler et al. 2019, section 2.2.
    """
    rewards = -coefficient * divergence * mask
    last: Int[Tensor, " answer"] = mask.sum(1) - 1
    return rewards.scatter_add(1, last[:, None], scores[:, None])


def generalised_advantages(
    rewards: Float[Tensor, "answer time"],
    values: Float[Tensor, "answer time"],
    mask: Bool[Tensor, "answer time"],
    *,
    discount: float = 1.0,
    decay: float = 0.95,
) -> tuple[Float[Tensor, "answer time"], Float[Tensor, "answer time"]]:
    """Advantages and returns by generalised advantage estimation; `decay` is its lambda.

    Source: Schulman et al. 2016, equation 16. Values after an answer's end count as 0.
    """
    values, rewards = values * mask, rewards * mask
    after, advantages = torch.zeros_like(values[:, 0]), []
    for time in reversed(range(values.shape[1])):
        following = values[:, time + 1] if time + 1 < values.shape[1] else 0.0
        surprise = rewards[:, time] + discount * following - values[:, time]
        after = surprise + discount * decay * after
        advantages.append(after)
    found = torch.stack(advantages[::-1], 1) * mask
    return found, found + values
