"""Losses: what they are zero for, what moves them, and what they cannot see."""

from __future__ import annotations

import math

import pytest
import torch

from replications.layers.geometry.frames import (
    Frames,
    frames_from_points,
    rotation_from_quaternion,
)
from replications.models.protein.distogram import BINS
from replications.objectives.protein.local_distance import local_distance_difference
from replications.objectives.protein.losses import (
    confidence_loss,
    distance_error,
    distogram_loss,
    frame_aligned_point_error,
    point_distances,
)

MIRROR = torch.tensor([-1.0, 1.0, 1.0])


def backbone(residues=8, seed=0, dtype=torch.float32):
    draw = torch.Generator().manual_seed(seed)
    return (4 * torch.randn(1, residues, 3, 3, generator=draw)).to(dtype)


def moved(frames, dtype=torch.float32):
    turn = rotation_from_quaternion(torch.tensor([0.7, -1.1, 0.4], dtype=dtype))
    shape = frames.translation.shape
    step = torch.tensor([6.0, -4.8, 6.4], dtype=dtype)
    return Frames(turn.expand(*shape[:-1], 3, 3), step.expand(shape)).compose(frames)


def fape_by_loop(predicted, true, clamp=10.0, scale=10.0):
    """Algorithm 28, line by line; one batch element."""
    errors = []
    n = predicted.translation.shape[1]
    for i in range(n):
        for j in range(n):
            seen = predicted.rotation[0, i].T @ (
                predicted.translation[0, j] - predicted.translation[0, i]
            )
            truly = true.rotation[0, i].T @ (true.translation[0, j] - true.translation[0, i])
            distance = torch.sqrt((seen - truly).square().sum() + 1e-4)
            errors.append(distance.clamp(max=clamp))
    return torch.stack(errors).mean() / scale


def test_fape_is_algorithm_28():
    one, other = (frames_from_points(backbone(seed=seed)) for seed in (0, 1))
    torch.testing.assert_close(
        frame_aligned_point_error(one, other), fape_by_loop(one, other), atol=1e-6, rtol=1e-5
    )


def test_fape_of_the_truth_is_the_root_of_its_epsilon():
    frames = frames_from_points(backbone())
    assert float(frame_aligned_point_error(frames, frames)) == pytest.approx(0.001)


@pytest.mark.parametrize(("dtype", "bound"), [(torch.float32, 1e-5), (torch.float64, 1e-12)])
def test_turning_and_moving_all_frames_does_not_change_fape(dtype, bound):
    one, other = (frames_from_points(backbone(seed=seed, dtype=dtype)) for seed in (0, 1))
    before = frame_aligned_point_error(one, other)
    for pair in ((moved(one, dtype), other), (moved(one, dtype), moved(other, dtype))):
        assert abs(float(frame_aligned_point_error(*pair) / before) - 1) < bound


def test_fape_tells_a_mirror_image_from_the_truth_and_distances_do_not():
    true = backbone()
    frames, mirror = frames_from_points(true), frames_from_points(true * MIRROR)
    assert float(frame_aligned_point_error(mirror, frames)) > 0.1
    assert float(distance_error(mirror, frames)) == pytest.approx(0.001, abs=1e-4)


def test_a_clamp_limits_the_error_of_what_is_far_off():
    one, other = frames_from_points(backbone()), frames_from_points(100 * backbone(seed=1))
    assert float(frame_aligned_point_error(one, other)) <= 1.0
    assert float(frame_aligned_point_error(one, other, clamp=None)) > 5


@pytest.mark.parametrize("loss", [frame_aligned_point_error, distance_error])
def test_gradients_are_those_of_finite_differences(loss):
    true = frames_from_points(backbone(4, dtype=torch.float64))
    turns = torch.randn(1, 4, 3, dtype=torch.double, requires_grad=True)
    steps = torch.randn(1, 4, 3, dtype=torch.double, requires_grad=True)

    def run(turn, step):
        return loss(Frames(rotation_from_quaternion(turn), step), true)

    assert torch.autograd.gradcheck(run, (turns, steps))


def test_a_known_distance_costs_the_cross_entropy_of_its_bin():
    logits = torch.randn(1, 3, 3, BINS)
    bins = torch.randint(0, BINS, (1, 3, 3))
    expected = torch.nn.functional.cross_entropy(logits.flatten(0, 2), bins.flatten())
    torch.testing.assert_close(distogram_loss(logits, bins, bins), expected)


def test_a_contact_alone_costs_the_logarithm_of_all_its_bins_and_an_unknown_pair_nothing():
    logits, low = torch.zeros(1, 2, 2, BINS), torch.zeros(1, 2, 2, dtype=torch.long)
    nothing = torch.full_like(low, BINS - 1)
    contact = nothing.clone()
    contact[0, 0, 1] = 4
    assert float(distogram_loss(logits, low, contact)) == pytest.approx(math.log(BINS / 5))
    assert float(distogram_loss(logits, low, nothing)) == 0


def test_lddt_is_one_for_the_truth_and_its_mirror_image_and_moves_by_the_tolerances():
    true = backbone()[:, :, 1]
    distances = point_distances(true)
    assert local_distance_difference(distances, distances).tolist() == [[1.0] * 8]
    mirrored = point_distances(true * MIRROR)
    torch.testing.assert_close(local_distance_difference(mirrored, distances), torch.ones(1, 8))
    # 0.7 Å off: outside the first tolerance, inside the three others.
    off = local_distance_difference(distances + 0.7, distances)
    torch.testing.assert_close(off, torch.full((1, 8), 0.75))


def test_lddt_counts_what_is_truly_below_fifteen_angstrom_and_what_it_is_told_to():
    true = torch.tensor([[[0.0, 5, 20], [5, 0, 5], [20, 5, 0]]])
    found = true + torch.tensor([[[0.0, 0, 9], [0, 0, 9], [9, 9, 0]]])
    assert local_distance_difference(found, true)[0].tolist() == [1.0, 0.5, 0.0]
    counted = torch.zeros(1, 3, 3, dtype=torch.bool)
    counted[0, 0, 1] = True
    assert local_distance_difference(found, true, counted)[0].tolist() == [1.0, 1.0, 1.0]


def test_confidence_is_asked_for_the_bin_of_the_lddt():
    logits = torch.zeros(1, 2, 50)
    logits[0, 0, 49] = logits[0, 1, 25] = 20.0
    assert float(confidence_loss(logits, torch.tensor([[1.0, 0.51]]))) < 1e-3
