"""A card with too little memory stops a run before it begins, with the size that would fit."""

from __future__ import annotations

import pytest
from fabricated import FabricatedRecipe

from replications.errors import ReplicationError
from replications.papers import PAPERS
from replications.training import memory
from replications.training.costs import counted
from replications.training.memory import require_memory

(RECIPE,) = (each for each in PAPERS["gpt2"].RECIPES["gpu"] if each.name == "size-30")
COST = counted(RECIPE)
FIXED = COST.memory - COST.of_a_batch


@pytest.fixture(autouse=True)
def counted_once(monkeypatch):
    monkeypatch.setattr(memory, "counted", lambda recipe: COST if recipe is RECIPE else None)


def require(free, **options):
    require_memory(RECIPE, "cuda", free=lambda device: int(free), **options)


def test_what_fits_and_what_no_gpu_trains_is_let_through():
    require(COST.memory / 0.9 + 1)
    require_memory(RECIPE, "cpu")
    require_memory(FabricatedRecipe("a"), "cuda", free=lambda device: 1)


def test_the_fewest_parts_that_fit_are_named_and_do_fit():
    # Room for a third of the batch: of its 64 rows, four parts of 16.
    free = (FIXED + COST.of_a_batch / 3) / 0.9
    with pytest.raises(ReplicationError, match=r"size-30 takes about .* GB free\. --parts 4 reads"):
        require(free)
    require(free, parts=4)
    with pytest.raises(ReplicationError, match="--parts 4 "):
        require(free, parts=2)


def test_processes_that_share_the_batch_take_less_each():
    free = (FIXED + COST.of_a_batch / 3) / 0.9
    with pytest.raises(ReplicationError, match="--parts 2 "):
        require(free, shares=2)
    require(free, shares=4)


def test_a_gpu_without_room_for_a_single_example_says_so():
    with pytest.raises(ReplicationError, match="a smaller --tier, a larger GPU, or --device cpu"):
        require(FIXED / 2)
