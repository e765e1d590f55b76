"""Baselines of contacts: what is chosen on the training families, and on nothing else."""

from __future__ import annotations

from types import SimpleNamespace

import lightning
import numpy as np
import pytest

from replications.baselines.proteins.contact_baselines import score_contacts, take_nearest_template
from replications.corpora.proteins.families import family_of
from replications.recipes import Workspace


def family(name, apart, length=16):
    """Contacts are the pairs `apart` from each other in the chain."""
    index = np.arange(length)
    distances = np.full((length, length), 20.0, dtype=np.float32)
    distances[np.abs(index[:, None] - index) == apart] = 5
    ids = np.random.default_rng(len(name)).integers(0, 20, (4, length)).astype(np.uint8)
    return family_of(name, ids, distances)


class Data(lightning.LightningDataModule):
    tokens_per_epoch = 1

    def __init__(self, families):
        super().__init__()
        self.families = families

    @staticmethod
    def test_alignment(family, depth):
        return family.alignment[:depth]


def separations(alignment, *, pseudocount=7.0):
    """The number is taken for the separation of contacts, which makes a wrong one find nothing."""
    index = np.arange(alignment.shape[1])
    return (np.abs(index[:, None] - index) == pseudocount).astype(float)


@pytest.fixture
def data():
    training = [family("a", 9), family("bb", 9), family("long", 12, length=200)]
    return Data(families={"s": SimpleNamespace(train=training, test=[family("t", 7)])})


def learned(data, **given):
    return score_contacts(data, (), Workspace(0), score=separations, **given).model


def test_the_pseudocount_is_that_which_finds_most_in_the_training_families(data):
    tuned = {"s": {"depth": 3, "separation": 6}}
    model = learned(data, pseudocounts=(7.0, 9.0, 12.0), tuned=tuned)
    alignment = data.families["s"].test[0].alignment
    found = model.of_source("s").contact_scores(alignment)
    assert found[0, 9] == 1 and found[0, 7] == 0
    # Of another source nothing was chosen.
    assert model.of_source("other").contact_scores(alignment)[0, 7] == 1


def test_without_a_choice_the_score_is_taken_as_it_stands(data):
    assert learned(data).contact_scores(np.zeros((2, 16), dtype=np.uint8))[0, 7] == 1


def test_the_nearest_template_gives_the_contacts_of_the_family_that_is_most_alike(data):
    model = take_nearest_template(data, (), Workspace(0)).model
    query = data.families["s"].train[1].alignment
    assert np.array_equal(model.contact_scores(query), data.families["s"].train[1].contacts)
