"""Numbers that remember what they are made of, and the file in which a record keeps it."""

from __future__ import annotations

import errno
import math
import os

import numpy as np
import pytest
from fabricated import fabricate_record

from replications.errors import ReplicationError
from replications.items import FromItems, Items
from replications.metrics.tasks.labels import accuracy_and_f1, correlations, matthews
from replications.metrics.translation.bleu import Translations, corpus_scores
from replications.metrics.translation.by_length import accuracy_by_length, bleu_by_length
from replications.records import load_items, load_record, load_records, save_record

DRAW = np.random.default_rng(0)
TRUE = DRAW.integers(0, 2, 200).astype(float).tolist()
SAID = [t if keep else 1 - t for t, keep in zip(TRUE, DRAW.random(200) < 0.7, strict=True)]
GIVEN = DRAW.normal(size=100).tolist()
READ = [value + noise for value, noise in zip(GIVEN, DRAW.normal(size=100), strict=True)]
SPOKEN = Translations(
    source=(
        "ein Hund bellt laut",
        "eine kleine rote Katze schläft",
        "ein Mann liest ein altes Buch .",
    ),
    reference=("the dog barks out loud", "a red cat sleeps very deeply", "a man reads a book ."),
    hypothesis=(
        "the dog barks out loud",
        "a red cat sleeps very deeply",
        "a man is reading a book .",
    ),
)

MEASURED = {
    **accuracy_and_f1(TRUE, SAID),
    **matthews(TRUE, SAID),
    **correlations(GIVEN, READ),
    **corpus_scores(SPOKEN),
    **bleu_by_length(SPOKEN, edges=(4,)),
    **accuracy_by_length(SPOKEN, edges=(4,)),
    "nll": FromItems(0.5, "ratio", [1.0, 2.0], [2, 4]),
    "groups": FromItems(75.0, "percent of groups", [1, 1, 1, 0], [0, 0, 1, 1]),
    "odds": FromItems(math.log(6 * 8 / (2 * 4)), "log odds ratio", [5, 1], [8, 0], [0, 2], [1, 3]),
    "mse": FromItems(0.25, "mean", [0.125, 0.375]),
}
WITH_ITEMS = sorted(name for name, number in MEASURED.items() if isinstance(number, FromItems))


def test_labels_translations_and_their_ranges_have_items():
    assert {"accuracy", "f1", "matthews", "pearson", "spearman", "bleu"} <= set(WITH_ITEMS)
    assert {"bleu:1-4", "exact", "word_accuracy", "exact:5+"} <= set(WITH_ITEMS)


@pytest.mark.parametrize("name", WITH_ITEMS)
def test_a_number_is_the_statistic_of_its_items(name):
    items = MEASURED[name].items
    assert items.statistic(items.values) == pytest.approx(float(MEASURED[name]), rel=1e-6)
    assert 0 < MEASURED[name] < 101


def test_the_statistics_of_another_draw_are_those_of_the_metric():
    drawn = DRAW.integers(0, 200, 200)
    items = matthews(TRUE, SAID)["matthews"].items
    true, said = ([each[i] for i in drawn] for each in (TRUE, SAID))
    expected = matthews(true, said)["matthews"]
    assert items.statistic(items.values[drawn]) == pytest.approx(float(expected))


def test_the_bleu_of_items_without_any_4_gram_is_that_of_the_signature():
    short = Translations(("ein Hund",), ("the dog",), ("the dog",))
    score = corpus_scores(short)["bleu"]
    # By its "effective order" of 2 it would be 100.
    assert score.again() == float(score) == 0


def test_a_count_that_a_draw_leaves_out_is_taken_as_the_least_that_an_item_has():
    items = MEASURED["odds"].items
    # The second item twice: nothing in the second column, and 1 is the least.
    drawn = items.values[[1, 1]]
    assert items.statistic(drawn) == pytest.approx(math.log(2 * 1 / (4 * 6)))
    assert items.statistic(0 * drawn) == 0


def test_a_draw_of_one_class_has_no_correlation():
    one_class = np.array([[1, 1], [0, 1]], dtype=np.uint8)
    assert Items(one_class, "matthews").statistic(one_class) == 0
    assert Items(one_class, "f1").statistic(one_class * 0) == 0


