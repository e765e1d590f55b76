"""Networks of proteins as they are trained: they overfit, they count, they predict."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch

from replications.corpora.batches.proteins.alignment_batches import AlignmentBatch
from replications.corpora.batches.proteins.distance_completion import CompletionBatch
from replications.corpora.batches.proteins.labelled_sequences import SequenceBatch
from replications.models.protein.completion_network import CompletionNetwork, StructureNetwork
from replications.models.protein.sequence_classifier import SequenceClassifier
from replications.objectives.protein.distance_prediction import (
    ContactPrediction,
    DistanceCompletionObjective,
)
from replications.objectives.protein.local_distance import local_distance_difference
from replications.objectives.protein.losses import (
    confidence_loss,
    frame_aligned_point_error,
    point_distances,
)
from replications.objectives.protein.sequence_classification import SequenceClassification
from replications.objectives.protein.structure_prediction import StructurePrediction
from replications.objectives.schedules import constant
from replications.papers.alphafold.parts import PAIR_UPDATES, evoformer

RATE = partial(constant, learning_rate=1e-2)


def losses_of(objective, batch, steps, rate=1e-2):
    objective.log = lambda *_, **__: None
    optimiser = torch.optim.Adam(objective.parameters(), lr=rate)
    losses = []
    for _ in range(steps):
        loss = objective.training_step(batch, 0)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(objective.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.item())
    return losses


def points(residues=10, seed=0):
    draw = torch.Generator().manual_seed(seed)
    return 3 * torch.randn(1, residues, 3, 3, generator=draw).cumsum(1) / 2


def completion_batch():
    backbone = points()
    distances = torch.cdist(backbone[:, :, 1], backbone[:, :, 1])
    observed = torch.rand(1, 10, 10, generator=torch.Generator().manual_seed(1)) < 0.5
    observed = observed | observed.transpose(1, 2)
    residues = torch.arange(10)[None]
    return CompletionBatch(residues, distances, observed, distances, backbone)


def alignment_batch():
    draw = torch.Generator().manual_seed(2)
    alignment = torch.randint(0, 20, (1, 4, 10), generator=draw)
    distances = completion_batch().distances
    return AlignmentBatch(alignment, torch.arange(10)[None], distances, distances)


def test_contact_prediction_begins_at_the_logarithm_of_the_bins_and_overfits_a_batch():
    torch.manual_seed(0)
    objective = ContactPrediction(None, 0, model=evoformer(blocks=1), schedule=RATE, cycles=2)
    losses = losses_of(objective, alignment_batch(), 40)
    assert losses[0] == pytest.approx(np.log(16), abs=1e-4)
    assert losses[-1] < 0.5 * losses[0]
    ids = alignment_batch().alignment[0].numpy().astype(np.uint8)
    scores = objective.contact_scores(ids)
    assert scores.shape == (10, 10)
    assert np.allclose(scores, scores.T)
    assert objective.distances(ids, 1).shape == (10, 10)


def test_each_earlier_cycle_is_counted_as_a_third_of_the_last():
    objective = ContactPrediction(None, 0, model=evoformer(blocks=1), schedule=RATE, cycles=1)
    losses_of(objective, alignment_batch(), 1)
    once, objective.flops, objective.cycles = objective.flops, 0.0, 3
    losses_of(objective, alignment_batch(), 12)
    per_step = objective.flops / 12 / once
    assert 1 < per_step < 1 + 2 / 3
    assert (objective.flops / once * 3) % 1 == pytest.approx(0, abs=1e-6)


def test_without_an_alignment_only_the_query_is_read():
    objective = ContactPrediction(None, 0, model=evoformer(blocks=1), schedule=RATE, depth=1)
    losses_of(objective, alignment_batch(), 3)
    ids = alignment_batch().alignment[0].numpy().astype(np.uint8)
    changed = ids.copy()
    changed[1:] = 3
    assert np.array_equal(objective.contact_scores(ids), objective.contact_scores(changed))


def test_completion_asks_for_what_is_not_shown_and_overfits_a_batch():
    objective = completion()
    losses = losses_of(objective, completion_batch(), 40)
    assert losses[-1] < 0.5 * losses[0]
    all_shown = completion_batch()._replace(observed=torch.ones(1, 10, 10, dtype=torch.bool))
    assert losses_of(objective, all_shown, 1) == [0.0]


def structure_prediction(**parts):
    torch.manual_seed(0)
    model = partial(
        StructureNetwork,
        24,
        8,
        blocks=1,
        pair_updates=PAIR_UPDATES["multiplication"],
        layers=3,
        heads=4,
        d_head=6,
        rotation_gradients=True,
    )
    return StructurePrediction(None, 0, model=model, schedule=RATE, **parts)


def test_a_structure_overfits_a_batch_and_its_hand_is_right():
    objective = structure_prediction()
    losses = losses_of(objective, completion_batch(), 120, rate=3e-3)
    assert losses[-1] < 0.5 * losses[0]
    assert len(objective.predict(completion_batch()).layers) == 3


def test_the_confidence_is_trained_with_the_papers_weight():
    objective, batch = structure_prediction(), completion_batch()
    objective.log = lambda *_, **__: None
    weights = list(objective.model.structure.confidence.parameters())
    found = torch.autograd.grad(objective.training_step(batch, 0), weights)
    structure = objective.model(batch.residues, batch.shown, batch.observed)
    distances = point_distances(structure.frames.translation.detach())
    reached = local_distance_difference(distances, batch.distances)
    expected = torch.autograd.grad(0.01 * confidence_loss(structure.confidence, reached), weights)
    torch.testing.assert_close(found, expected)
    assert all(each.any() for each in found)


@pytest.mark.parametrize(("share", "clamps"), [(0.0, {None}), (0.5, {None, 10.0}), (1.0, {10.0})])
def test_a_share_of_the_batches_is_clamped(share, clamps):
    seen = set()

    def noted(predicted, true, *, clamp):
        seen.add(clamp)
        return frame_aligned_point_error(predicted, true, clamp=clamp)

    losses_of(structure_prediction(loss=noted, clamp_share=share), completion_batch(), 12)
    assert seen == clamps


def sequence_classification():
    torch.manual_seed(0)
    model = partial(SequenceClassifier, 5, 8, length=12, blocks=1, heads=2, d_head=4)
    return SequenceClassification(None, 0, model=model, schedule=RATE)


def completion():
    torch.manual_seed(0)
    model = partial(CompletionNetwork, 12, blocks=1, pair_updates=PAIR_UPDATES["both"])
    return DistanceCompletionObjective(None, 0, model=model, schedule=RATE)


def contacts():
    return ContactPrediction(None, 0, model=evoformer(blocks=1), schedule=RATE)


ONE_SEQUENCE = SequenceBatch(torch.zeros(1, 12, dtype=torch.int64), torch.ones(1))


@pytest.mark.parametrize(
    ("made", "batch", "predicted"),
    [
        (contacts, alignment_batch(), lambda o: o.contact_scores(np.zeros((3, 10), np.uint8))),
        (completion, completion_batch(), lambda o: o.logits(completion_batch())),
        (structure_prediction, completion_batch(), lambda o: o.predict(completion_batch())),
        (sequence_classification, ONE_SEQUENCE, lambda o: o.scores(ONE_SEQUENCE)),
    ],
    ids=["contacts", "completion", "structure", "sequences"],
)
def test_a_prediction_amid_training_leaves_each_part_in_its_mode(made, batch, predicted):
    objective = made().train()
    frozen = next(objective.model.children()).eval()
    modes = []
    objective.model.register_forward_hook(lambda part, *_: modes.append(part.training))
    predicted(objective)
    assert modes == [False]
    assert objective.training and objective.model.training and not frozen.training
    # And in a state to be trained further.
    assert np.isfinite(losses_of(objective, batch, 1)).all()


def test_sequences_are_told_apart():
    objective = sequence_classification()
    sequences = torch.randint(0, 2, (8, 12))
    sequences[:4, 5:7] = 3
    batch = SequenceBatch(sequences, torch.tensor([1.0] * 4 + [0.0] * 4))
    losses = losses_of(objective, batch, 60)
    assert losses[0] == pytest.approx(np.log(2), abs=0.2)
    assert ((objective.scores(batch) > 0).float() == batch.labels).all()
