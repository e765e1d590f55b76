"""Jobs in processes of their own: what each failure costs, and what the time limit keeps."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
import torch
from fabricated import FabricatedRecipe
from quick_runs import paper_of, quick_fit
from tiny_text import world_recipe

from replications.records import load_records
from replications.training.fit import fit
from replications.training.jobs import Workplace
from replications.training.queue import Queue, missing_jobs, started_from
from replications.training.workers import Crew


class Notes:
    def __init__(self):
        self.seen, self.seconds, self.failures, self.progressed = [], [], {}, lambda: None

    def progress(self, job, progress):
        self.progressed()

    def ended(self, job, record, seconds):
        self.seen.append(record)
        self.seconds.append(seconds)

    def failed(self, job, why, trace):
        self.failures[job.recipe.name] = (why, trace)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "cache"))


def crew_of(
    tmp_path,
    *recipes,
    fit=quick_fit,
    tier="laptop",
    seconds=lambda job: 1.0,
    swept=(),
    **options,
):
    papers = {"word2vec": paper_of(*recipes, tier=tier, SWEEPS={tier: swept})}
    records = tmp_path / "records"
    plan = missing_jobs(papers, tier, started=started_from(papers), seeds=[0], records=records)
    place = Workplace(fit, records, tmp_path / "runs")
    options = {"parts": lambda job: 1, **options}
    return Crew(Queue(list(plan.jobs)), place, Notes(), seconds, **options)


def metrics(crew, name):
    return [record.metrics[name] for record in crew.onlooker.seen]


def test_one_process_runs_all_jobs_one_after_the_other_with_one_thread(tmp_path):
    crew = crew_of(tmp_path, *map(FabricatedRecipe, "abc"))
    crew.run()
    assert [record.recipe for record in crew.onlooker.seen] == ["a", "b", "c"]
    assert len(set(metrics(crew, "process"))) == 1
    assert metrics(crew, "threads") == [1, 1, 1]
    assert all(seconds > 0 for seconds in crew.onlooker.seconds)
    assert len(load_records("word2vec", folder=crew.place.records)) == 3
    assert list((tmp_path / "runs" / "word2vec").iterdir()) == []


def test_each_failure_costs_its_own_job_and_is_told(tmp_path):
    names = ("defect", "refused", "disk-full", "killed", "last")
    crew = crew_of(tmp_path, *map(FabricatedRecipe, names))
    crew.run()
    assert [record.recipe for record in crew.onlooker.seen] == ["last"]
    assert crew.queue.waiting == []
    failures = crew.onlooker.failures
    assert failures["defect"][0] == "RuntimeError: shapes do not match"
    assert "quick_fit" in failures["defect"][1]
    assert failures["refused"] == ("The corpus is empty.", "")
    assert "No space left on device. Correct that" in failures["disk-full"][0]
    assert "SIGKILL" in failures["killed"][0]
    for job in crew.queue.failed:
        assert job.startswith("word2vec ")
    # The checkpoint of the killed one is kept for the next try, and nothing half-written.
    (kept,) = (tmp_path / "runs" / "word2vec").glob("killed*")
    assert [path.name for path in kept.iterdir()] == ["last.ckpt"]


def test_a_sweep_s_runs_that_fail_are_recorded_but_for_what_the_machine_did(tmp_path):
    recipes = tuple(map(FabricatedRecipe, ("diverged", "defect", "disk-full", "refused", "last")))
    crew = crew_of(tmp_path, *recipes, swept=recipes)
    crew.run()
    assert [record.recipe for record in crew.onlooker.seen] == ["diverged", "last"]
    assert set(crew.onlooker.failures) == {"defect", "disk-full", "refused"}
    records = {r.recipe: r for r in load_records("word2vec", folder=crew.place.records)}
    assert {name: record.failed for name, record in records.items()} == {
        "diverged": {"how": "diverged", "why": "loss is nan after epoch 2"},
        "defect": {"how": "raised", "why": "RuntimeError: shapes do not match"},
        "last": {},
    }
    assert {record.stored_in for record in records.values()} == {"sweep.laptop.jsonl"}
    # What an error ended is tried again; what diverged would do so again.
    again = crew_of(tmp_path, *recipes, swept=recipes).queue.waiting
    assert [job.recipe.name for job in again] == ["defect", "disk-full", "refused"]


def test_two_workers_of_a_sweep_write_into_its_one_file(tmp_path):
    recipes = tuple(map(FabricatedRecipe, "abcdefgh"))
    crew = crew_of(tmp_path, *recipes, swept=recipes, count=2)
    crew.run()
    found = load_records("word2vec", folder=crew.place.records)
    assert [record.recipe for record in found] == list("abcdefgh")
    assert [path.name for path in (tmp_path / "records" / "word2vec").iterdir()] == [
        "sweep.laptop.jsonl"
    ]


def test_two_workers_run_side_by_side(tmp_path):
    crew = crew_of(tmp_path, *map(FabricatedRecipe, ("endless", "a", "b")), count=2)
    noted = crew.onlooker.ended

    def both_done(job, record, seconds):
        noted(job, record, seconds)
        if len(crew.onlooker.seen) == 2:
            crew.deadline = crew.clock()

    crew.onlooker.ended = both_done
    crew.run()
    assert [record.recipe for record in crew.onlooker.seen] == ["a", "b"]
    assert [job.recipe.name for job in crew.queue.waiting] == ["endless"]
    assert crew.queue.failed == {}


def test_nothing_is_started_that_reaches_neither_its_end_nor_a_checkpoint_in_time(tmp_path):
    recipes = map(FabricatedRecipe, ("long", "in-parts", "short"))
    now = time.monotonic()
    crew = crew_of(
        tmp_path,
        *recipes,
        seconds=lambda job: 1.0 if job.recipe.name == "short" else 1000.0,
        parts=lambda job: 10 if job.recipe.name == "in-parts" else 1,
        deadline=now + 500,
        clock=lambda: now,
    )
    crew.run()
    assert [record.recipe for record in crew.onlooker.seen] == ["in-parts", "short"]
    assert [job.recipe.name for job in crew.queue.waiting] == ["long"]


def test_ctrl_c_lets_the_workers_leave_and_loses_no_job(tmp_path):
    crew = crew_of(tmp_path, *map(FabricatedRecipe, ("endless", "a")))

    def interrupt():
        raise KeyboardInterrupt

    crew.onlooker.progressed = interrupt
    with pytest.raises(KeyboardInterrupt):
        crew.run()
    assert [job.recipe.name for job in crew.queue.waiting] == ["endless", "a"]


def test_a_run_stopped_at_the_limit_goes_on_later_to_the_metrics_of_an_unbroken_one(tmp_path):
    recipe = world_recipe(epochs=60)
    crew = crew_of(tmp_path, recipe, fit=fit, tier="smoke")
    checkpoint = next(iter(crew.queue.waiting)).checkpoints(tmp_path / "runs") / "last.ckpt"

    def time_is_up():
        # By a clock of the test: once there is a checkpoint.
        if checkpoint.exists():
            crew.deadline = crew.clock()

    crew.onlooker.progressed = time_is_up
    crew.run()
    assert crew.onlooker.seen == []
    assert [job.recipe.name for job in crew.queue.waiting] == ["skip-gram"]
    assert [path.name for path in checkpoint.parent.iterdir()] == ["last.ckpt"]
    assert torch.load(checkpoint, weights_only=True)["epoch"] < 59
    assert not (tmp_path / "records" / "word2vec").exists()

    again = crew_of(tmp_path, recipe, fit=fit, tier="smoke")
    again.run()
    (record,) = again.onlooker.seen
    assert again.onlooker.seconds == [None]
    unbroken = fit(replace(recipe), paper="word2vec", tier="smoke", seed=0).record
    assert record.metrics == unbroken.metrics
    assert [point["loss"] for point in record.trajectory] == [
        point["loss"] for point in unbroken.trajectory
    ]
    assert len(record.trajectory) == 60
