"""Estimators of a policy's KL from its reference, in nats.

Each is called with log policy - log reference of sampled tokens; the mean of its values estimates
KL.
"""

import torch
from jaxtyping import Float
from torch import Tensor


def k1(log_ratio: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """The log ratio itself: unbiased, and sometimes negative. Source: Schulman 2020."""
    return log_ratio


def k2(log_ratio: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """Half the squared log ratio: biased, never negative. Source: Schulman 2020."""
    return log_ratio**2 / 2


def k3(log_ratio: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """exp(-log ratio) - 1 + log ratio: unbiased and never negative. Source: Schulman 2020."""
    return torch.expm1(-log_ratio) + log_ratio
