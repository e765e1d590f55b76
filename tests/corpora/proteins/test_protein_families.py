"""Families, chains and promoters as chapters read them: split by family, with nothing leaking."""

from __future__ import annotations

import os
from functools import partial

import numpy as np
import pytest

from replications.corpora.proteins.chains import refuse_missing, world_chains
from replications.corpora.proteins.families import (
    beta_carbons,
    both,
    corpus_families,
    family_of,
    world_families,
)
from replications.corpora.proteins.promoters import negative_of, world_promoters
from replications.corpora.proteins.relatives import refuse_relatives, related_groups
from replications.errors import ReplicationError
from replications.tokens.residues import LETTERS, UNKNOWN, residue_ids

MIRROR = os.environ.get("REPLICATIONS_MIRROR")
BACKBONE = ((1.46, 0, 0), (0, 0, 0), (-0.55, 1.42, 0))
WORLD = partial(
    world_families, train_families=3, test_families=2, length=24, depth=6, test_depth=9, sweeps=2
)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path))


def test_letters_become_ids_and_ambiguous_ones_are_unknown():
    assert residue_ids("ACY-x").tolist() == [0, 1, 19, 21, UNKNOWN]
    assert [residue_ids(letter)[0] for letter in "BZJUO"] == [UNKNOWN] * 5
    assert LETTERS[UNKNOWN] == "X"
    with pytest.raises(ReplicationError, match="q: the letter 'é' at position 2 is none of"):
        residue_ids("Aé", name="q")


def test_worlds_families_are_the_same_when_they_are_read_from_the_cache():
    drawn, kept = WORLD(0), WORLD(1)
    for one, other in zip(drawn.train, kept.train, strict=True):
        assert np.array_equal(one.alignment, other.alignment)
        assert np.array_equal(one.distances, other.distances)
    assert drawn.identities == kept.identities
    assert [family.alignment.shape for family in drawn.test] == [(9, 24)] * 2
    assert drawn.test[0].at_depth(4).shape == (4, 24)


def test_no_fold_of_the_world_is_in_two_parts():
    families = WORLD(0)
    folds = [family.distances.round(3).tobytes() for family in (*families.train, *families.test)]
    assert len(set(folds)) == 5


def test_two_sources_are_joined_part_by_part():
    joined = both(0, one=WORLD, other=WORLD)
    assert (len(joined.train), len(joined.test), len(joined.identities)) == (6, 4, 4)


def test_a_pair_with_a_missing_residue_is_not_known_and_no_contact():
    distances = np.array([[0, 3, np.nan], [3, 0, 9], [np.nan, 9, 0]], dtype=np.float32)
    family = family_of("x", np.zeros((1, 3), dtype=np.uint8), distances)
    assert family.known.tolist() == [[True, True, False], [True, True, True], [False, True, True]]
    assert family.contacts[0].tolist() == [True, True, False]


def test_a_beta_carbon_lies_a_bond_from_the_alpha_carbon_and_turns_with_the_residue():
    n, ca, c = (np.array([each], dtype=np.float32) for each in BACKBONE)
    beta = beta_carbons(n, ca, c)
    assert np.linalg.norm(beta) == pytest.approx(1.53, abs=0.02)
    turn = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]], dtype=np.float32)
    assert np.allclose(beta_carbons(n @ turn, ca, c @ turn), beta @ turn)


def test_relatives_of_relatives_are_one_family_and_repeats_tie_nobody():
    chain = ["AAAACCCC", "CCCCDDDD", "DDDDEEEE", "FFFFGGGG"]
    assert related_groups(chain, word=4) == [0, 0, 0, 3]
    assert related_groups(chain, word=4, shared=2) == [0, 1, 2, 3]
    assert len(set(related_groups(["AAAA" + 3 * "CDE"[n % 3] for n in range(120)], word=4))) > 1


def test_a_test_family_with_a_relative_in_training_is_refused():
    train, test = {"a": ["ACDEFGHIKL"], "b": ["MMMMMMMMMM"]}, {"t": ["YYACDEFGHIKL"]}
    with pytest.raises(ReplicationError, match="t, which is tested, and a, which is trained on"):
        refuse_relatives(train, test)
    refuse_relatives({"b": train["b"]}, test)


def test_a_chain_with_missing_residues_is_refused_with_their_numbers():
    backbone = np.zeros((9, 3, 3), dtype=np.float32)
    refuse_missing("x", backbone)
    backbone[[1, 4], 2] = np.nan
    with pytest.raises(ReplicationError, match=r"x: 2 of 9 residues have no coordinates \(2, 5\)"):
        refuse_missing("x", backbone)


def test_worlds_chains_have_frames_whose_middle_is_the_trace():
    chains = world_chains(0, train_chains=2, test_chains=1, length=20)
    assert np.linalg.norm(np.diff(chains.train[0].trace, axis=0), axis=1) == pytest.approx(3.8)
    assert len(chains.test) == 1


def test_a_negative_keeps_eight_of_twenty_parts_where_they_were():
    sequence = np.full(300, 4, dtype=np.uint8)
    made = negative_of(sequence, np.random.default_rng(0)).reshape(20, 15)
    assert sorted((part == 4).all() for part in made) == [False] * 12 + [True] * 8


def test_promoters_and_their_negatives_are_in_the_same_part():
    promoters = world_promoters(0, examples=50, length=40)
    parts = (promoters.train, promoters.validation, promoters.test)
    assert [part.labels.mean() for part in parts] == [0.5] * 3
    assert [len(part.labels) for part in parts] == [70, 10, 20]


@pytest.mark.skipif(not MIRROR, reason="REPLICATIONS_MIRROR names no mirror of the corpora")
def test_the_targets_of_casp_are_tested_and_are_related_to_no_training_family(monkeypatch):
    families = corpus_families(0)
    assert len(families.train) == 59
    assert {family.name[0] for family in families.test} == {"T"}
    assert max(family.length for family in families.test) <= 200
