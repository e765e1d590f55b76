from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest
import torch
from tiny_text import text_of
from torch.testing import assert_close

from replications.corpora.texts.cooccurrence import cached_cooccurrences, count_cooccurrences
from replications.corpora.texts.encoded_text import world_text
from replications.corpora.world.words import throne_room
from replications.errors import ReplicationError

# Documents shorter than the window and longer, an empty one, and a word beside itself.
DOCUMENTS = (
    "a b c d e a b f",
    "g",
    "",
    "b a",
    "h i j k l a b c d e f g a a a b c k l m",
)


def counted_one_by_one(text, window) -> torch.Tensor:
    """The whole matrix by two loops over the text, in double precision."""
    found: dict[tuple[int, int], float] = defaultdict(float)
    ids, document = text.ids.tolist(), text.document.tolist()
    for i, centre in enumerate(ids):
        for j, near in enumerate(ids):
            if 0 < abs(i - j) <= window and document[i] == document[j]:
                found[centre, near] += 1 / abs(i - j)
    matrix = torch.zeros(len(text.vocabulary), len(text.vocabulary), dtype=torch.float64)
    for place, count in found.items():
        matrix[place] = count
    return matrix


@pytest.mark.parametrize("window", [1, 2, 5, 30])
def test_counts_are_those_that_two_loops_over_the_text_find(window):
    text = text_of(*DOCUMENTS)
    found = count_cooccurrences(text, window=window)
    assert_close(found.dense().double(), counted_one_by_one(text, window), atol=1e-5, rtol=0)


def test_words_of_two_documents_never_meet():
    cooccurrences = count_cooccurrences(text_of("a b", "c d"), window=5)
    assert cooccurrences.between(*text_of("a b", "c d").vocabulary.encode(["b", "c"]).tolist()) == 0
    assert len(cooccurrences.count) == 2


def test_a_word_beside_itself_counts_from_both_sides():
    cooccurrences = count_cooccurrences(text_of("a a", "b"), window=5)
    assert (
        cooccurrences.first.tolist(),
        cooccurrences.second.tolist(),
        cooccurrences.count.tolist(),
    ) == ([0], [0], [2.0])
    rows, columns, counts = cooccurrences.symmetric()
    assert len(rows) == len(columns) == len(counts) == 1


def test_cells_are_sorted_and_each_stands_once_with_the_smaller_id_first():
    cooccurrences = count_cooccurrences(text_of(*DOCUMENTS), window=5)
    keys = cooccurrences.first * cooccurrences.size + cooccurrences.second
    assert (keys.diff() > 0).all()
    assert (cooccurrences.first <= cooccurrences.second).all()
    assert (cooccurrences.count > 0).all()


@pytest.mark.parametrize(
    "sizes",
    [
        {"words_at_once": 3},
        {"words_at_once": 1, "dense_entries": 0, "pending_pairs": 1},
        {"dense_entries": 40, "pending_pairs": 5},
        {"dense_entries": 0},
    ],
)
def test_the_sizes_that_bound_the_memory_shape_no_count(sizes):
    text = text_of(*DOCUMENTS)
    whole = count_cooccurrences(text, window=5)
    bounded = count_cooccurrences(text, window=5, **sizes)
    assert torch.equal(bounded.first, whole.first)
    assert torch.equal(bounded.second, whole.second)
    assert_close(bounded.count, whole.count)


def test_the_sizes_shape_no_count_of_a_longer_text():
    text = world_text(0, tokens=2_800)
    whole = count_cooccurrences(text, window=4)
    bounded = count_cooccurrences(
        text, window=4, words_at_once=101, dense_entries=5_000, pending_pairs=900
    )
    assert_close(bounded.dense(), whole.dense())


@pytest.mark.parametrize("sizes", [{}, {"words_at_once": 50_000}, {"dense_entries": 0}])
def test_a_count_grows_with_the_text_however_large_it_is(sizes):
    # From half a million on, single precision would add 1/9 as 1/8, and 1/5 as 3/16.
    length = 400_000
    text = text_of("a b " * (length // 2))
    found = count_cooccurrences(text, window=10, **sizes).between(0, 1)
    assert found == pytest.approx(sum((length - r) / r for r in (1, 3, 5, 7, 9)), rel=1e-6)


def test_the_throne_room_has_the_counts_that_were_worked_out_by_hand():
    text = text_of(*map(" ".join, throne_room()))
    cooccurrences = count_cooccurrences(text, window=5)
    number = text.vocabulary.index
    # king: "sat on the throne" puts them 4 apart, and "lay on the throne" too.
    assert cooccurrences.between(number["king"], number["throne"]) == pytest.approx(1 / 4 + 1 / 4)
    # crown: 5 apart in "king and he wore a crown", 3 apart in "crown of the king".
    assert cooccurrences.between(number["king"], number["crown"]) == pytest.approx(1 / 5 + 1 / 3)
    for context in ("throne", "crown"):
        assert cooccurrences.between(number["queen"], number[context]) == cooccurrences.between(
            number[context], number["king"]
        )
    assert cooccurrences.between(number["man"], number["throne"]) == 0
    # "the man and the woman", and "no man and no woman": 3 apart both times.
    assert cooccurrences.between(number["man"], number["woman"]) == pytest.approx(1 / 3 + 1 / 3)


def test_the_first_columns_are_those_of_the_most_frequent_words():
    cooccurrences = count_cooccurrences(text_of(*DOCUMENTS), window=5)
    assert torch.equal(cooccurrences.dense(columns=4), cooccurrences.dense()[:, :4])
    assert torch.equal(cooccurrences.dense(columns=1_000), cooccurrences.dense())


def test_counts_are_kept_in_the_cache_and_read_back(tmp_path, monkeypatch):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path))
    text = replace(text_of(*DOCUMENTS), key="tiny")
    made = cached_cooccurrences(text, window=5)
    monkeypatch.setattr(
        "replications.corpora.texts.cooccurrence.count_cooccurrences",
        lambda *_, **__: pytest.fail("counted again"),
    )
    read = cached_cooccurrences(text, window=5)
    assert torch.equal(read.dense(), made.dense())
    assert read.first.dtype == read.second.dtype == torch.int64


def test_another_window_has_another_place_in_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path))
    text = replace(text_of(*DOCUMENTS), key="tiny")
    near, far = (cached_cooccurrences(text, window=window) for window in (1, 5))
    assert len(near.count) < len(far.count)


def test_a_text_without_a_key_leaves_nothing_in_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path))
    cached_cooccurrences(text_of(*DOCUMENTS), window=5)
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("kept", [0, 5, 120])
def test_cached_counts_that_were_cut_short_are_an_error_that_names_the_file(
    tmp_path, monkeypatch, kept
):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path))
    text = replace(text_of(*DOCUMENTS), key="tiny")
    cached_cooccurrences(text, window=5)
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(ReplicationError, match=f"{file.name} .*damaged.*Delete"):
        cached_cooccurrences(text, window=5)


def test_a_cache_that_cannot_be_written_is_an_error_and_leaves_no_part(tmp_path, monkeypatch):
    blocked = tmp_path / "cache"
    blocked.write_text("a file where the folder should be")
    monkeypatch.setenv("REPLICATIONS_CACHE", str(blocked))
    with pytest.raises(ReplicationError, match="Cannot write .*REPLICATIONS_CACHE"):
        cached_cooccurrences(replace(text_of(*DOCUMENTS), key="tiny"), window=5)
    assert list(tmp_path.iterdir()) == [blocked]
