"""Checkpoint averaging."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from replications.errors import ReplicationError


def average_weights(states: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of each weight over the checkpoints, taken in single precision.

    Source: Vaswani et al. 2017, section 6.1. A weight keeps its type; integers, which are counts,
    are those of the last checkpoint.
    Raises ReplicationError without checkpoints, and for a checkpoint of another model: one whose
    weights have other names or shapes.
    """
    if not states:
        raise ReplicationError("There are no checkpoints to average: give at least one.")
    first = states[0]
    for number, state in enumerate(states[1:], start=2):
        if differing := [
            name for name in (*first, *state) if _shape(first, name) != _shape(state, name)
        ]:
            name = differing[0]
            raise ReplicationError(
                f"Checkpoint {number} is a checkpoint of another model than the first: {name!r} "
                f"is {_told(state, name)} there, and {_told(first, name)} in the first. "
                "Average checkpoints of one run."
            )
    return {name: _mean([state[name] for state in states]) for name in first}


def _mean(weights: list[Tensor]) -> Tensor:
    last = weights[-1].detach()
    if not last.is_floating_point():
        return last.clone()
    total = torch.zeros_like(last, dtype=torch.float32)
    for weight in weights:
        total += weight.detach().to(total)
    return (total / len(weights)).to(last.dtype)


def _shape(state: Mapping[str, Tensor], name: str) -> torch.Size | None:
    return state[name].shape if name in state else None


def _told(state: Mapping[str, Tensor], name: str) -> str:
    return f"of shape {tuple(state[name].shape)}" if name in state else "missing"
