"""The networks: blocks in the supplement's order, recycling, memory, and who may be turned."""

from __future__ import annotations

from functools import partial

import pytest
import torch

from replications.errors import ReplicationError
from replications.models.protein import memory
from replications.models.protein.completion_network import CompletionNetwork, StructureNetwork
from replications.models.protein.distogram import (
    BINS,
    CONTACT_BINS,
    EDGES,
    DistogramHead,
    bins_of,
    contact_probability,
    expected_distance,
    median_distance,
)
from replications.models.protein.embedding import RelativePositions
from replications.models.protein.sequence_classifier import SequenceClassifier
from replications.models.protein.structure_module import expected_confidence
from replications.papers.alphafold.parts import PAIR_UPDATES, evoformer, msa_attention_alone


def drawn(module):
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for weight in module.parameters():
            weight.copy_(0.3 * torch.randn(weight.shape, generator=generator))
    return module.eval()


def alignment(depth=5, length=7):
    ids = torch.randint(0, 22, (2, depth, length), generator=torch.Generator().manual_seed(0))
    return ids, torch.arange(length).expand(2, length)


def test_a_block_has_the_updates_of_algorithm_6_in_their_order():
    block = evoformer()().blocks[0]
    names = [type(part).__name__ for part in block.msa_updates]
    assert names == ["RowAttention", "ColumnAttention", "AlignmentTransition"]
    pairs = [
        (type(part).__name__, getattr(part, "incoming", getattr(part, "ending", None)))
        for part in block.pair_updates
    ]
    assert pairs == [
        ("TriangleMultiplication", False),
        ("TriangleMultiplication", True),
        ("TriangleAttention", False),
        ("TriangleAttention", True),
        ("Transition", None),
    ]


def test_a_new_network_says_the_same_of_all_pairs():
    ids, index = alignment()
    logits = evoformer()()(ids, index, 2)
    assert logits.shape == (2, 7, 7, BINS)
    assert not logits.any()


@pytest.mark.parametrize("make", [evoformer(), msa_attention_alone(blocks=2)])
def test_with_recycling_gradients_reach_every_weight(make):
    torch.manual_seed(0)
    network, (ids, index) = drawn(make()), alignment()
    network(ids, index, 2).square().sum().backward()
    unreached = {name for name, p in network.named_parameters() if p.grad is None}
    assert unreached == set()


def test_without_recycling_its_weights_get_no_gradient():
    network, (ids, index) = drawn(evoformer()()), alignment()
    network(ids, index, 1).square().sum().backward()
    unreached = {name for name, p in network.named_parameters() if p.grad is None}
    assert unreached == {name for name, _ in network.named_parameters() if "recycling" in name}


def test_cycles_change_the_prediction_and_only_the_last_one_has_gradients():
    network, (ids, index) = drawn(evoformer()()), alignment()
    one, two = network(ids, index, 1), network(ids, index, 2)
    assert not torch.allclose(one, two)
    seen = []
    network.blocks[0].register_forward_hook(lambda *_: seen.append(torch.is_grad_enabled()))
    network(ids, index, 3)
    assert seen == [False, False, True]


def test_plain_alignment_attention_shows_the_pairs_to_no_block_before_the_last():
    network, (ids, index) = drawn(msa_attention_alone(blocks=2)()), alignment()
    assert [block.outer is not None for block in network.blocks] == [False, False, True]
    pairs = []
    network.blocks[1].register_forward_hook(lambda _, given, out: pairs.append(given[1] is out[1]))
    network(ids, index, 1)
    assert pairs == [True]


def test_the_sequences_after_the_query_have_no_order():
    network, (ids, index) = drawn(evoformer()()), alignment()
    shuffled = ids[:, [0, 3, 1, 4, 2]]
    torch.testing.assert_close(
        network(shuffled, index, 2), network(ids, index, 2), atol=1e-3, rtol=1e-3
    )


def test_a_distogram_is_symmetric():
    logits = drawn(DistogramHead(3))(torch.randn(1, 4, 4, 3))
    torch.testing.assert_close(logits, logits.transpose(1, 2))


def test_bins_have_an_edge_at_eight_angstrom():
    assert EDGES.index(8) + 1 == CONTACT_BINS
    distances = torch.tensor([0.0, 3.9, 4.0, 7.99, 8.0, 30.0, torch.inf])
    assert bins_of(distances).tolist() == [0, 0, 1, 4, 5, 15, 15]


