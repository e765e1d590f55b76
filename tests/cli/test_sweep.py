"""`replicate sweep`: which runs it makes, what it says of them, and what it refuses."""

import io

import pytest
from fabricated import FabricatedRecipe, fabricate_record
from quick_runs import paper_of, surroundings_of
from rich.console import Console
from typer.testing import CliRunner

from replications.cli import app, run_queue, run_table
from replications.cli.environment import working_on
from replications.cli.run_display import Lines, LiveTable, display_of
from replications.records import load_records, save_record
from replications.training.jobs import Job
from replications.training.progress import Progress
from replications.training.queue import Queue


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """A cache of its own, and no records but those of the test."""
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("REPLICATIONS_TIER", raising=False)
    monkeypatch.setattr(run_table, "RECORDS", tmp_path / "records")
    monkeypatch.setattr(run_queue, "_start_of_this_process", run_queue.time.monotonic)


SIZES = tuple(map(FabricatedRecipe, ("size-1", "size-2")))


def papers_of(*swept):
    kaplan = paper_of(*swept, FabricatedRecipe("alone"), tier="smoke", SWEEPS={"smoke": swept})
    return {"word2vec": paper_of(FabricatedRecipe("a"), tier="smoke"), "kaplan": kaplan}


def command(tmp_path, *words, papers=None):
    surroundings = surroundings_of(tmp_path / "records", papers or papers_of(*SIZES))
    with working_on(surroundings):
        return CliRunner().invoke(app, list(words), catch_exceptions=False)


def test_the_sweep_and_nothing_else_is_run_into_one_file(tmp_path):
    done = command(tmp_path, "sweep", "kaplan", "--seeds", "2", "--workers", "2")
    assert done.exit_code == 0, done.output
    assert "Tier smoke: 4 runs are missing" in done.stdout
    assert "4 runs: 1.8e+13 operations, about" in done.stdout
    assert "with 2 side by side" in done.stdout
    assert "Done: 4 runs. Failed: 0. Left: 0." in done.stdout
    (file,) = (tmp_path / "records" / "kaplan").iterdir()
    assert file.name == "sweep.smoke.jsonl"
    assert len(load_records("kaplan", "smoke", tmp_path / "records")) == 4


def test_given_again_it_makes_what_is_missing_and_no_finished_run(tmp_path):
    first = command(tmp_path, "sweep", "kaplan", "--seeds", "1", "--only", "size-2")
    assert "Done: 1 runs." in first.stdout
    ours = load_records("kaplan", folder=tmp_path / "records")
    again = command(tmp_path, "sweep", "kaplan", "--seeds", "1")
    assert "1 runs are missing" in again.stdout
    assert "Done: 1 runs." in again.stdout
    assert load_records("kaplan", folder=tmp_path / "records")[1] == ours[0]
    assert "Nothing is left" in command(tmp_path, "sweep", "kaplan", "--seeds", "1").stdout


def test_a_run_that_diverged_is_said_and_recorded_and_is_no_failure_of_the_command(tmp_path):
    papers = papers_of(FabricatedRecipe("diverged"), SIZES[0])
    done = command(tmp_path, "sweep", "kaplan", "--seeds", "1", papers=papers)
    assert done.exit_code == 0
    assert "diverged, seed 0: diverged, recorded so: loss is nan after epoch 2" in done.stdout
    assert "Done: 2 runs. Failed: 0. Left: 0." in done.stdout
    failed, _ = load_records("kaplan", folder=tmp_path / "records")
    assert failed.failed["how"] == "diverged"


def test_a_run_that_an_error_ended_is_recorded_and_tried_again(tmp_path):
    papers = papers_of(FabricatedRecipe("defect"), SIZES[0])
    for _ in range(2):
        done = command(tmp_path, "sweep", "kaplan", "--seeds", "1", papers=papers)
        assert done.exit_code == 1
        assert "FAILED kaplan defect, seed 0: RuntimeError: shapes do not match" in done.stdout
    failed, _ = load_records("kaplan", folder=tmp_path / "records")
    assert failed.failed == {"how": "raised", "why": "RuntimeError: shapes do not match"}


def test_run_writes_the_sweep_s_runs_there_too_and_the_chapter_s_others_as_ever(tmp_path):
    done = command(tmp_path, "run", "kaplan")
    assert done.exit_code == 0, done.output
    names = sorted(path.name for path in (tmp_path / "records" / "kaplan").iterdir())
    assert names == ["alone.smoke.seed0.json", "sweep.smoke.jsonl"]
    again = command(tmp_path, "run", "kaplan")
    assert again.exit_code == 1
    assert "has 3 of the 3 records already, such as alone.smoke.seed0.json" in again.stderr
    assert again.stderr.count("--resume") == 1
    resumed = command(tmp_path, "run", "kaplan", "--resume")
    assert resumed.stdout.count("is recorded already") == 3


