"""The records of a sweep in one file: what they lose by it, and what a killed process does."""

import json
import multiprocessing
import signal
import time
from dataclasses import replace

import pytest
from fabricated import FabricatedRecipe, fabricate_record

from replications.errors import ReplicationError
from replications.items import FromItems
from replications.records import (
    FailedRun,
    fresh,
    load_items,
    load_records,
    save_record,
    stale_records,
)
from replications.records.compact import compact_file, read_compact

PARTS = {"learner": {"part": "train", "objective": {"d_model": 16, "layers": 2}}, "texts": None}


def run(name, seed=0, size=16, **changed):
    parts = {**PARTS, "learner": {**PARTS["learner"], "objective": {"d_model": size, "layers": 2}}}
    fields = {"recipe_parts": parts, "metrics": {"bits": 1.0 + size}, **changed}
    return fabricate_record(name, seed, paper="kaplan", **fields)


def save(folder, *records):
    for record in records:
        path = save_record(record, folder, compact=True)
    return path


def test_a_compact_record_is_read_as_the_single_one_would_be(tmp_path):
    records = [run("size-16"), run("size-32", size=32), run("size-16", 1)]
    path = save(tmp_path / "one", *records)
    assert path == tmp_path / "one" / "kaplan" / "sweep.laptop.jsonl"
    for record in records:
        save_record(record, tmp_path / "many")
    compact, single = (load_records("kaplan", folder=tmp_path / name) for name in ("one", "many"))
    assert compact == single
    assert [record.filename for record in compact] == [
        "sweep.laptop.jsonl#size-16.seed0",
        "sweep.laptop.jsonl#size-16.seed1",
        "sweep.laptop.jsonl#size-32.seed0",
    ]
    assert [each.name for each in path.parent.iterdir()] == ["sweep.laptop.jsonl"]


def test_what_is_equal_in_all_stands_once_however_deep(tmp_path):
    lines = save(tmp_path, run("a"), run("b", size=32)).read_text(encoding="utf-8").splitlines()
    first, a, b = map(json.loads, lines)
    assert first["runs"] == 2
    assert first["common"]["recipe_parts"] == {
        "learner": {"part": "train", "objective": {"layers": 2}},
        "texts": None,
    }
    assert first["common"]["versions"] == {"python": "3.11.7", "torch": "2.13.0"}
    assert b["recipe_parts"] == {"learner": {"objective": {"d_model": 32}}}
    assert "versions" not in a
    # A run's own line says which it is and what came out.
    assert {"recipe", "seed", "metrics", "trajectory", "seconds"} <= a.keys()


def test_what_another_machine_adds_is_common_no_more_and_nothing_is_lost(tmp_path):
    first = [run("a"), run("b", recipe_parts={"learner": {}, "texts": {"part": "some"}})]
    odd = run("c", device="NVIDIA H100", corpora=[], recipe_parts={"learner": None, "n": 1.0})
    like = run("d", recipe_parts={"learner": {}, "n": True})
    save(tmp_path, *first, odd, like)
    assert load_records("kaplan", folder=tmp_path) == [*first, odd, like]
    for record in load_records("kaplan", folder=tmp_path):
        record.versions.clear()
        record.corpora.clear()
    assert load_records("kaplan", folder=tmp_path)[0].versions == first[0].versions


def test_numbers_that_are_equal_to_python_stay_what_they_are(tmp_path):
    numbers = {"a": 1, "b": 1.0, "c": True}
    save(tmp_path, *(run(name, recipe_parts={"n": n}) for name, n in numbers.items()))
    kept = [record.recipe_parts["n"] for record in load_records("kaplan", folder=tmp_path)]
    assert list(map(repr, kept)) == ["1", "1.0", "True"]


def test_a_line_separator_in_a_text_is_no_end_of_a_line(tmp_path):
    record = run("a", texts=[{"text": "one\u2028two\x85three"}])
    save(tmp_path, record)
    assert load_records("kaplan", folder=tmp_path) == [record]


def test_a_run_that_is_made_again_takes_the_place_of_the_one_before(tmp_path):
    save(tmp_path, run("a", metrics={"bits": 1.0}), run("b"), run("a", metrics={"bits": 2.0}))
    found = load_records("kaplan", folder=tmp_path)
    assert [(record.recipe, record.metric("bits")) for record in found] == [("a", 2.0), ("b", 17.0)]


def test_files_of_two_machines_are_read_together_and_of_a_run_in_both_the_latest_counts(tmp_path):
    path = save(tmp_path, run("a"), run("b", metrics={"bits": 1.0}))
    path.rename(path.with_name("sweep.laptop.second.jsonl"))
    save(tmp_path, run("b", metrics={"bits": 2.0}, date="2026-02-02T03:04:05+00:00"), run("c"))
    found = load_records("kaplan", folder=tmp_path)
    assert [record.recipe for record in found] == ["a", "b", "c"]
    assert found[1].metric("bits") == 2.0


