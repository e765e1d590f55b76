from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
import torch
from tiny_text import text_of
from torch.testing import assert_close

from replications.corpora.batches.word_blocks import (
    BlockStream,
    WordBlocks,
    keep_probability,
    pairs,
)
from replications.corpora.texts.encoded_text import world_text
from replications.errors import ReplicationError

WINDOW = 3
# Documents shorter than a window, as long as a block, and longer; 31 words in all.
DOCUMENTS = (
    "a b c d e a b f",
    "g",
    "",
    "b a",
    "h i j k l a b c d e f g a a a b c k l m",
)


def stream(text, *, block=4, blocks_per_batch=3, window=WINDOW, subsample=None, seed=0):
    return BlockStream(
        text,
        window=window,
        subsample=subsample,
        block=block,
        blocks_per_batch=blocks_per_batch,
        generator=torch.Generator().manual_seed(seed),
    )


def pairs_one_by_one(text, radius) -> Counter:
    found = Counter()
    for i, centre in enumerate(text.ids.tolist()):
        for j, context in enumerate(text.ids.tolist()):
            close = 0 < abs(i - j) <= radius[i]
            if close and text.document[i] == text.document[j]:
                found[centre, context] += 1
    return found


def pairs_of(batches) -> Counter:
    return Counter(tuple(pair) for batch in batches for pair in pairs(batch).tolist())


@pytest.mark.parametrize("blocks_per_batch", [1, 3])
@pytest.mark.parametrize("block", [1, 2, 5, 31, 64])
def test_blocks_hold_the_pairs_that_two_loops_over_the_text_find(block, blocks_per_batch):
    text = text_of(*DOCUMENTS)
    batches = stream(text, block=block, blocks_per_batch=blocks_per_batch)
    radius = batches.radius.tolist()
    assert set(radius[: len(text.ids)]) == {1, 2, 3}
    assert pairs_of(batches) == pairs_one_by_one(text, radius)


def test_the_size_of_blocks_does_not_change_the_pairs():
    text = text_of(*DOCUMENTS)
    found = []
    for block, blocks_per_batch in ((1, 1), (3, 2), (7, 1), (16, 4)):
        batches = stream(text, block=block, blocks_per_batch=blocks_per_batch)
        batches.radius[: len(text.ids)] = torch.arange(len(text.ids)) % WINDOW + 1
        found.append(pairs_of(batches))
    assert found[0].total() == 100
    assert found[1:] == found[:1] * 3


def test_a_small_batch_is_the_one_worked_out_by_hand():
    text = text_of("a b a", "b c")
    batches = stream(text, block=2, blocks_per_batch=2, window=2)
    batches.radius[:5] = torch.tensor([2, 1, 1, 2, 1])
    first, second = batches[0], batches[1]
    assert first.centre.tolist() == [[0, 1], [0, 1]]
    assert first.context.tolist() == [[0, 0, 0, 1, 0, 1], [0, 1, 0, 1, 2, 0]]
    assert first.in_window.int().tolist() == [
        [[0, 0, 0, 1, 1, 0], [0, 0, 1, 0, 1, 0]],
        [[0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0]],
    ]
    assert pairs(second).tolist() == [[2, 1]]


def test_the_filling_of_the_last_batch_has_no_pairs():
    text = text_of("a b c d e")
    batches = stream(text, block=4, blocks_per_batch=4)
    assert len(batches) == 1
    in_window = batches[0].in_window.flatten(0, 1)
    assert in_window[:5].any(1).all()
    assert not in_window[5:].any()


def test_a_stream_ends_after_its_last_batch():
    batches = stream(text_of(*DOCUMENTS))
    assert len(list(batches)) == len(batches) == 3
    with pytest.raises(IndexError):
        batches[3]


def test_all_batches_have_the_same_shape():
    shapes = {tuple(part.shape for part in batch) for batch in stream(text_of(*DOCUMENTS))}
    assert shapes == {((3, 4), (3, 10), (3, 4, 10))}


def test_words_are_kept_with_the_probability_of_word2vec_c():
    # (sqrt(f / t) + 1) * t / f for f = 0.96, 0.03, 0.01 and t = 0.01.
    found = keep_probability(torch.tensor([96.0, 3.0, 1.0]), 0.01)
    assert_close(found, torch.tensor([0.11247873, 0.91068360, 1.0]), atol=1e-6, rtol=0)


def test_subsampling_keeps_that_share_of_each_word_and_closes_the_gaps():
    text = text_of(" ".join(["a"] * 9_600 + ["b"] * 300 + ["c"] * 100))
    batches = stream(text, block=50, blocks_per_batch=4, subsample=0.01)
    centres = torch.cat([batch.centre[batch.in_window.any(2)] for batch in batches])
    kept = torch.bincount(centres, minlength=3) / text.vocabulary.counts
    assert_close(kept[:2], torch.tensor([0.1125, 0.9107]).double(), atol=0.03, rtol=0)
    assert kept[2] == 1
    assert (centres.diff() >= 0).all()


def test_subsampling_drops_words_before_windows_are_drawn():
    text = text_of(" ".join(["a"] * 500 + ["b"] + ["a"] * 500 + ["c"]))
    batches = stream(text, window=1, subsample=1e-4)
    assert len(batches) * 12 < 100
    assert {word for pair in pairs_of(batches) for word in pair} >= {1, 2}


def test_radii_are_drawn_evenly_from_one_to_the_window():
    radius = stream(text_of(" ".join(["a", "b"] * 6_000)), window=5).radius
    share = torch.bincount(radius, minlength=6) / len(radius)
    assert share[0] == 0
    assert_close(share[1:], torch.full((5,), 0.2), atol=0.015, rtol=0)


def test_an_epoch_is_a_function_of_the_seed_and_its_number_alone():
    def words(seed):
        data = WordBlocks(seed, text=partial(world_text, tokens=700), subsample=1e-2, block=8)
        data.text = text
        return data

    text = world_text(0, tokens=700)
    one, two = words(1), words(1)
    two.stream(0)
    assert pairs_of(one.stream(4)) == pairs_of(two.stream(4))
    assert pairs_of(one.stream(4)) != pairs_of(one.stream(5))
    assert pairs_of(one.stream(4)) != pairs_of(words(2).stream(4))


def test_the_text_of_the_seed_is_made_once():
    made = []

    def source(seed):
        made.append(seed)
        return text_of("a b c")

    data = WordBlocks(5, text=source)
    data.setup("fit")
    data.setup("fit")
    assert made == [5]
    assert data.tokens_per_epoch == 3
    assert data.vocabulary.words == ("a", "b", "c")


@pytest.mark.parametrize("name", ["window", "block", "blocks_per_batch", "batches_per_step"])
def test_sizes_below_one_are_refused(name):
    with pytest.raises(ReplicationError, match="must be at least 1"):
        WordBlocks(0, text=partial(world_text, tokens=700), **{name: 0})


def test_all_windows_have_one_radius_where_the_smallest_is_the_largest():
    data = WordBlocks(0, text=lambda seed: text_of(" ".join(["a", "b"] * 50)), window=4)
    fixed = WordBlocks(0, text=data.text_source, window=4, smallest_radius=4)
    for each in (data, fixed):
        each.setup()
    assert set(fixed.stream(0).radius.tolist()) == {4} < set(data.stream(0).radius.tolist())


@pytest.mark.parametrize("radius", [0, 6])
def test_a_smallest_radius_outside_the_window_is_refused(radius):
    with pytest.raises(ReplicationError, match="from 1 to the window, 5"):
        WordBlocks(0, text=partial(world_text, tokens=700), smallest_radius=radius)
