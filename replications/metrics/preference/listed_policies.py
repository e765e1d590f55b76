"""A policy over an enumerable set of answers: its exact reward and KL, beside the optimum's."""

from typing import Any

import numpy as np
import torch
from jaxtyping import Float64

from replications.corpora.world.instructions.enumerable import (
    EnumerableWorld,
    divergence,
    expected,
    optimal_policy,
)
from replications.decoding.inference import device_of, inference

_BATCH = 8_192


def log_policy(model: Any, world: EnumerableWorld) -> Float64[np.ndarray, " answer"]:
    """The log probability of each answer, in the order of the world's."""
    # Answers that differ in the last symbol alone have the same input.
    ids = torch.from_numpy(world.answers[:: world.symbols]).to(device_of(model))
    found = []
    with inference(model):
        for part in ids.split(_BATCH):
            read = torch.cat([torch.zeros_like(part[:, :1]), part[:, :-1]], 1)
            logs = model(read).double().log_softmax(-1)
            before = logs[:, :-1].gather(-1, part[:, :-1, None])[..., 0].sum(1)
            found.append((before[:, None] + logs[:, -1]).flatten().cpu())
    return torch.cat(found).numpy()


def listed_policy_metrics(model: Any, data: Any, *, beta: float) -> dict[str, float]:
    """The policy's exact gold reward and KL, those of the optimum at `beta`, and the KL to it.

    `kl_to_optimum` is KL(policy || optimum); times beta it is what the objective still lacks.
    """
    world = data.world
    policy, reference = log_policy(model.model, world), log_policy(model.reference, world)
    best = optimal_policy(reference, world.gold, beta)
    gold, optimum = expected(policy, world.gold), expected(best, world.gold)
    return {
        "gold": gold,
        "kl": divergence(policy, reference),
        "optimal_gold": optimum,
        "optimal_kl": divergence(best, reference),
        "reference_gold": expected(reference, world.gold),
        "percent_of_optimum": 100 * gold / optimum,
        "kl_to_optimum": divergence(policy, best),
    }
