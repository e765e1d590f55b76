"""Losses of preference learning and PPO. Units: nats, but for the value loss (reward squared)."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional


def masked_mean(values: Float[Tensor, "*shape"], mask: Bool[Tensor, "*shape"]) -> Float[Tensor, ""]:
    """The mean where the mask is True."""
    return (values * mask).sum() / mask.sum()


def whitened(
    values: Float[Tensor, "*shape"], mask: Bool[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """Values scaled to mean 0 and standard deviation 1 where the mask is True.

    Source: Ziegler et al. 2019, their code (lm-human-preferences), `whiten`; the variance is the
    unbiased one, as in TRL's `masked_whiten`.
    """
    mean = masked_mean(values, mask)
    count = mask.sum()
    # A single value has no variance: it becomes 0.
    variance = masked_mean((values - mean) ** 2, mask) * count / (count - 1).clamp(min=1)
    return (values - mean) * torch.rsqrt(variance + 1e-8)


def pairwise_loss(
    chosen: Float[Tensor, " pair"],
    rejected: Float[Tensor, " pair"],
    margin: float = 0.0,
) -> Float[Tensor, " pair"]:
    """-log sigmoid(chosen - rejected - margin) of each pair: Bradley and Terry 1952.

    Source: Ouyang et al. 2022, equation 1; the margin is that of Touvron et al. 2023, equation 2.
    """
    return -functional.logsigmoid(chosen - rejected - margin)


def soft_pairwise_loss(
    first: Float[Tensor, "*pairs"],
    second: Float[Tensor, "*pairs"],
    preference: Float[Tensor, "*pairs"],
) -> Float[Tensor, "*pairs"]:
    """The cross-entropy of a soft label: with the probability `preference` the first is better.

    At 1 it is `pairwise_loss`. Source: Bai et al. 2022 (Constitutional AI), section 4.1.
    """
    return functional.binary_cross_entropy_with_logits(first - second, preference, reduction="none")


def all_pairs_loss(
    rewards: Float[Tensor, "prompt answer"],
    first: Float[Tensor, "prompt pair"],
    mask: Bool[Tensor, "prompt pair"],
) -> Float[Tensor, ""]:
    """The loss of all pairs of a prompt's K answers, 1 / (K choose 2) each, averaged over prompts.

    Pairs are in the order of `torch.triu_indices`; `first` is the label's probability that the
    earlier answer is preferred, and `mask` leaves out ties; where all are ties the loss is 0. Each
    answer takes one forward pass, whatever the number of its pairs. Source: Ouyang et al. 2022,
    equation 1 and section 3.5. Departure where there are ties: a prompt's loss is the mean of the
    pairs that are none, and the mean over prompts leaves out those with ties alone.
    """
    one, other = pairs_of(rewards)
    losses = soft_pairwise_loss(one, other, first)
    compared = mask.sum(1)
    of_prompts = (losses * mask).sum(1) / compared.clamp(min=1)
    return of_prompts.sum() / (compared > 0).sum().clamp(min=1)


def pairs_of(
    values: Float[Tensor, "prompt answer"],
) -> tuple[Float[Tensor, "prompt pair"], Float[Tensor, "prompt pair"]]:
    """The values of the earlier and of the later answer of each pair."""
    answers = values.shape[1]
    one, other = torch.triu_indices(answers, answers, 1, device=values.device)
    return values[:, one], values[:, other]


def policy_loss(
    log_probabilities: Float[Tensor, "answer time"],
    old_log_probabilities: Float[Tensor, "answer time"],
    advantages: Float[Tensor, "answer time"],
    mask: Bool[Tensor, "answer time"],
    *,
    clip_range: float,
) -> Float[Tensor, ""]:
    """The clipped surrogate objective as a loss. Source: Schulman et al. 2017, equation 7."""
    ratio = torch.exp(log_probabilities - old_log_probabilities)
    clipped = ratio.clamp(1 - clip_range, 1 + clip_range)
    return masked_mean(torch.maximum(-advantages * ratio, -advantages * clipped), mask)


def value_loss(
    values: Float[Tensor, "answer time"],
    old_values: Float[Tensor, "answer time"],
    returns: Float[Tensor, "answer time"],
    mask: Bool[Tensor, "answer time"],
    *,
    clip_range: float,
) -> Float[Tensor, ""]:
    """Half the squared error, clipped: a change beyond `clip_range` does not lower it further.

    Source: the code beside Schulman et al. 2017 (openai/baselines, ppo2) and Ziegler et al. 2019.
    """
    clipped = torch.clamp(values, old_values - clip_range, old_values + clip_range)
    errors = torch.maximum((values - returns) ** 2, (clipped - returns) ** 2)
    return 0.5 * masked_mean(errors, mask)
