"""Frames: rigid, composed as motions are, and made as in the supplement."""

from __future__ import annotations

import pytest
import torch

from replications.layers.geometry.frames import (
    Frames,
    frames_from_points,
    rotation_from_quaternion,
)


def drawn(seed=0, shape=(2, 4), dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    vectors = torch.randn(*shape, 3, generator=generator, dtype=dtype)
    steps = torch.randn(*shape, 3, generator=generator, dtype=dtype)
    return Frames(rotation_from_quaternion(vectors), steps)


def test_the_rotation_of_a_quaternion_is_a_rotation_and_zero_turns_nothing():
    rotation = drawn().rotation
    eye = torch.eye(3, dtype=torch.float64).expand(2, 4, 3, 3)
    torch.testing.assert_close(rotation @ rotation.transpose(-1, -2), eye)
    torch.testing.assert_close(torch.linalg.det(rotation), torch.ones(2, 4, dtype=torch.float64))
    torch.testing.assert_close(rotation_from_quaternion(torch.zeros(1, 3)), torch.eye(3)[None])


def test_a_quaternion_turns_by_twice_the_angle_of_its_tangent():
    # (1, tan(45°), 0, 0): 90 degrees about x.
    rotation = rotation_from_quaternion(torch.tensor([[1.0, 0, 0]]))[0]
    expected = torch.tensor([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    torch.testing.assert_close(rotation, expected)


def test_what_a_frame_sees_is_put_back_where_it_was():
    frames, points = drawn(), torch.randn(2, 4, 5, 3, dtype=torch.float64)
    torch.testing.assert_close(frames.apply(frames.invert_apply(points)), points)


def test_composed_frames_apply_the_inner_one_first():
    one, other = drawn(0), drawn(1)
    points = torch.randn(2, 4, 5, 3, dtype=torch.float64)
    torch.testing.assert_close(one.compose(other).apply(points), one.apply(other.apply(points)))
    identity = Frames.identity(2, 4, like=points)
    torch.testing.assert_close(identity.compose(one).rotation, one.rotation)


def test_a_residues_frame_has_the_alpha_carbon_at_its_origin_and_c_on_its_x_axis():
    backbone = torch.randn(3, 3, 3, dtype=torch.float64)
    frames = frames_from_points(backbone)
    n, ca, c = frames.invert_apply(backbone).unbind(-2)
    assert ca.abs().max() < 1e-12
    assert c[:, 1:].abs().max() < 1e-12
    assert (c[:, 0] > 0).all()
    assert n[:, 2].abs().max() < 1e-12
    assert (n[:, 1] > 0).all()
    torch.testing.assert_close(
        torch.linalg.det(frames.rotation), torch.ones(3, dtype=torch.float64)
    )


def test_a_mirror_image_has_no_mirrored_frame_but_another_rotation():
    backbone = torch.randn(4, 3, 3, dtype=torch.float64)
    mirror = frames_from_points(backbone * torch.tensor([-1.0, 1, 1], dtype=torch.float64))
    assert torch.linalg.det(mirror.rotation).min() > 0.99


def test_gradients_stop_at_the_rotation_and_nowhere_else():
    vectors = torch.randn(1, 3, requires_grad=True)
    steps = torch.randn(1, 3, requires_grad=True)
    frames = Frames(rotation_from_quaternion(vectors), steps).without_rotation_gradient()
    frames.apply(torch.ones(1, 2, 3)).sum().backward()
    assert vectors.grad is None
    assert steps.grad.tolist() == [[2, 2, 2]]


@pytest.mark.parametrize("name", ["rotation", "frames"])
def test_gradients_are_those_of_finite_differences(name):
    if name == "rotation":
        inputs = torch.randn(2, 3, dtype=torch.double, requires_grad=True)
        assert torch.autograd.gradcheck(rotation_from_quaternion, (inputs,))
    else:
        inputs = torch.randn(2, 3, 3, dtype=torch.double, requires_grad=True)
        assert torch.autograd.gradcheck(lambda b: frames_from_points(b).rotation, (inputs,))
