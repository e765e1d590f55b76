"""The change of outputs when all frames are rotated and translated, which should be zero."""

import copy
from typing import Any

import lightning
import torch

from replications.layers.geometry.frames import Frames, frames_from_points
from replications.models.protein.structure_module import ANGSTROM_PER_NANOMETRE
from replications.objectives.protein.losses import frame_aligned_point_error


@torch.no_grad()
def frame_invariance(model: Any, data: lightning.LightningDataModule) -> dict[str, float]:
    """The largest relative change of IPA's output, and of FAPE, in single precision.

    The frames of the first test chain are rotated at random and translated by ten angstrom. IPA's
    weights are the trained ones; single and pair representation are random.
    """
    _, batch = next(iter(data.test_batches()))
    # A copy: the model stays on its device, and in its mode.
    attention = copy.deepcopy(model.model.structure.attention).eval().cpu()
    generator = torch.Generator().manual_seed(0)
    length = batch.residues.shape[1]
    single = torch.randn(1, length, attention.projections.in_features, generator=generator)
    pair = torch.randn(1, length, length, attention.bias.in_features, generator=generator)
    turn, upper = torch.linalg.qr(torch.randn(3, 3, generator=generator))
    turn = turn * torch.sign(torch.diagonal(upper))
    turn = turn * torch.sign(torch.linalg.det(turn))
    step = torch.randn(3, generator=generator)
    motion = Frames(turn.expand(1, length, 3, 3), (10 * step / step.norm()).expand(1, length, 3))
    frames = frames_from_points(batch.backbone)
    moved = motion.compose(frames)
    outputs = [
        attention(single, pair, each.scaled(1 / ANGSTROM_PER_NANOMETRE)) for each in (frames, moved)
    ]
    other = Frames(frames.rotation.roll(1, 1), frames.translation.roll(1, 1))
    losses = [
        frame_aligned_point_error(one, two)
        for one, two in ((other, frames), (motion.compose(other), moved))
    ]
    return {"ipa_change": _change(*outputs), "fape_change": _change(*losses)}


def _change(before: torch.Tensor, after: torch.Tensor) -> float:
    return float((after - before).abs().max() / before.abs().max().clamp(min=1e-12))