def test_staleness_and_freshness_are_those_of_single_records(tmp_path):
    save(tmp_path, run("a"), run("b", recipe_hash="fedcba9876543210"), run("gone"))
    recipes = {"laptop": (FabricatedRecipe("a"), FabricatedRecipe("b"))}
    records = load_records("kaplan", folder=tmp_path)
    assert [record.recipe for record in fresh(records, recipes)] == ["a"]
    assert [each.recipe for each in stale_records("kaplan", recipes, tmp_path)] == ["b", "gone"]


def test_items_lie_beside_the_sweep_as_beside_a_record(tmp_path):
    save(tmp_path, run("a", metrics={"right": FromItems(50.0, "percent", [1, 0])}))
    (record,) = load_records("kaplan", folder=tmp_path)
    assert load_items(record, tmp_path)["right"].values.tolist() == [[1], [0]]
    assert (tmp_path / "kaplan" / "a.laptop.seed0.items.npz").exists()


FAILED = {"how": "diverged", "why": "loss is nan after epoch 3"}


def test_a_failed_run_is_recorded_and_a_number_of_it_is_missing_with_the_reason(tmp_path):
    save(tmp_path, run("a", metrics={}, failed=FAILED), run("b"))
    failed, whole = load_records("kaplan", folder=tmp_path)
    assert (failed.failed, whole.failed) == (FAILED, {})
    why = r"the run `a`, seed 0, diverged \(loss is nan after epoch 3\)"
    with pytest.raises(FailedRun, match=why):
        failed.metric("bits")
    with pytest.raises(ReplicationError, match="was not recorded: loss is nan"):
        save_record(replace(failed, stored_in=""), tmp_path)


@pytest.mark.parametrize(
    "spoil, fault",
    [
        (lambda text: text[:-20], "line 3 is not JSON"),
        (lambda text: text.rsplit("\n", 2)[0] + "\n", "speaks of 2 runs, and 1 follow"),
        (lambda text: text.split("\n", 1)[1], "first line does not say"),
        (lambda text: "", "line 1 is not JSON"),
        (lambda text: text.replace('"seed": 0', '"seed": -1', 1), "seed: -1 is less"),
        (lambda text: text.replace('"metrics"', '"numbers"', 1), "lacks metrics"),
        (lambda text: text.replace('"seconds": 17.25', '"seconds": NaN', 1), "seconds is nan"),
        (lambda text: text.replace("kaplan", "chinchilla"), "holds records of chinchilla"),
    ],
)
def test_a_damaged_file_is_named_and_is_not_written_over(tmp_path, spoil, fault):
    path = save(tmp_path, run("a"), run("b", size=32))
    spoiled = spoil(path.read_text(encoding="utf-8"))
    path.write_text(spoiled, encoding="utf-8")
    with pytest.raises(ReplicationError, match=fault) as caught:
        load_records("kaplan", folder=tmp_path)
    assert str(path) in str(caught.value)
    if "line" in fault or "follow" in fault:
        with pytest.raises(ReplicationError, match=fault):
            save(tmp_path, run("c"))
        assert path.read_text(encoding="utf-8") == spoiled


def write_many(folder, worker):
    for number in range(25):
        save(folder, run(f"worker-{worker}", number))


def test_two_processes_that_write_at_once_lose_no_run(tmp_path):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_many, args=(tmp_path, name)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = load_records("kaplan", folder=tmp_path)
    assert [(record.recipe, record.seed) for record in found] == [
        (f"worker-{name}", number) for name in "ab" for number in range(25)
    ]


def write_for_ever(folder):
    while True:
        for number in range(1000):
            save(folder, run("endless", number))


def test_a_writer_that_is_killed_leaves_a_whole_file_and_keeps_nobody_out(tmp_path):
    path = compact_file("kaplan", "laptop", tmp_path)
    context = multiprocessing.get_context("spawn")
    for _ in range(2):
        writer = context.Process(target=write_for_ever, args=(tmp_path,))
        writer.start()
        # No number of runs is needed but some: what is asked is the state at any moment.
        before = len(read_compact(path)) if path.exists() else 0
        while not path.exists() or len(read_compact(path)) < before + 10:
            assert writer.is_alive()
            time.sleep(0.01)
        writer.kill()
        writer.join()
        assert writer.exitcode == -signal.SIGKILL
        assert len(read_compact(path)) >= before + 10
    save(tmp_path, run("last"))
    assert load_records("kaplan", folder=tmp_path)[-1].recipe == "last"
