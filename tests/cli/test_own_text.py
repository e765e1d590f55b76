"""`replicate run PAPER --text` and `replicate ask`."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from cut_down import cut_down
from fabricated import fabricate_record
from own_texts import write_documents, write_pairs
from typer.testing import CliRunner

from replications.cli import app
from replications.cli.environment import Surroundings, working_on
from replications.paths import RECORDS
from replications.records import load_records, save_record
from replications.training.fit import fit


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Types a command where trainings are cut down, and the user's data lie in a folder of ours."""
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))

    def run(*words):
        small = Surroundings(fit=lambda recipe, **options: fit(cut_down(recipe), **options))
        with working_on(small):
            return CliRunner().invoke(app, list(map(str, words)), catch_exceptions=False)

    return run


def test_a_record_and_a_model_go_to_the_users_folder_which_is_told(command, tmp_path):
    done = command("run", "gpt2", "--text", write_documents(tmp_path / "My notes"))
    assert done.exit_code == 0, done.output
    assert "is left out: it says nothing about your text." in done.stdout
    folder = tmp_path / "home" / "replications" / "yours"
    (record,) = load_records("gpt2", folder=folder)
    assert (record.recipe, record.tier, record.seed) == ("world-large-on-my-notes", "smoke", 0)
    assert [corpus["kind"] for corpus in record.corpora] == ["yours"] * 3
    assert str(folder / "gpt2" / record.filename) in done.stdout
    asked = command("ask", "gpt2", "Then the old")
    assert asked.exit_code == 0
    assert asked.stdout.startswith("Then the old")
    model = folder / "gpt2" / record.filename.removesuffix(".json")
    assert f"Next: `replicate ask {model} TEXT`." in done.stdout
    assert command("ask", model, "Then the old").stdout == asked.stdout


def test_a_named_folder_holds_them_and_is_overwritten_only_where_that_is_said(command, tmp_path):
    words = ("run", "transformer", "--records", tmp_path / "mine", "--text")
    source, target = write_pairs(tmp_path / "texts")
    assert command(*words, source, "--text-target", target).exit_code == 0
    again = command(*words, source, "--text-target", target)
    assert again.exit_code == 1
    assert "is there already: --resume keeps what is there" in again.stderr
    assert "--replace trains again and replaces it and its model" in again.stderr
    assert command(*words, source, "--text-target", target, "--replace").exit_code == 0
    assert len(load_records("transformer", folder=tmp_path / "mine")) == 1
    asked = command("ask", "transformer", "the old house", "--records", tmp_path / "mine")
    assert asked.exit_code == 0
    assert not (tmp_path / "home").exists()


