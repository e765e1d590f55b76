"""lDDT: the fraction of a residue's distances that are preserved."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

RADIUS = 15.0
TOLERANCES = (0.5, 1.0, 2.0, 4.0)
"""Angstrom."""


def local_distance_difference(
    predicted: Float[Tensor, "batch residue residue"],
    true: Float[Tensor, "batch residue residue"],
    counted: Bool[Tensor, "batch residue residue"] | None = None,
) -> Float[Tensor, "batch residue"]:
    """lDDT of each residue, from 0 to 1, on the distances of one atom each, in angstrom.

    Source: Mariani et al. 2013: of the true distances below 15 Å, the fraction predicted within
    0.5, 1, 2 and 4 Å, averaged over the four. It needs no superposition. `counted` are the pairs
    that count, by default all. A residue without any has 1.
    """
    length = true.shape[-1]
    near = (true < RADIUS) & ~torch.eye(length, dtype=torch.bool, device=true.device)
    if counted is not None:
        near = near & counted
    error = (predicted - true).abs()
    kept = torch.stack([error < tolerance for tolerance in TOLERANCES]).float().mean(0)
    number = near.sum(-1)
    return torch.where(number > 0, (kept * near).sum(-1) / number.clamp(min=1), 1.0)