def test_what_a_distribution_says_of_a_distance():
    logits = torch.full((2, BINS), -30.0)
    logits[0, 3], logits[1, 4:6] = 30.0, 30.0
    assert contact_probability(logits).tolist() == pytest.approx([1, 0.5])
    assert median_distance(logits).tolist() == pytest.approx([6.5, 8.0])
    assert expected_distance(logits).tolist() == pytest.approx([6.5, 8.0])


def test_confidence_is_the_mean_of_its_bins():
    logits = torch.full((1, 2, 50), -30.0)
    logits[0, 0, 49], logits[0, 1, [0, 49]] = 30.0, 30.0
    assert expected_confidence(logits)[0].tolist() == pytest.approx([0.99, 0.5])


def test_relative_positions_are_cut_off_at_thirty_two():
    part = RelativePositions(3)
    near = part(torch.tensor([[0, 5, 60, 300]]))
    assert torch.equal(near[0, 0, 2], near[0, 0, 3])
    assert torch.equal(near[0, 0, 1], part(torch.tensor([[7, 12]]))[0, 0, 1])
    assert not torch.equal(near[0, 0, 1], near[0, 1, 0])


def completion_inputs():
    draw = torch.Generator().manual_seed(2)
    residues = torch.randint(0, 20, (1, 6), generator=draw)
    distances = 20 * torch.rand(1, 6, 6, generator=draw)
    observed = torch.rand(1, 6, 6, generator=draw) < 0.5
    return residues, distances, observed


def test_a_distance_that_is_not_observed_is_not_read():
    network = drawn(CompletionNetwork(8, blocks=1, pair_updates=PAIR_UPDATES["both"]))
    residues, distances, observed = completion_inputs()
    changed = torch.where(observed, distances, distances + 5)
    torch.testing.assert_close(
        network(residues, changed, observed), network(residues, distances, observed)
    )
    assert not torch.allclose(
        network(residues, distances + 5, observed), network(residues, distances, observed)
    )


def test_a_structure_starts_at_the_origin_and_has_a_guess_a_layer():
    network = StructureNetwork(8, 6, blocks=1, pair_updates=PAIR_UPDATES["both"], layers=3)
    structure = network(*completion_inputs())
    assert len(structure.layers) == 3
    assert not structure.frames.translation.any()
    assert structure.confidence.shape == (1, 6, 50)


@pytest.mark.parametrize("kept", [False, True])
def test_gradients_pass_the_rotations_between_layers_only_where_that_is_asked_for(kept):
    parts = {"pair_updates": PAIR_UPDATES["both"], "rotation_gradients": kept}
    network = drawn(StructureNetwork(8, 6, blocks=1, layers=2, **parts))
    seen = []
    update = network.structure.update
    update.register_forward_hook(lambda _, given, made: seen.append(made))
    frames = network(*completion_inputs()).frames
    (gradient,) = torch.autograd.grad(
        frames.translation.sum(), seen[0].rotation, allow_unused=True, retain_graph=True
    )
    assert (gradient is not None) == kept


def test_a_chain_that_is_longer_than_memory_allows_is_refused(monkeypatch):
    class Free:
        available = 5_000_000

    monkeypatch.setattr(memory.psutil, "virtual_memory", lambda: Free)
    memory.require_memory(40, 8, d_msa=24, d_pair=24)
    with pytest.raises(ReplicationError, match=r"4000 residues.*GB are free.*domains of at most"):
        memory.require_memory(4000, 8, d_msa=24, d_pair=24)
    ids = torch.zeros(1, 2, 600, dtype=torch.long)
    with pytest.raises(ReplicationError, match="A chain of 600 residues"):
        evoformer()()(ids, ids[:, 0], 1)


def test_a_classifier_knows_where_a_word_stands():
    network = drawn(partial(SequenceClassifier, 5, 8, length=20, blocks=1, heads=2, d_head=4)())
    sequences = torch.zeros(2, 20, dtype=torch.long)
    sequences[0, 2:5], sequences[1, 12:15] = 3, 3
    one, other = network(sequences)
    assert abs(one - other) > 1e-3
