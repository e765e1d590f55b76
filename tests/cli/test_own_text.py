"""`replicate run PAPER --text` and `replicate ask`."""

from __future__ import annotations

import pytest
from cut_down import cut_down
from own_texts import write_documents, write_pairs
from typer.testing import CliRunner

from replications.cli import app
from replications.cli.environment import Surroundings, working_on
from replications.paths import RECORDS
from replications.records import load_records
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
    assert "is there already: --replace trains again" in again.stderr
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


def test_to_ask_without_a_model_says_how_to_train_one(command):
    done = command("ask", "word2vec", "king")
    assert done.exit_code == 1
    assert "Train one with `replicate run word2vec --text FILE`" in done.stderr
