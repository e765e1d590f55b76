"""Batches of alignments, chains and promoters: what is drawn, what is known, what is the same."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch

from replications.corpora.batches.proteins.alignment_batches import (
    AlignmentBatches,
    distance_range,
)
from replications.corpora.batches.proteins.distance_completion import DistanceCompletion
from replications.corpora.batches.proteins.labelled_sequences import LabelledSequenceBatches
from replications.corpora.proteins.chains import world_chains
from replications.corpora.proteins.families import Family, ProteinFamilies, world_families
from replications.corpora.proteins.promoters import world_promoters
from replications.errors import ReplicationError
from replications.models.protein.distogram import BINS, bins_of


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path))


def long_family(name="long", length=90, depth=12):
    draw = np.random.default_rng(len(name))
    alignment = draw.integers(0, 22, (depth, length), dtype=np.uint8)
    # Each column is its own number, so that a crop says which columns it has.
    alignment[0] = np.arange(length)
    contacts = np.zeros((length, length), dtype=bool)
    contacts[3, 40] = contacts[40, 3] = True
    return Family(name, alignment, contacts, np.ones_like(contacts), None)


def source(seed, families=("long", "other")):
    made = [long_family(name) for name in families]
    return ProteinFamilies(made, made[:1], ())


WORLD = partial(world_families, train_families=3, test_families=1, length=20, depth=8, sweeps=1)


def batches(**changes):
    given = {"families": {"real": source}, "crop": 20, "depths": (4, 8), "batches_per_epoch": 8}
    data = AlignmentBatches(0, **given | changes)
    data.setup()
    return data


def test_a_crop_is_one_stretch_or_two_and_its_index_says_where_it_stood():
    data, kinds = batches(), set()
    for batch in data.batches(0):
        for index, query in zip(batch.index, batch.alignment[:, 0], strict=True):
            assert torch.equal(index, query)
            steps = index.diff()
            assert (steps >= 1).all()
            kinds.add(int((steps > 1).sum()))
    assert kinds == {0, 1}


def test_the_query_stays_first_and_no_sequence_is_drawn_twice():
    batch = batches(depths=(6,), crop=90).batches(0)[0]
    rows = [tuple(row.tolist()) for row in batch.alignment[0]]
    assert len(set(rows)) == 6


def test_depths_and_sources_come_by_turns():
    data = batches(families={"real": source, "world": WORLD})
    made = list(data.batches(0))
    assert [batch.alignment.shape[1] for batch in made] == [4, 4, 8, 8] * 2
    # Contacts alone are known of one source, distances of the other.
    assert [bool((batch.low == batch.high).all()) for batch in made[:2]] == [False, True]


def test_an_epoch_is_a_function_of_seed_and_epoch_alone():
    one, again = batches().batches(1), batches().batches(1)
    for left, right in zip(one, again, strict=True):
        assert all(torch.equal(a, b) for a, b in zip(left, right, strict=True))
    assert not torch.equal(one[0].alignment, batches().batches(2)[0].alignment)


def test_tokens_are_letters_by_the_depths():
    data = batches()
    assert data.tokens_per_epoch == sum(batch.alignment.numel() for batch in data.batches(0))


def test_what_is_known_of_a_pair_becomes_a_range_of_bins():
    low, high = map(torch.from_numpy, distance_range(long_family()))
    assert (int(bins_of(low[3, 40])), int(bins_of(high[3, 40]))) == (0, 4)
    assert (int(bins_of(low[3, 41])), int(bins_of(high[3, 41]))) == (5, BINS - 1)
    assert (int(bins_of(low[3, 3])), int(bins_of(high[3, 3]))) == (0, BINS - 1)


def test_a_test_alignment_is_the_same_for_all_seeds():
    family = long_family()
    one = AlignmentBatches.test_alignment(family, 5)
    assert np.array_equal(one, AlignmentBatches.test_alignment(family, 5))
    assert np.array_equal(one[0], family.alignment[0])
    assert AlignmentBatches.test_alignment(family, 99).shape == (12, 90)
    assert AlignmentBatches.test_alignment(family, 1).shape == (1, 90)


def test_a_crop_longer_than_a_chain_and_an_unknown_source_are_refused_by_name():
    with pytest.raises(ReplicationError, match="long has 90 residues, and a crop has 91"):
        batches(crop=91)
    with pytest.raises(ReplicationError, match="no source 'x' of families; there are: real"):
        batches().test_families("x")


CHAINS = partial(world_chains, train_chains=3, test_chains=2, length=16)


def completion(**changes):
    data = DistanceCompletion(
        0, **{"chains": CHAINS, "crop": 12, "batches_per_epoch": 3, "observed": 0.3} | changes
    )
    data.setup()
    return data


def test_shown_distances_are_noisy_symmetric_and_a_share():
    data = completion(batches_per_epoch=40)
    made = list(data.batches(0))
    off = torch.cat([(b.shown - b.distances)[b.observed] for b in made])
    share = torch.cat([b.observed.flatten(1).float().mean(1) for b in made]).mean()
    assert off.std() == pytest.approx(0.8, rel=0.1)
    assert float(share) == pytest.approx(0.3 * 11 / 12, rel=0.1)
    for batch in made[:3]:
        assert torch.equal(batch.observed, batch.observed.transpose(1, 2))
        assert torch.equal(batch.shown, batch.shown.transpose(1, 2))
        expected = torch.cdist(batch.backbone[:, :, 1], batch.backbone[:, :, 1])
        torch.testing.assert_close(batch.distances, expected, atol=1e-3, rtol=1e-3)


def test_test_chains_are_shown_in_the_same_way_to_all_seeds():
    one, other = (list(DistanceCompletion.test_batches(completion())) for _ in range(2))
    assert [chain.name for chain, _ in one] == ["fold-3", "fold-4"]
    for (_, left), (_, right) in zip(one, other, strict=True):
        assert all(torch.equal(a, b) for a, b in zip(left, right, strict=True))


def test_a_share_and_a_crop_that_cannot_be_are_refused():
    with pytest.raises(ReplicationError, match="observed is a share"):
        completion(observed=0.0)
    with pytest.raises(ReplicationError, match=r"fold-0 has 16 residues, and a crop has 17"):
        completion(crop=17)


def test_each_example_comes_once_an_epoch_with_its_label():
    data = LabelledSequenceBatches(
        0,
        sequences=partial(world_promoters, examples=40, length=30),
        examples_per_batch=7,
    )
    data.setup()
    made = list(data.batches(0))
    part = data.parts.train
    seen = sorted(
        (tuple(s.tolist()), float(label))
        for batch in made
        for s, label in zip(batch.sequences, batch.labels, strict=True)
    )
    there = sorted(
        (tuple(s.tolist()), float(label))
        for s, label in zip(part.sequences, part.labels, strict=True)
    )
    assert seen == there
    assert data.tokens_per_epoch == part.sequences.size
    assert not torch.equal(made[0].sequences, data.batches(1)[0].sequences)
