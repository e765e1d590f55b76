"""The same jobs on a real Ray cluster of two workers: the same metrics, and a lost worker."""

from __future__ import annotations

import os
import sys
import time

import pytest
from fabricated import FabricatedRecipe
from killed_runs import killed_once, small_sweep
from quick_runs import paper_of, quick_fit, surroundings_of
from typer.testing import CliRunner

from replications.cli import app, run_table
from replications.cli.environment import working_on
from replications.errors import ReplicationError
from replications.records import load_records
from replications.training import cluster
from replications.training.cluster import TRIES_AGAIN, joined
from replications.training.fit import fit
from replications.training.jobs import Workplace
from replications.training.queue import Queue, missing_jobs, started_from
from replications.training.workers import Crew

# The wheel exists for the systems that the project names; elsewhere the extra cannot be installed.
ray = pytest.importorskip("ray", reason="needs the extra `cluster`")


class Notes:
    def __init__(self):
        self.records, self.failures = [], {}
        self.on_progress = lambda job: None

    def progress(self, job, progress):
        self.on_progress(job)

    def ended(self, job, record, seconds):
        self.records.append(record)

    def failed(self, job, why, trace):
        self.failures[job.recipe.name] = (why, trace)


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory):
    """A Ray cluster in this machine: two processors, so two workers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        # Nobody else is let in from outside, and no token is left in a home folder.
        patch.setenv("RAY_AUTH_MODE", "disabled")
        # What pytest has put before the workers' own path: the modules of runs beside the tests.
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
        patch.setenv("REPLICATIONS_CACHE", str(tmp_path_factory.mktemp("cache")))
        cluster.join(ray, "local", processors=2)
        yield
        ray.shutdown()


def crew_of(tmp_path, recipes, *, fit, seeds=(0,), tier="smoke", **options):
    papers = {"word2vec": paper_of(*recipes, tier=tier, SWEEPS={tier: recipes})}
    records = tmp_path / "records"
    plan = missing_jobs(papers, tier, started=started_from(papers), seeds=seeds, records=records)
    place = Workplace(fit, records, tmp_path / "runs")
    queue = Queue(list(plan.jobs))
    return Crew(queue, place, Notes(), lambda job: 1.0, lambda job: 1, **options)


def run_on_cluster(crew):
    with joined("local") as there:
        assert there.size == 2
        crew.hire, crew.count, crew.tries_again = there.hire, there.size, TRIES_AGAIN
        crew.run()


def results(tmp_path):
    return {
        (record.recipe, record.seed): (record.metrics, record.parameters, record.tokens_seen)
        for record in load_records("word2vec", folder=tmp_path / "records")
    }


# Each worker imports all that a training needs, and the killed one's successor once more.
@pytest.mark.timeout(600)
def test_a_sweep_has_the_same_metrics_as_here_though_a_worker_is_killed_in_the_middle(
    two_workers, tmp_path
):
    sweep = small_sweep()
    here = crew_of(tmp_path / "here", sweep, fit=fit, seeds=(0, 1))
    here.run()
    there = crew_of(tmp_path / "there", sweep, fit=killed_once, seeds=(0, 1))
    run_on_cluster(there)
    assert there.onlooker.failures == {}
    # The killed run was done again, the others once each.
    names = [(record.recipe, record.seed) for record in there.onlooker.records]
    assert sorted(names) == sorted(set(names))
    assert len(names) == 4
    runs = tmp_path / "there" / "runs" / "word2vec"
    assert [path.name for path in runs.iterdir()] == ["tried"]
    assert results(tmp_path / "there") == results(tmp_path / "here")
    assert len(results(tmp_path / "here")) == 4
    assert crew_of(tmp_path / "there", sweep, fit=fit, seeds=(0, 1)).queue.waiting == []


def test_failures_are_told_and_recorded_as_here(two_workers, tmp_path):
    names = ("diverged", "defect", "refused", "disk-full", "killed", "last")
    recipes = tuple(map(FabricatedRecipe, names))
    crew = crew_of(tmp_path, recipes, fit=quick_fit)
    run_on_cluster(crew)
    failures = crew.onlooker.failures
    assert failures["defect"][0] == "RuntimeError: shapes do not match"
    assert "quick_fit" in failures["defect"][1]
    assert failures["refused"] == ("The corpus is empty.", "")
    assert "No space left on device. Correct that" in failures["disk-full"][0]
    # Whoever ends each worker that it is given is not tried for ever.
    assert "lost by the cluster" in failures["killed"][0]
    recorded = load_records("word2vec", folder=tmp_path / "records")
    assert {record.recipe: record.failed.get("how", "") for record in recorded} == {
        "defect": "raised",
        "diverged": "diverged",
        "last": "",
    }
    (last,) = (record for record in recorded if record.recipe == "last")
    assert last.metrics["threads"] == 1


def test_the_command_runs_a_sweep_there(two_workers, tmp_path, monkeypatch):
    monkeypatch.setattr(run_table, "RECORDS", tmp_path / "records")
    sweep = tuple(map(FabricatedRecipe, "ab"))
    papers = {"kaplan": paper_of(*sweep, tier="smoke", SWEEPS={"smoke": sweep})}
    words = ["sweep", "kaplan", "--cluster", "local", "--seeds", "2"]
    with working_on(surroundings_of(tmp_path / "records", papers)):
        done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "with 2 side by side" in done.stdout
    assert "Done: 4 runs. Failed: 0. Left: 0." in done.stdout
    found = load_records("kaplan", "smoke", tmp_path / "records")
    assert [(record.recipe, record.seed) for record in found] == [
        ("a", 0), ("a", 1), ("b", 0), ("b", 1)
    ]  # fmt: skip


def test_at_the_deadline_workers_are_stopped_and_their_jobs_wait_again(two_workers, tmp_path):
    crew = crew_of(tmp_path, (FabricatedRecipe("endless"), FabricatedRecipe("b")), fit=quick_fit)

    def time_is_up(job):
        crew.deadline = time.monotonic()

    crew.onlooker.on_progress = time_is_up
    run_on_cluster(crew)
    assert "endless" in [job.recipe.name for job in crew.queue.waiting]
    assert crew.queue.running == []
    assert crew.onlooker.failures == {}


def test_a_node_with_other_code_is_refused(two_workers, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "code_version", lambda: "0123456789abcdef")
    crew = crew_of(tmp_path, (FabricatedRecipe("a"),), fit=quick_fit)
    run_on_cluster(crew)
    assert "has other code or another torch than this machine" in crew.onlooker.failures["a"][0]


def test_a_cluster_without_the_device_is_refused(two_workers):
    refused = pytest.raises(ReplicationError, match="The cluster has no GPU")
    with refused, joined("local", "cuda"):
        pass


@pytest.mark.parametrize(
    "address, why",
    [
        ("127.0.0.1:1", "nobody answers there"),
        ("ray://127.0.0.1:1", "nobody answers there"),
        ("127.0.0.1:port", "nobody answers there"),
        ("here", "give host:port"),
    ],
)
def test_an_address_without_a_cluster_is_an_error(address, why, monkeypatch):
    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    with pytest.raises(ReplicationError, match=f"--cluster {address}: {why}"), joined(address):
        pass


def test_a_cluster_that_does_not_come_up_is_an_error(monkeypatch):
    starts = []

    def overloaded(**options):
        starts.append(options["address"])
        raise Exception("The current node timed out during startup.")

    monkeypatch.setattr(ray, "shutdown", lambda: None)
    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    monkeypatch.setattr(ray, "init", overloaded)
    with (
        pytest.raises(ReplicationError, match="no Ray cluster came up .*timed out"),
        joined("local"),
    ):
        pass
    # A busy machine may bring it up at the second try.
    assert starts == ["local"] * 3


def test_without_ray_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ReplicationError, match="Install the extra `cluster`"), joined("local"):
        pass