def test_each_line_may_be_a_document(command, tmp_path):
    file = tmp_path / "lines.txt"
    folder = write_documents(tmp_path / "texts", 50)
    lines = [each.read_text(encoding="utf-8") for each in sorted(folder.iterdir())]
    file.write_text("\n".join(lines), encoding="utf-8")
    words = ("run", "bert", "--text", file, "--records", tmp_path / "mine")
    assert command(*words, "--lines").exit_code == 0
    (record,) = load_records("bert", folder=tmp_path / "mine")
    assert [corpus["rows"] for corpus in record.corpora] == [46, 2, 2]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("gpt2", "--text", "gone.txt"), "gone.txt: there is no such file or folder"),
        (("--text", "a.txt"), "--text needs a chapter"),
        (("gpt3", "--text", "a.txt"), "gpt3 cannot be trained on a text of your own"),
        (("gpt2", "--lines"), "--text-target and --lines belong to --text FILE"),
        (("gpt2", "--text", "a.txt", "--within", "9m", "--dry-run"), "--within and --dry-run"),
        (("gpt2", "--text", "a.txt", "--records", RECORDS), "the book's own records"),
        (("gpt2", "--text", "a.txt", "--records", RECORDS / "x"), "the book's own records"),
        (("gtp2", "--text", "a.txt"), "Did you mean 'gpt2'?"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(command, tmp_path, words, told):
    done = command("run", *words)
    assert done.exit_code == 1
    assert told in done.stderr
    assert "Traceback" not in done.output
    assert not (tmp_path / "home").exists() and not (RECORDS / "x").exists()


class Interrupted:
    """A training that gives a record at once, and is stopped at a seed the first time."""

    def __init__(self, seed):
        self.seed, self.seeds = seed, []

    def __call__(self, recipe, *, paper, tier, seed, **_options):
        if seed == self.seed:
            self.seed = None
            raise KeyboardInterrupt
        self.seeds.append(seed)
        made = {"paper": paper, "tier": tier, "recipe_hash": recipe.hash}
        made["recipe_parts"] = recipe.describe()
        return SimpleNamespace(record=fabricate_record(recipe.name, seed, **made))


def test_after_an_interruption_the_same_command_with_resume_makes_the_seeds_that_are_missing(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("replications.yours.folders.save_model", lambda *_given, **_named: None)
    training = Interrupted(seed=2)
    words = ["run", "gpt2", "--text", write_documents(tmp_path / "texts"), "--seeds", "4"]
    words += ["--records", tmp_path / "mine"]

    def run(*more):
        with working_on(Surroundings(fit=training)):
            return CliRunner().invoke(app, [*map(str, words), *more], catch_exceptions=False)

    stopped = run()
    assert stopped.exit_code == 130
    assert "The same command with --resume goes on." in stopped.stdout
    refused = run()
    assert refused.exit_code == 1
    assert "seed0.json is there already, as are records of 1 more" in refused.stderr
    assert training.seeds == [0, 1]
    resumed = run("--resume")
    assert resumed.exit_code == 0, resumed.output
    assert training.seeds == [0, 1, 2, 3]
    assert "2 run(s) of" in resumed.stdout
    assert resumed.stdout.count("is recorded already") == 2
    assert run("--resume").stdout.count("is recorded already") == 4
    assert run("--resume", "--replace").exit_code == 0
    assert training.seeds == [0, 1, 2, 3] * 2


def test_a_record_in_the_way_of_a_later_seed_is_told_before_the_first_is_trained(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "cache"))
    training = Interrupted(seed=None)
    name = "world-large-on-texts"
    save_record(fabricate_record(name, 1, paper="gpt2", tier="smoke"), tmp_path / "mine")
    words = ("run", "gpt2", "--text", write_documents(tmp_path / "texts"), "--seeds", "2")
    with working_on(Surroundings(fit=training)):
        told = CliRunner().invoke(app, [*map(str, words), "--records", str(tmp_path / "mine")])
    assert told.exit_code == 1 and training.seeds == []
    assert f"{name}.smoke.seed1.json is there already" in told.stderr


def test_resume_takes_no_record_of_another_text_for_this_one(tmp_path, monkeypatch):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("replications.yours.folders.save_model", lambda *_given, **_named: None)
    training = Interrupted(seed=None)
    first = write_documents(tmp_path / "a" / "texts")
    other = write_documents(tmp_path / "b" / "texts", 50)

    def run(text):
        words = ["run", "gpt2", "--resume", "--records", tmp_path / "mine", "--text", text]
        with working_on(Surroundings(fit=training)):
            return CliRunner().invoke(app, [*map(str, words)], catch_exceptions=False)

    assert run(first).exit_code == 0
    told = run(other)
    assert told.exit_code == 1 and "is of another text" in told.stderr
    assert training.seeds == [0]


def test_to_ask_without_a_model_says_how_to_train_one(command):
    done = command("ask", "word2vec", "king")
    assert done.exit_code == 1
    assert "Train one with `replicate run word2vec --text FILE`" in done.stderr


class Diverging:
    """A training whose loss ends at so many times its first value."""

    def __init__(self, times):
        self.times = times

    def __call__(self, recipe, *, paper, tier, seed, **_options):
        points = [{"epoch": 1, "loss": 2.0}, {"epoch": 2, "loss": 2.0 * self.times}]
        made = fabricate_record(recipe.name, seed, paper=paper, tier=tier, trajectory=points)
        return SimpleNamespace(record=made)


@pytest.mark.parametrize(("times", "status"), [(0.5, 0), (1e19, 1)])
def test_a_model_that_diverged_on_a_text_is_no_success(tmp_path, monkeypatch, times, status):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("replications.yours.folders.save_model", lambda *_given, **_named: None)
    words = ["run", "gpt2", "--text", write_documents(tmp_path / "texts")]
    words += ["--records", tmp_path / "mine"]
    with working_on(Surroundings(fit=Diverging(times))):
        done = CliRunner().invoke(app, [*map(str, words)], catch_exceptions=False)
    assert done.exit_code == status
    assert ("its loss rose from 2 to 2e+19" in done.stdout) == bool(status)
    assert ("Next: `replicate ask" in done.stdout) != bool(status)
