"""Metrics of predicted structures: RMSD, lDDT, and handedness."""

from typing import Any

import lightning
import numpy as np
import torch
from jaxtyping import Float

from replications.items import FromItems
from replications.layers.geometry.frames import frames_from_points
from replications.models.protein.structure_module import expected_confidence
from replications.objectives.protein.local_distance import local_distance_difference
from replications.objectives.protein.losses import (
    distance_error,
    frame_aligned_point_error,
    point_distances,
)

Points = Float[np.ndarray, "residue 3"]


def superposed(
    moving: Float[np.ndarray, "residue 3"], fixed: Float[np.ndarray, "residue 3"]
) -> Points:
    """The points rotated and translated onto the others with the least RMSD. No reflection.

    Source: Kabsch 1976, by a singular value decomposition.
    """
    centre, target = moving.mean(0), fixed.mean(0)
    u, _, v = np.linalg.svd((moving - centre).T @ (fixed - target))
    flip = np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ v))])
    return (moving - centre) @ u @ flip @ v + target


def rmsd(moving: Float[np.ndarray, "residue 3"], fixed: Float[np.ndarray, "residue 3"]) -> float:
    """The root-mean-square distance after superposition, in angstrom."""
    return float(np.sqrt(((superposed(moving, fixed) - fixed) ** 2).sum(-1).mean()))


def structure_metrics(model: Any, data: lightning.LightningDataModule) -> dict[str, float]:
    """Means over the test chains, whose crops are superposed whole.

    - `rmsd` in angstrom; `rmsd_mirror` that of the mirror image of the prediction;
    - `right_hand`: per cent of the chains whose prediction is nearer than its mirror image;
    - `structure_lddt` in per cent;
    - `confidence_correlation`: Pearson's r over all residues of pLDDT and lDDT, times 100;
    - `mirror_fape`, `mirror_distance_error`: the two losses of the true structures' mirror images.
    """
    values: dict[str, list[float]] = {
        name: []
        for name in (
            "rmsd",
            "rmsd_mirror",
            "right_hand",
            "structure_lddt",
            "mirror_fape",
            "mirror_distance_error",
        )
    }
    believed, reached = [], []
    for _, batch in data.test_batches():
        structure = model.predict(batch)
        found = structure.frames.translation.cpu()
        lddt = local_distance_difference(point_distances(found), batch.distances)[0]
        points, true = found[0].double().numpy(), batch.backbone[0, :, 1].double().numpy()
        errors = [rmsd(points * hand, true) for hand in (1.0, np.array([-1.0, 1.0, 1.0]))]
        values["rmsd"].append(errors[0])
        values["rmsd_mirror"].append(errors[1])
        values["right_hand"].append(100.0 * (errors[0] < errors[1]))
        values["structure_lddt"].append(100 * float(lddt.mean()))
        frames = frames_from_points(batch.backbone)
        mirror = frames_from_points(batch.backbone * torch.tensor([-1.0, 1.0, 1.0]))
        values["mirror_fape"].append(float(frame_aligned_point_error(mirror, frames)))
        values["mirror_distance_error"].append(float(distance_error(mirror, frames)))
        believed += expected_confidence(structure.confidence.cpu())[0].tolist()
        reached += lddt.tolist()
    numbers: dict[str, float] = {
        name: FromItems(float(np.mean(each)), "mean", each) for name, each in values.items()
    }
    r = 100 * float(np.corrcoef(believed, reached)[0, 1]) if np.ptp(believed) else 0.0
    return {**numbers, "confidence_correlation": FromItems(r, "pearson", believed, reached)}


def written(points: Float[np.ndarray, "residue 3"]) -> str:
    """Points as a record's text, which holds no lists: "x y z, x y z, ..." in angstrom."""
    return ", ".join(" ".join(f"{number:.2f}" for number in point) for point in points)


def points_of(text: str) -> Points:
    """The points that were `written`."""
    return np.array([point.split() for point in text.split(",")], dtype=float)


def shown_structures(
    model: Any, data: lightning.LightningDataModule, *, chains: int = 3
) -> list[dict[str, str | float]]:
    """The first test chains, true and predicted, superposed: alpha carbons, `written`."""
    shown = []
    for chain, batch in data.test_batches():
        structure = model.predict(batch)
        true = batch.backbone[0, :, 1].double().numpy()
        points = superposed(structure.frames.translation[0].cpu().double().numpy(), true)
        shown.append(
            {
                "name": chain.name,
                "rmsd": round(rmsd(points, true), 2),
                "true": written(true),
                "predicted": written(points),
            }
        )
        if len(shown) == chains:
            break
    return shown
