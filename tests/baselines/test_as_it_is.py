"""A recipe that measures the model that it begins with."""

import pytest

from replications.baselines.as_it_is import as_it_is
from replications.corpora.batches.conversations.listed import EmptyPrompts
from replications.errors import ReplicationError
from replications.recipes import Workspace

DATA = EmptyPrompts(0, symbols=4, length=3, answers_per_batch=2, batches_per_epoch=5)


def test_the_model_is_the_one_that_it_begins_with():
    model = object()
    found = as_it_is(DATA, (), Workspace(0, start=model))
    assert found.model is model and found.flops == 0 and found.trajectory[0]["tokens"] == 40


def test_without_a_start_there_is_nothing_to_measure():
    with pytest.raises(ReplicationError, match="give the recipe a `start`"):
        as_it_is(DATA, (), Workspace(0))
