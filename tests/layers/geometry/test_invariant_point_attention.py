"""IPA against a loop over algorithm 22, and its invariance."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional

from replications.layers.geometry.frames import Frames, rotation_from_quaternion
from replications.layers.geometry.invariant_point_attention import (
    BackboneUpdate,
    InvariantPointAttention,
)

N, C, Z, H = 4, 6, 5, 2


def part_with_weights(dtype=torch.float32):
    generator = torch.Generator().manual_seed(3)
    part = InvariantPointAttention(C, Z, heads=H, d_head=3, query_points=2, value_points=3)
    with torch.no_grad():
        for weight in part.parameters():
            weight.copy_(0.5 * torch.randn(weight.shape, generator=generator))
    return part.to(dtype)


def inputs(dtype=torch.float32, residues=N):
    draw = torch.Generator().manual_seed(1)
    single = torch.randn(1, residues, C, generator=draw)
    pair = torch.randn(1, residues, residues, Z, generator=draw)
    turns = torch.randn(1, residues, 3, generator=draw)
    steps = torch.randn(1, residues, 3, generator=draw)
    frames = Frames(rotation_from_quaternion(turns).to(dtype), steps.to(dtype))
    return single.to(dtype), pair.to(dtype), frames


def moved(frames, shift, dtype):
    turn = rotation_from_quaternion(torch.tensor([0.7, -1.1, 0.4], dtype=dtype))
    shape = frames.translation.shape
    step = shift * torch.tensor([0.6, -0.48, 0.64], dtype=dtype)
    return Frames(turn.expand(*shape[:-1], 3, 3), step.expand(shape)).compose(frames)


def by_loop(part, single, pair, frames):
    """Algorithm 22, line by line."""
    s, z = single[0], pair[0]
    rotation, translation = frames.rotation[0], frames.translation[0]
    d, P, V = part.d_head, part.query_points, part.value_points
    q, k, v = part.projections(s).view(N, 3, H, d).unbind(1)
    made = part.points(s).view(N, H, 2 * P + V, 3)
    qp, kp, vp = made.split((P, P, V), dim=2)
    bias, gamma = part.bias(z), functional.softplus(part.point_weight)
    w_c = math.sqrt(2 / (9 * P))

    def place(i, x):
        return rotation[i] @ x + translation[i]

    rows = []
    for i in range(N):
        scalars, points, norms, pairs = [], [], [], []
        for h in range(H):
            scores = []
            for j in range(N):
                far = sum(
                    (place(i, qp[i, h, p]) - place(j, kp[j, h, p])).square().sum() for p in range(P)
                )
                scores.append(
                    math.sqrt(1 / 3)
                    * (q[i, h] @ k[j, h] / math.sqrt(d) + bias[i, j, h] - gamma[h] * w_c / 2 * far)
                )
            weights = torch.stack(scores).softmax(0)
            scalars.append(weights @ v[:, h])
            pairs.append(weights @ z[i])
            for p in range(V):
                seen = sum(weights[j] * place(j, vp[j, h, p]) for j in range(N))
                local = rotation[i].T @ (seen - translation[i])
                points.append(local)
                norms.append(torch.sqrt(local.square().sum() + 1e-8))
        parts = [*scalars, *points, torch.stack(norms), *pairs]
        rows.append(part.output(torch.cat(parts)))
    return torch.stack(rows)[None]


def test_invariant_point_attention_is_algorithm_22():
    part, given = part_with_weights(), inputs()
    torch.testing.assert_close(part(*given), by_loop(part, *given), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(
    ("dtype", "shift", "bound"),
    [(torch.float32, 1.0, 1e-5), (torch.float64, 1.0, 1e-11), (torch.float64, 100.0, 1e-9)],
)
def test_turning_and_moving_all_frames_changes_nothing(dtype, shift, bound):
    # A shift of one nanometre is the ten angstrom of the chapter.
    part, (single, pair, frames) = part_with_weights(dtype), inputs(dtype, residues=9)
    before = part(single, pair, frames)
    after = part(single, pair, moved(frames, shift, dtype))
    assert (after - before).abs().max() / before.abs().max() < bound


def test_turning_one_frame_changes_the_output():
    part, (single, pair, frames) = part_with_weights(), inputs()
    turned = frames.rotation.clone()
    turned[:, 1] = frames.rotation[:, 2]
    before = part(single, pair, frames)
    assert (part(single, pair, Frames(turned, frames.translation)) - before).abs().max() > 1e-2


def test_the_weight_of_the_points_starts_at_one_and_the_output_at_zero():
    part = InvariantPointAttention(C, Z, heads=H)
    assert functional.softplus(part.point_weight).tolist() == pytest.approx([1.0] * H)
    assert not part(*inputs()).any()


def test_gradients_are_those_of_finite_differences():
    part = part_with_weights(torch.double)
    single, pair, frames = inputs(torch.double, residues=3)
    single, pair = single.requires_grad_(), pair.requires_grad_()
    steps = frames.translation.clone().requires_grad_()

    def run(s, z, t):
        return part(s, z, Frames(frames.rotation, t))

    assert torch.autograd.gradcheck(run, (single, pair, steps), atol=1e-5)


def test_a_new_backbone_update_leaves_the_frames_where_they_are():
    single, _, frames = inputs()
    update = BackboneUpdate(C)(single)
    after = frames.compose(update)
    torch.testing.assert_close(after.rotation, frames.rotation)
    torch.testing.assert_close(after.translation, frames.translation)
