"""The world, part five: folds that are folds, couplings on contacts, a dial that dials."""

from __future__ import annotations

import numpy as np
import pytest

from replications.baselines.proteins.covariation import (
    mean_field_dca,
    mutual_information,
    sequence_weights,
)
from replications.corpora.world.proteins.families import make_families
from replications.corpora.world.proteins.folds import (
    BOND,
    CLASH,
    contacts_of,
    distances_of,
    make_fold,
)
from replications.corpora.world.proteins.potts import STATES, Potts, gibbs, make_potts
from replications.errors import ReplicationError


@pytest.fixture(scope="module")
def fold():
    return make_fold(np.random.default_rng(3), 40)


def precision(scores, distances, most=20):
    i, j = np.triu_indices(len(distances), 6)
    best = np.argsort(-scores[i, j], kind="stable")[:most]
    return float((distances[i, j][best] < 8).mean())


def test_a_fold_is_a_compact_chain_without_clashes(fold):
    distances = distances_of(fold)
    assert np.diag(distances, 1) == pytest.approx(BOND)
    assert distances[np.triu_indices(40, 2)].min() >= CLASH - 1e-9
    assert contacts_of(distances, separation=6).sum(1).mean() >= 3


def mirror_image(trace):
    """The chain in a mirror: all distances are the same, and the helices left-handed."""
    return trace * np.array([-1.0, 1.0, 1.0])


def handedness(trace):
    """The share of right-handed ones among the turns of four residues that are as bent as a helix.

    0.5 where there are none.
    """
    a, b, c, d = trace[:-3], trace[1:-2], trace[2:-1], trace[3:]
    volume = np.einsum("ni,ni->n", np.cross(b - a, c - b), d - c)
    # Residues n and n+3 of a helix are 5.0 Å apart, of other turns more.
    helical = np.linalg.norm(d - a, axis=-1) < 6.0
    return float(np.mean(volume[helical] > 0)) if helical.any() else 0.5


def test_helices_are_right_handed_and_left_handed_in_the_mirror():
    found = [handedness(make_fold(np.random.default_rng(seed), 40)) for seed in range(6)]
    assert np.mean(found) > 0.75
    fold = make_fold(np.random.default_rng(0), 40)
    assert handedness(mirror_image(fold)) == pytest.approx(1 - handedness(fold))
    assert np.allclose(distances_of(mirror_image(fold)), distances_of(fold))


def test_couplings_are_on_the_contacts_alone_and_symmetric(fold):
    distances = distances_of(fold)
    potts = make_potts(np.random.default_rng(0), distances)
    strengths = potts.strengths()
    assert np.array_equal(strengths > 0, contacts_of(distances))
    assert np.allclose(strengths, strengths.T)
    assert precision(strengths, distances) == 1.0


def test_shared_templates_make_the_couplings_of_two_families_alike(fold):
    distances = distances_of(fold)
    template = np.random.default_rng(9).standard_normal((STATES, STATES))

    def alike(shared):
        one, other = (
            make_potts(np.random.default_rng(n), distances, shared=shared, templates=template)
            for n in (0, 1)
        )
        return np.corrcoef(one.couplings[0, 0].ravel(), other.couplings[0, 0].ravel())[0, 1]

    assert alike(0.9) > 0.7 > 0.4 > abs(alike(0.0))
    with pytest.raises(ReplicationError, match="from 0 to 1"):
        alike(1.5)


def test_gibbs_sampling_draws_two_coupled_sites_as_their_distribution_says():
    coupling = np.random.default_rng(0).standard_normal((STATES, STATES))
    fields = 0.3 * np.random.default_rng(1).standard_normal((2, STATES))
    potts = Potts(fields, np.array([[1], [0]]), np.stack([coupling[None], coupling.T[None]]))
    drawn = gibbs(np.random.default_rng(2), potts, np.zeros((20_000, 2), dtype=np.uint8), 12)
    joint = np.zeros((STATES, STATES))
    np.add.at(joint, tuple(drawn.T), 1 / len(drawn))
    exact = np.exp(fields[0][:, None] + fields[1] + coupling)
    assert np.abs(joint - exact / exact.sum()).max() < 0.01


def test_the_first_families_are_the_same_however_many_there_are():
    one, many = (list(make_families(0, n, length=20, depth=4, sweeps=2)) for n in (1, 2))
    assert np.array_equal(one[0].alignment, many[0].alignment)
    assert not np.array_equal(many[0].trace, many[1].trace)


def test_deeper_alignments_and_stronger_couplings_are_easier():
    def found(depth, coupling):
        families = list(make_families(5, 3, depth=256, coupling=coupling))
        scored = (mutual_information(f.alignment[:depth]) for f in families)
        return np.mean([precision(s, f.distances) for s, f in zip(scored, families, strict=True)])

    assert found(16, 1.0) + 0.25 < found(256, 1.0)
    assert found(16, 1.0) + 0.15 < found(16, 2.4)


def test_sequences_along_a_tree_are_effectively_fewer():
    (tree,) = make_families(1, 1, length=24, depth=32, branch=0.2)
    (star,) = make_families(1, 1, length=24, depth=32)
    assert sequence_weights(tree.alignment).sum() < 0.6 * sequence_weights(star.alignment).sum()


def test_direct_couplings_leave_out_what_a_third_column_explains():
    # A chain of couplings 0-1-2: columns 0 and 2 vary together through 1 alone.
    draw = np.random.default_rng(4)
    alignment = draw.integers(0, 4, (4000, 24))
    for left, right in ((0, 1), (1, 2)):
        copied = draw.random(4000) < 0.85
        alignment[copied, right] = alignment[copied, left]
    scores = mean_field_dca(alignment.astype(np.uint8), pseudocount=0.1)
    information = mutual_information(alignment.astype(np.uint8))
    assert scores[0, 2] < 0.35 * scores[0, 1]
    assert information[0, 2] > 0.35 * information[0, 1]


@pytest.mark.parametrize("method", [mutual_information, mean_field_dca])
def test_a_single_sequence_is_refused_and_says_what_takes_one(method):
    with pytest.raises(ReplicationError, match=r"one sequence, whose columns cannot vary"):
        method(np.zeros((1, 5), dtype=np.uint8))


def test_too_short_a_fold_is_refused():
    with pytest.raises(ReplicationError, match="give 8 or more"):
        make_fold(np.random.default_rng(0), 7)
