"""Optimisers for use in recipes: called with the parameters and a learning rate."""

from collections.abc import Iterable

import torch
from torch import nn


def adamw(
    parameters: Iterable[nn.Parameter],
    *,
    lr: float,
    weight_decay: float = 0.01,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
) -> torch.optim.AdamW:
    """AdamW: decoupled weight decay, on matrices alone.

    Source: Loshchilov and Hutter 2019, algorithm 2; Radford et al. 2018, section 4.1, for excluding
    biases and the gains of norms: all parameters with fewer than two axes.
    """
    parameters = list(parameters)
    groups = [
        {"params": [p for p in parameters if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0},
    ]
    # All steps of the update in one pass over the weights, where torch has a kernel for that.
    fused = True if all(p.device.type in ("cpu", "cuda") for p in parameters) else None
    return torch.optim.AdamW(groups, lr=lr, betas=betas, eps=eps, fused=fused)