def test_a_statistic_that_there_is_not_is_an_error():
    with pytest.raises(ReplicationError, match="no statistic 'median' of items; there are: mean"):
        FromItems(1.0, "median", [1.0])


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ([True, False], np.uint8),
        ([0.0, 255.0], np.uint8),
        ([-1, 3], np.int16),
        ([70_000, 0], np.int32),
        ([0.5, 1.0], np.float32),
        ([1e12, 1.0], np.float32),
    ],
)
def test_items_are_kept_small_and_whole_numbers_whole(column, kind):
    items = FromItems(0.0, "mean", column).items
    assert items.values.dtype == kind
    np.testing.assert_allclose(items.values[:, 0], column, rtol=1e-7)


def test_a_record_keeps_the_items_of_its_metrics_in_one_file_beside_it(tmp_path):
    metrics = {**MEASURED, "chance": 50.0}
    record = load_record(save_record(fabricate_record(metrics=metrics), tmp_path))
    assert record.metrics == metrics
    assert not any(isinstance(number, FromItems) for number in record.metrics.values())
    found = load_items(record, tmp_path)
    assert sorted(found) == WITH_ITEMS
    for name, items in found.items():
        assert items.statistic(items.values) == pytest.approx(record.metrics[name], rel=1e-6)
        np.testing.assert_array_equal(items.values, MEASURED[name].items.values)
    with np.load(tmp_path / "word2vec" / "skip-gram.laptop.seed0.items.npz") as arrays:
        assert "accuracy" in arrays and "f1" not in arrays, "the same predictions are kept once"
        assert len(arrays) < len(found)


def test_the_same_items_make_the_same_file(tmp_path):
    files = [
        save_record(fabricate_record(metrics=MEASURED), tmp_path / name).with_name(
            "skip-gram.laptop.seed0.items.npz"
        )
        for name in ("one", "other")
    ]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_number_that_its_items_do_not_make_is_not_recorded(tmp_path):
    wrong = FromItems(60.0, "percent", [True, False])
    with pytest.raises(ReplicationError, match=r"score is 60\.0, and percent of its items is 50"):
        save_record(fabricate_record(metrics={"score": wrong}), tmp_path)
    assert list(tmp_path.rglob("*.*")) == []


def kept_and_refused(tmp_path, refused, why, **options):
    """An older record, and what is left of it when the newer one is refused."""
    older = fabricate_record(metrics={"right": FromItems(50.0, "percent", [1, 0])})
    path = save_record(older, tmp_path, **options)
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    with pytest.raises(ReplicationError, match=why):
        save_record(refused, tmp_path, **options)
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before
    (record,) = load_records("word2vec", folder=tmp_path)
    assert load_items(record, tmp_path)["right"].values.tolist() == [[1], [0]]


@pytest.mark.parametrize("compact", [False, True])
def test_a_record_that_is_refused_leaves_the_items_of_the_older_one(tmp_path, compact):
    refused = fabricate_record(metrics=MEASURED, seconds=-1.0)
    kept_and_refused(tmp_path, refused, "seconds", compact=compact)


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("file", [1, 2])
def test_a_disk_that_is_full_at_either_file_leaves_both_of_the_older_record(
    tmp_path, monkeypatch, file, compact
):
    synced = []

    def full(_descriptor):
        synced.append(file)
        # Two files of the older record, the items once more than the other.
        if len(synced) == 3 + file:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    newer = fabricate_record(metrics=MEASURED)
    kept_and_refused(tmp_path, newer, "No space left on device", compact=compact)


def test_a_record_without_items_has_none_and_leaves_no_older_ones(tmp_path):
    save_record(fabricate_record(metrics=MEASURED), tmp_path)
    path = save_record(fabricate_record(), tmp_path)
    assert load_items(load_record(path), tmp_path) == {}
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("fault", ["missing", "cut", "another run's"])
def test_items_that_the_run_did_not_write_are_refused_by_name(fault, tmp_path):
    record = load_record(save_record(fabricate_record(metrics=MEASURED), tmp_path))
    file = tmp_path / "word2vec" / record.items_filename
    if fault == "missing":
        file.unlink()
    elif fault == "cut":
        file.write_bytes(file.read_bytes()[:-9])
    else:
        other = fabricate_record(seed=1, metrics=correlations(READ, GIVEN))
        save_record(other, tmp_path)
        file.write_bytes(file.with_name(other.items_filename).read_bytes())
    with pytest.raises(ReplicationError, match=f"{record.items_filename} does not hold the items"):
        load_items(record, tmp_path)
