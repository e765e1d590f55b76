"""Rigid frames: a rotation and a translation for each residue."""

from typing import NamedTuple

import torch
from einops import einsum
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional


class Frames(NamedTuple):
    """x -> rotation · x + translation, from a residue's local to global coordinates.

    Units: translations are in nanometres within the structure module, in angstrom outside.
    """

    rotation: Float[Tensor, "*batch 3 3"]
    translation: Float[Tensor, "*batch 3"]

    @classmethod
    def identity(cls, *shape: int, like: Float[Tensor, "..."]) -> "Frames":
        """Identity frames, from which the structure module starts."""
        eye = torch.eye(3, dtype=like.dtype, device=like.device).expand(*shape, 3, 3)
        return cls(eye, like.new_zeros(*shape, 3))

    def apply(self, points: Float[Tensor, "*batch point 3"]) -> Float[Tensor, "*batch point 3"]:
        """Points from local coordinates of each frame to global ones."""
        turned = einsum(self.rotation, points, "... x y, ... p y -> ... p x")
        return turned + self.translation[..., None, :]

    def invert_apply(
        self, points: Float[Tensor, "*batch point 3"]
    ) -> Float[Tensor, "*batch point 3"]:
        """Points from global coordinates to local ones of each frame."""
        moved = points - self.translation[..., None, :]
        return einsum(self.rotation, moved, "... y x, ... p y -> ... p x")

    def compose(self, earlier: "Frames") -> "Frames":
        """First `earlier`, then this."""
        moved = self.apply(earlier.translation[..., None, :])[..., 0, :]
        return Frames(self.rotation @ earlier.rotation, moved)

    def scaled(self, factor: float) -> "Frames":
        """The same with translations in another unit."""
        return Frames(self.rotation, self.translation * factor)

    def without_rotation_gradient(self) -> "Frames":
        """Gradients stop at the rotation. Source: supplement, algorithm 20, line 20."""
        return Frames(self.rotation.detach(), self.translation)


def frames_from_points(backbone: Float[Tensor, "*batch 3 3"]) -> Frames:
    """The frame of a residue's atoms N, CA and C, in this order: CA is the origin, C on the x axis.

    Source: Jumper et al. 2021, supplement, algorithm 21 (rigidFrom3Points), by Gram-Schmidt.
    """
    n, ca, c = backbone.unbind(-2)
    x = functional.normalize(c - ca, dim=-1)
    toward = n - ca
    y = functional.normalize(toward - (x * toward).sum(-1, keepdim=True) * x, dim=-1)
    z = torch.linalg.cross(x, y)
    return Frames(torch.stack([x, y, z], dim=-1), ca)


def rotation_from_quaternion(
    vector: Float[Tensor, "*batch 3"],
) -> Float[Tensor, "*batch 3 3"]:
    """The rotation of the quaternion (1, b, c, d), normalised; (0, 0, 0) gives the identity.

    Source: supplement, algorithm 23, lines 2 and 3.
    """
    norm = torch.sqrt(1 + vector.square().sum(-1, keepdim=True))
    a = 1 / norm[..., 0]
    b, c, d = (vector / norm).unbind(-1)
    entries = (
        a * a + b * b - c * c - d * d,
        2 * b * c - 2 * a * d,
        2 * b * d + 2 * a * c,
        2 * b * c + 2 * a * d,
        a * a - b * b + c * c - d * d,
        2 * c * d - 2 * a * b,
        2 * b * d - 2 * a * c,
        2 * c * d + 2 * a * b,
        a * a - b * b - c * c + d * d,
    )
    return torch.stack(entries, -1).unflatten(-1, (3, 3))
