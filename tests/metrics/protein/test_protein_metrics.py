"""Measures of contacts, distances and structures on what is known by hand."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import lightning
import numpy as np
import pytest
import torch

from replications.corpora.proteins.families import family_of
from replications.errors import ReplicationError
from replications.metrics.protein.classification import classification_metrics
from replications.metrics.protein.contacts import (
    chance_precision,
    contact_precision,
    depth_precision,
    precision_at,
)
from replications.metrics.protein.distances import distance_lddt
from replications.metrics.protein.invariance import frame_invariance
from replications.metrics.protein.structures import rmsd, superposed
from replications.models.protein.completion_network import StructureNetwork
from replications.objectives.protein.structure_prediction import StructurePrediction
from replications.objectives.schedules import constant


def turned(points, angle=0.7):
    c, s = np.cos(angle), np.sin(angle)
    return points @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) + np.array([5, -3, 2])


@pytest.fixture
def points():
    return np.random.default_rng(0).normal(size=(12, 3)) * 5


def test_a_moved_copy_has_no_rmsd_and_lies_on_the_original(points):
    assert rmsd(turned(points), points) == pytest.approx(0, abs=1e-9)
    assert np.allclose(superposed(turned(points), points), points)


def test_a_mirror_image_is_not_superposed_by_a_reflection(points):
    assert rmsd(points * np.array([-1, 1, 1]), points) > 1


def test_a_shift_of_one_atom_is_its_share_of_the_rmsd():
    square = np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]]) * 1000
    moved = square.copy()
    moved[0, 2] += 1
    # Little can be taken back by tilting: half of it.
    assert 0.2 < rmsd(moved, square) < 0.5


def family(length=30):
    index = np.arange(length)
    distances = np.full((length, length), 20.0, dtype=np.float32)
    far = np.abs(index[:, None] - index) == 25
    distances[far] = 5
    distances[np.abs(index[:, None] - index) < 3] = 4
    return family_of("x", np.zeros((6, length), dtype=np.uint8), distances)


class Knows:
    """Contacts by the separation that it believes in; and how deep the alignments were."""

    def __init__(self, separation):
        self.separation, self.depths = separation, []

    def contact_scores(self, alignment):
        self.depths.append(len(alignment))
        index = np.arange(alignment.shape[1])
        return (np.abs(index[:, None] - index) == self.separation).astype(float)

    def distances(self, alignment, cycles=None):
        return torch.from_numpy(family().distances) + (0 if cycles == 2 else 0.7)


class Data(lightning.LightningDataModule):
    """What a metric asks of the data."""

    def __init__(self, **given):
        super().__init__()
        vars(self).update(given)


def data(families):
    return Data(
        test_families=lambda source: families,
        test_alignment=lambda each, depth: each.alignment[:depth],
    )


def test_precision_counts_known_pairs_far_enough_apart():
    there = family()
    scores = Knows(25).contact_scores(there.alignment)
    given = {"separation": 24, "count": 5}
    assert precision_at(scores, there.contacts, there.known, **given) == 1
    assert precision_at(scores, there.contacts, there.known, separation=24, count=10) == 0.5
    unknown = there.known & ~there.contacts
    assert precision_at(scores, there.contacts, unknown, **given) == 0
    with pytest.raises(ReplicationError, match="no known pair 24 apart"):
        precision_at(scores[:9, :9], there.contacts[:9, :9], there.known[:9, :9], **given)


def test_precision_is_per_cent_over_the_families_that_have_contacts():
    none = family_of("y", np.zeros((6, 30), np.uint8), np.full((30, 30), 20.0, np.float32))
    model = Knows(25)
    found = contact_precision(
        model, data([family(), none]), source="s", depth=4, shares=(1.0, 0.1), prefix="r_"
    )
    # Five contacts in all: five of the thirty best, and all of the three best.
    assert found == {"r_precision:1": pytest.approx(500 / 21), "r_precision:0.1": 100}
    assert model.depths == [4]
    assert len(found["r_precision:1"].items.values) == 1


def test_chance_is_the_share_of_contacts():
    (chance,) = chance_precision(None, data([family()]), source="s").values()
    assert chance == pytest.approx(100 * 5 / 21)


def test_depths_are_named():
    found = depth_precision(
        Knows(25), data([family()]), source="s", depths=(2, 5), separation=24, share=0.1
    )
    assert list(found) == ["precision_at_depth:2", "precision_at_depth:5"]


def test_lddt_after_each_number_of_cycles():
    found = distance_lddt(Knows(0), data([family()]), source="s", depth=3, cycles=(1, 2))
    # Ten of thirty residues have a distance that counts, with three of four tolerances kept.
    assert found["lddt_after:1"] == pytest.approx(100 * (20 + 10 * 0.75) / 30)
    assert found["lddt_after:2"] == pytest.approx(100)


def test_accuracy_and_area_under_the_curve_of_known_scores():
    part = SimpleNamespace(labels=np.array([1, 1, 0, 0]))
    parts = Data(parts=SimpleNamespace(test=part), batches_of=lambda part: [part])
    model = SimpleNamespace(scores=lambda batch: np.array([2.0, -1, -2, -0.5]))
    found = classification_metrics(model, parts)
    assert found["promoter_accuracy"] == 75
    assert found["promoter_auc"] == 75


def test_frames_that_are_moved_change_nothing_and_neither_does_the_measurement_the_model():
    torch.manual_seed(0)
    model = partial(StructureNetwork, 12, 8, blocks=1, pair_updates=(), layers=1, heads=2, d_head=4)
    schedule = partial(constant, learning_rate=1e-3)
    objective = StructurePrediction(None, 0, model=model, schedule=schedule).train()
    batch = SimpleNamespace(residues=torch.arange(9)[None], backbone=3 * torch.randn(1, 9, 3, 3))
    found = frame_invariance(objective, Data(test_batches=lambda: iter([("chain", batch)])))
    assert 0 <= found["ipa_change"] < 1e-3 and 0 <= found["fape_change"] < 1e-3
    assert all(part.training for part in objective.modules())
