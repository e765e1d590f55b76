"""`replicate run` without a paper: what is said of the queue, and what stops it."""

import pytest
from fabricated import FabricatedRecipe, fabricate_record
from quick_runs import paper_of, surroundings_of
from typer.testing import CliRunner

from replications.cli import app, run_queue, run_table
from replications.cli.environment import working_on
from replications.cli.run_options import seconds_of
from replications.cli.run_table import ending_within
from replications.errors import ReplicationError
from replications.records import load_records, save_record
from replications.training import workers
from replications.training.jobs import kept_start


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """A cache of its own, and no records but those of the test."""
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(run_table, "RECORDS", tmp_path / "records")
    monkeypatch.setattr(run_queue, "_start_of_this_process", run_queue.time.monotonic)


def command(tmp_path, papers, *words):
    with working_on(surroundings_of(tmp_path / "records", papers)):
        return CliRunner().invoke(app, ["run", "--tier", "laptop", *words], catch_exceptions=False)


def papers_of(**recipes):
    return {slug: paper_of(*map(FabricatedRecipe, names)) for slug, names in recipes.items()}


def test_what_is_missing_of_all_chapters_is_run_and_the_rest_is_not(tmp_path):
    papers = papers_of(word2vec=("a", "b"), glove=("c",))
    save_record(fabricate_record("a", 0), tmp_path / "records")
    done = command(tmp_path, papers, "--seeds", "1")
    assert done.exit_code == 0, done.output
    assert "Tier laptop: 2 runs are missing" in done.stdout
    assert "1 are recorded." in done.stdout
    assert "word2vec b, seed 0: process" in done.stdout
    assert "Done: 2 runs. Failed: 0. Left: 0." in done.stdout
    assert [record.recipe for record in load_records("glove", folder=tmp_path / "records")] == ["c"]
    again = command(tmp_path, papers, "--seeds", "1")
    assert again.exit_code == 0
    assert "Nothing is left to be run." in again.stdout


@pytest.mark.parametrize("words", [("word2vec",), ("word2vec", "--workers", "1")])
def test_a_model_that_another_chapter_starts_from_is_kept_where_only_its_own_is_run(
    tmp_path, words
):
    start, alone = FabricatedRecipe("a"), FabricatedRecipe("b", training_hash="0" * 16)
    papers = {
        "word2vec": paper_of(start, alone),
        "glove": paper_of(FabricatedRecipe("c", start=start)),
    }
    done = command(tmp_path, papers, *words, "--seeds", "1")
    assert done.exit_code == 0, done.output
    assert kept_start(start, 0, "cpu").exists()
    assert not kept_start(alone, 0, "cpu").exists()


def test_a_failure_is_a_line_and_makes_the_status_1(tmp_path):
    done = command(tmp_path, papers_of(word2vec=("disk-full", "a")), "--seeds", "1")
    assert done.exit_code == 1
    assert "FAILED word2vec disk-full, seed 0:" in done.stdout
    assert "No space left on device" in done.stdout
    assert "Done: 1 runs. Failed: 1. Left: 0." in done.stdout
    assert "The same command goes on" in done.stdout


def test_at_the_limit_the_command_leaves_and_says_what_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "START", 0.0)
    papers = {"word2vec": paper_of(FabricatedRecipe("endless", minutes=0.0))}
    done = command(tmp_path, papers, "--seeds", "1", "--within", "11s")
    assert done.exit_code == 0
    assert "Done: 0 runs. Failed: 0. Left: 1." in done.stdout
    assert "begun, and kept in" in done.stdout


def test_a_corpus_that_cannot_be_had_costs_the_runs_of_its_chapter(tmp_path):
    papers = papers_of(word2vec=("a",), glove=("c",))
    papers["glove"].CORPORA["laptop"] = ("multi30k",)

    class Corpora:
        @staticmethod
        def where(name):
            return "needs download"

        @staticmethod
        def fetch_corpus(name):
            if name == "multi30k":
                raise ReplicationError(f"{name} cannot be had here.")

    surroundings = surroundings_of(tmp_path / "records", papers)
    object.__setattr__(surroundings, "corpora", lambda: Corpora)
    with working_on(surroundings):
        done = CliRunner().invoke(app, ["run", "--tier", "laptop", "--seeds", "1"])
    assert done.exit_code == 1
    assert "glove: 1 runs are left out. multi30k cannot be had here." in done.stdout
    assert "Done: 1 runs. Failed: 1. Left: 0." in done.stdout