def test_a_dry_run_shows_each_run_and_makes_none(tmp_path):
    done = command(tmp_path, "sweep", "kaplan", "--dry-run", "--cluster", "nowhere:1")
    assert done.exit_code == 0
    assert done.stdout.count("kaplan size-") == 6
    assert not (tmp_path / "records").exists()


def test_an_older_recipe_s_run_is_left_alone_unless_it_is_to_be_replaced(tmp_path):
    stale = fabricate_record("size-1", 0, paper="kaplan", tier="smoke", recipe_hash="f" * 16)
    save_record(stale, tmp_path / "records", compact=True)
    done = command(tmp_path, "sweep", "kaplan", "--seeds", "1")
    assert "1 records are of older recipes, such as" in done.stdout
    assert "sweep.smoke.jsonl#size-1.seed0" in done.stdout
    assert "Done: 1 runs." in done.stdout
    assert (
        "Done: 1 runs." in command(tmp_path, "sweep", "kaplan", "--seeds", "1", "--replace").stdout
    )
    hashes = {r.recipe_hash for r in load_records("kaplan", folder=tmp_path / "records")}
    assert hashes == {SIZES[0].hash}


@pytest.mark.parametrize(
    "words, why",
    [
        (("kaplen",), "There is no paper 'kaplen'. Did you mean 'kaplan'?"),
        (("word2vec",), "The chapter 'word2vec' has no sweep; chapters that have one: kaplan."),
        (("kaplan", "--tier", "gpu"), "There is no tier of the sweep 'gpu'. Valid: smoke."),
        (("kaplan", "--only", "alone"), "There is no recipe of the sweep 'alone'."),
        (("kaplan", "--workers", "2", "--cluster", "local"), "--workers or --cluster, not both"),
        (("kaplan", "--within", "9"), "--within 9: give a time with its unit"),
        (("kaplan", "--device", "gpu"), "There is no device 'gpu'. Did you mean 'cpu'?"),
        (("kaplan", "--device", "gpu", "--cluster", "local"), "There is no device 'gpu'."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(tmp_path, words, why):
    done = command(tmp_path, "sweep", *words)
    assert done.exit_code == 1
    assert why in done.stderr
    assert not (tmp_path / "records").exists()


def test_a_cluster_that_is_not_there_is_an_error_and_costs_nothing(tmp_path):
    pytest.importorskip("ray", reason="needs the extra `cluster`")
    done = command(tmp_path, "sweep", "kaplan", "--cluster", "127.0.0.1:1")
    assert done.exit_code == 1
    assert "--cluster 127.0.0.1:1: nobody answers there" in done.stderr


class Estimates:
    @staticmethod
    def seconds(job):
        return 90.0


JOBS = [Job("kaplan", "smoke", recipe, 0) for recipe in SIZES]


def test_on_a_terminal_a_table_shows_what_runs_and_what_is_left():
    queue = Queue(list(JOBS))
    screen = Console(file=io.StringIO(), width=100, force_terminal=True, color_system=None)
    now = [0.0]
    table = LiveTable(queue, Estimates(), on=screen, clock=lambda: now[0])
    running = queue.take(lambda job: True)
    screen.print(table.table())
    now[0] = 20.0
    table.progress(running, Progress(1, 3, 2.5, 60.0))
    screen.print(table.table())
    now[0] = 60.0
    queue.end(running)
    screen.print(table.table())
    before, during, after = screen.file.getvalue().split("running")[1:]
    assert "kaplan size-1, seed 0" in before
    assert "of 3" not in before
    assert "2 of 3" in during
    assert "2.5" in during
    assert "1.0 min" in during
    assert "0 done, after 20 s. 1 wait, about 1.5 min of a worker." in during
    assert "size-1" not in after
    assert "1 done, after 1.0 min. 1 wait" in after


def test_the_table_leaves_the_terminal_as_it_was():
    screen = Console(file=io.StringIO(), width=100, force_terminal=True, color_system=None)
    with LiveTable(Queue(list(JOBS)), Estimates(), on=screen):
        pass
    assert "\x1b[?25l" in screen.file.getvalue()
    assert "\x1b[?25h" in screen.file.getvalue().rsplit("\x1b[?25l")[-1]


def test_elsewhere_there_are_lines():
    assert type(display_of(Queue([]), Estimates())) is Lines
