"""Estimators of a policy's KL from its reference, in nats, and the control of its coefficient."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

Estimator = Callable[[Float[Tensor, "*shape"]], Float[Tensor, "*shape"]]
"""Called with log policy - log reference of sampled tokens; the mean of its values estimates KL."""


def k1(log_ratio: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """The log ratio itself: unbiased, and sometimes negative. Source: Schulman 2020."""
    return log_ratio


def k2(log_ratio: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """Half the squared log ratio: biased, never negative. Source: Schulman 2020."""
    return log_ratio**2 / 2


def k3(log_ratio: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """exp(-log ratio) - 1 + log ratio: unbiased and never negative. Source: Schulman 2020."""
    return torch.expm1(-log_ratio) + log_ratio


Controller = Callable[[float, float, int], float]
"""Called with the coefficient, the divergence measured and the answers since; gives a new one."""


def fixed(coefficient: float, divergence: float, answers: int) -> float:
    """A constant coefficient. Source: Ouyang et al. 2022, appendix C.4 (0.02)."""
    return coefficient