def test_a_dry_run_shows_each_run_with_its_cost_and_runs_nothing(tmp_path):
    other = "f" * 16
    recipes = (FabricatedRecipe("a"), FabricatedRecipe("b", hash=other))
    papers = {"word2vec": paper_of(*recipes, PRIORITY={"laptop": {"b": 7}})}
    record = fabricate_record("b", 0, tokens_seen=1_000_000, flops=2e15, recipe_hash=other)
    save_record(record, tmp_path / "records")
    done = command(tmp_path, papers, "--seeds", "2", "--dry-run", "--workers", "2")
    assert done.exit_code == 0, done.output
    rows = [line.split() for line in done.stdout.splitlines() if line.startswith("word2vec ")]
    assert [row[:4] for row in rows] == [
        ["word2vec", "b", "1", "7"],
        ["word2vec", "a", "0", "0"],
        ["word2vec", "a", "1", "0"],
    ]
    assert rows[0][4:9] == ["1M", "730", "2.0e+15", "190", "MB"]
    assert [row[-1] for row in rows] == ["record", "minutes", "minutes"]
    for assumption in ("200 TFLOP/s on an H100", "50 on a 24 GB card", "2 side by side"):
        assert assumption in done.stdout
    assert len(load_records("word2vec", folder=tmp_path / "records")) == 1


def test_a_dry_run_says_how_many_runs_end_within_the_time(tmp_path):
    papers = papers_of(word2vec=("a", "b", "c"))
    done = command(tmp_path, papers, "--seeds", "1", "--dry-run", "--within", "9h")
    assert "About 3 of these 3 runs end within 9.0 h here." in done.stdout


@pytest.mark.parametrize(
    ("limit", "seconds", "workers", "ended"),
    [
        (10, [4, 4, 4], 1, 2),
        (10, [4, 4, 4], 2, 3),
        # What would end too late is left out for what does not.
        (10, [4, 9, 6], 1, 2),
        (10, [11, 12], 3, 0),
        (10, [10], 1, 1),
    ],
)
def test_as_many_runs_end_in_time_as_their_workers_finish(limit, seconds, workers, ended):
    assert ending_within(float(limit), map(float, seconds), workers) == ended


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--within", "soon"), "--within soon: give a time with its unit, such as 90s"),
        (("--within", "20"), "--within 20: give a time with its unit"),
        (("--within", "0m"), "--within 0m: give a time with its unit"),
        (("--within", "20s"), "--within 20 s is shorter than the shortest run that waits: "),
        (("--tier", "gpus"), "The book has no tier 'gpus'; it has: laptop."),
        (("word2vec", "--within", "9m", "--tier", "gpu"), "word2vec has no tier 'gpu'; it has: "),
        (("wordvec", "--dry-run"), "There is no paper 'wordvec'. Did you mean 'word2vec'?"),
        (("--only", "d"), "There is no recipe 'd'."),
        (("--device", "gpu"), "There is no device 'gpu'."),
        (("--records", "/dev/null/records"), "Cannot write records to /dev/null/records"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_before_anything_runs(tmp_path, words, complaint):
    done = command(tmp_path, papers_of(word2vec=("a",)), *words)
    assert done.exit_code == 1
    assert complaint in done.stderr
    assert not (tmp_path / "cache" / "runs").exists()


def test_a_queue_for_a_card_that_is_not_here_is_refused(tmp_path, monkeypatch):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    done = command(tmp_path, papers_of(word2vec=("a",)), "--device", "cuda", "--within", "9m")
    assert done.exit_code == 1
    assert "finds no cuda device" in done.stderr
    # What a card would take can be looked at anywhere.
    looked = command(
        tmp_path, papers_of(word2vec=("a",)), "--device", "cuda", "--within", "9m", "--dry-run"
    )
    assert looked.exit_code == 0 and "H100" in looked.stdout


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("9m", 540), ("8h", 28_800), ("1h30m", 5400), ("1.5h", 5400)]
)
def test_a_time_is_read_with_its_units(text, seconds):
    assert seconds_of(text) == seconds
