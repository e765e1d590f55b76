from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import pytest
import torch
from tiny_text import text_of

from replications.corpora.batches.cooccurrence_blocks import (
    CooccurrenceBlocks,
    Diagonals,
    shuffled_positions,
)
from replications.corpora.texts.cooccurrence import count_cooccurrences
from replications.corpora.texts.encoded_text import world_text
from replications.errors import ReplicationError

# 13 words: in blocks of 4 the last block has one word, in blocks of 5 it has three.
TEXT = text_of("a b c d e a b f", "g", "b a", "h i j k l a b c d e f g a a a b c k l m")
CELLS = count_cooccurrences(TEXT, window=5)


def rebuilt(diagonals: Diagonals) -> torch.Tensor:
    """The matrix by places, from the blocks; a cell met twice would count twice."""
    matrix = torch.zeros(diagonals.size, diagonals.size)
    for blocks in diagonals:
        for block in blocks:
            part = matrix[block.rows, block.columns]
            flat = torch.zeros(part.numel())
            flat.index_add_(0, block.entry.long(), block.count)
            part += flat.view(part.shape)
    return matrix


@pytest.mark.parametrize("block", [1, 4, 5, 13, 64])
def test_every_cell_comes_exactly_once_an_epoch(block):
    permutation = shuffled_positions(CELLS.size, seed=3)
    diagonals = Diagonals(CELLS, permutation, block)
    expected = torch.zeros(CELLS.size, CELLS.size)
    expected[permutation[:, None], permutation[None, :]] = CELLS.dense()
    assert torch.equal(rebuilt(diagonals), expected)
    entries = sum(len(block.entry) for blocks in diagonals for block in blocks)
    assert entries == len(CELLS.symmetric()[2])


@pytest.mark.parametrize("block", [1, 4, 5])
def test_a_diagonal_touches_each_row_and_each_column_at_most_once(block):
    for blocks in Diagonals(CELLS, shuffled_positions(CELLS.size, seed=0), block):
        for side in ("rows", "columns"):
            touched = [i for one in blocks for i in range(CELLS.size)[getattr(one, side)]]
            assert len(touched) == len(set(touched))


def test_the_last_block_is_as_long_as_the_words_that_are_left():
    diagonals = Diagonals(CELLS, torch.arange(CELLS.size), 4)
    blocks = [block for found in diagonals for block in found]
    for side in ("rows", "columns"):
        ranges = {(getattr(one, side).start, getattr(one, side).stop) for one in blocks}
        assert ranges == {(0, 4), (4, 8), (8, 12), (12, 13)}
    assert len(diagonals) == 4


def test_a_block_without_a_cell_is_left_out():
    alone = count_cooccurrences(text_of("a b", "c d"), window=1)
    blocks = [block for found in Diagonals(alone, torch.arange(4), 2) for block in found]
    assert [(block.rows.start, block.columns.start) for block in blocks] == [(0, 0), (2, 2)]


def test_there_is_no_diagonal_after_the_last():
    diagonals = Diagonals(CELLS, torch.arange(CELLS.size), 4)
    with pytest.raises(IndexError):
        diagonals[4]


def test_shuffled_places_are_a_permutation_of_the_seed():
    one, two = shuffled_positions(100, 1), shuffled_positions(100, 2)
    assert sorted(one.tolist()) == list(range(100))
    assert torch.equal(one, shuffled_positions(100, 1))
    assert not torch.equal(one, two)


def test_an_epoch_visits_all_diagonals_in_an_order_of_the_seed_and_its_number_alone():
    data = CooccurrenceBlocks(1, text=partial(world_text, tokens=700), window=3, block=32)
    data.setup("fit")
    orders = []
    for epoch in (0, 1, 0):
        data.trainer = SimpleNamespace(current_epoch=epoch)
        orders.append(list(data.train_dataloader().sampler))
    assert orders[0] == orders[2] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(len(data.diagonals)))


def test_the_text_of_the_seed_is_counted_once():
    made = []

    def source(seed):
        made.append(seed)
        return TEXT

    data = CooccurrenceBlocks(7, text=source, window=2, block=4)
    data.setup("fit")
    data.setup("fit")
    assert made == [7]
    assert data.tokens_per_epoch == len(TEXT.ids)
    assert data.vocabulary is TEXT.vocabulary


@pytest.mark.parametrize("name", ["window", "block"])
def test_sizes_below_one_are_refused(name):
    with pytest.raises(ReplicationError, match="must be at least 1"):
        CooccurrenceBlocks(0, text=partial(world_text, tokens=700), **{name: 0})
