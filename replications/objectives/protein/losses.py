"""Losses on distances, frames and confidence."""

import torch
from jaxtyping import Float, Int64
from torch import Tensor
from torch.nn import functional

from replications.layers.geometry.frames import Frames
from replications.models.protein.structure_module import CONFIDENCE_BINS


def distogram_loss(
    logits: Float[Tensor, "batch residue residue bin"],
    low: Int64[Tensor, "batch residue residue"],
    high: Int64[Tensor, "batch residue residue"],
) -> Float[Tensor, ""]:
    """The mean over pairs of -ln P(the bins from low to high), in nats per pair.

    Where a distance is known the two are equal, and it is the paper's cross-entropy (Jumper et al.
    2021, supplement, equation 41). Where only a contact is known, its bins count together; where
    nothing is, all do, and the pair adds nothing to the loss.
    """
    bins = torch.arange(logits.shape[-1], device=logits.device)
    allowed = (bins >= low[..., None]) & (bins <= high[..., None])
    log_probabilities = logits.log_softmax(-1).masked_fill(~allowed, -torch.inf)
    loss = -log_probabilities.logsumexp(-1)
    known = ~allowed.all(-1)
    return (loss * known).sum() / known.sum().clamp(min=1)


def frame_aligned_point_error(
    predicted: Frames, true: Frames, *, clamp: float | None = 10.0, scale: float = 10.0
) -> Float[Tensor, ""]:
    """FAPE of the backbone: the error of each alpha carbon in the frame of each residue.

    Source: Jumper et al. 2021, supplement, algorithm 28, with its ε of 1e-4 Å². `clamp` in
    angstrom, None for none; divided by `scale`, 10 Å. It is sensitive to chirality: a mirror image
    has other frames.
    """
    seen, truly = (
        frames.invert_apply(frames.translation[..., None, :, :].expand(_all_pairs(frames)))
        for frames in (predicted, true)
    )
    error = torch.sqrt((seen - truly).square().sum(-1) + 1e-4)
    if clamp is not None:
        error = error.clamp(max=clamp)
    return error.mean() / scale


def distance_error(
    predicted: Frames, true: Frames, *, clamp: float | None = 10.0, scale: float = 10.0
) -> Float[Tensor, ""]:
    """The error of the distances of alpha carbons, with FAPE's clamp and scale.

    The ablation: reflections preserve distances, so that it is insensitive to chirality.
    """
    found, truly = (point_distances(frames.translation) for frames in (predicted, true))
    error = torch.sqrt((found - truly).square() + 1e-4)
    if clamp is not None:
        error = error.clamp(max=clamp)
    return error.mean() / scale


def confidence_loss(
    logits: Float[Tensor, "batch residue bin"], lddt: Float[Tensor, "batch residue"]
) -> Float[Tensor, ""]:
    """Cross-entropy with the prediction's lDDT, from 0 to 1. Source: supplement, algorithm 29."""
    bins = (lddt * CONFIDENCE_BINS).long().clamp(0, CONFIDENCE_BINS - 1)
    return functional.cross_entropy(logits.flatten(0, 1), bins.flatten())


def _all_pairs(frames: Frames) -> tuple[int, ...]:
    *batch, residues, _ = frames.translation.shape
    return (*batch, residues, residues, 3)


def point_distances(
    points: Float[Tensor, "batch residue 3"],
) -> Float[Tensor, "batch residue residue"]:
    between = points[:, :, None] - points[:, None]
    return torch.sqrt(between.square().sum(-1) + 1e-8)
