import json
import os
import subprocess
import sys

import pytest

from tools.install_cell import SOURCE, main, with_cell

# In place of what Colab's kernel and the package index answer.
COLAB = """
import io, sys, urllib.request
def answer(address, timeout):
    assert address == "http://172.28.0.12:9000/api/sessions", address
    opened = "https%3A%2F%2Fgithub.com%2Fme%2Fbook%2Fblob%2Fdraft%2Fbook%2F01_word2vec.ipynb"
    return io.BytesIO(b'[{"path": "fileId=' + opened.encode() + b'"}]')
urllib.request.urlopen = answer
"""
PIP = "import pathlib, sys; pathlib.Path('asked-of-pip').write_text(' '.join(sys.argv[1:]))"


@pytest.fixture
def elsewhere(tmp_path):
    """A Python without the package, and a repository in place of github.com/me/book."""
    origin = tmp_path / "origin"
    (origin / "replications").mkdir(parents=True)
    (origin / "replications" / "__init__.py").write_text("HERE = True\n")
    settings = ["user.name=A", "user.email=a@example.org", "commit.gpgsign=false"]
    chosen = [word for setting in settings for word in ("-c", setting)]
    for words in (["init", "-q", "-b", "draft"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
        subprocess.run(["git", "-C", origin, *chosen, *words], check=True)
    (tmp_path / "pip").mkdir()
    (tmp_path / "pip" / "__init__.py").write_text("")
    (tmp_path / "pip" / "__main__.py").write_text(PIP)

    def run(cell, **changed):
        surroundings = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PYTHONPATH": str(tmp_path),
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.file://{origin}.insteadOf",
            "GIT_CONFIG_VALUE_0": "https://github.com/me/book",
            **changed,
        }
        # Without site-packages, where this very package is installed.
        command = [sys.executable, "-S", "-c", cell]
        return subprocess.run(
            command, cwd=tmp_path, env=surroundings, capture_output=True, text=True
        )

    return run


def test_on_colab_the_package_comes_from_the_branch_that_the_notebook_was_opened_from(
    elsewhere, tmp_path
):
    after = "\nimport replications; print(replications.HERE)"
    done = elsewhere(COLAB + SOURCE + after, COLAB_JUPYTER_IP="172.28.0.12")
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr
    asked = (tmp_path / "asked-of-pip").read_text()
    assert asked == "install --quiet --editable replications-book"


def test_a_repository_that_is_named_is_taken(elsewhere):
    after = "\nimport replications; print(replications.HERE)"
    done = elsewhere(SOURCE + after, BOOK_REPOSITORY_URL="https://github.com/me/book")
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr


def test_the_cell_can_be_run_again_after_an_installation_that_failed(elsewhere):
    named = {"BOOK_REPOSITORY_URL": "https://github.com/me/book"}
    assert elsewhere(SOURCE, **named).returncode == 0
    again = elsewhere(SOURCE, **named)
    assert again.returncode == 0, again.stderr


def test_anywhere_else_the_error_says_what_to_do(elsewhere):
    done = elsewhere(SOURCE)
    assert done.returncode == 1
    assert "run `make lab` in it" in done.stderr


def test_where_the_package_is_installed_the_cell_does_nothing(elsewhere, tmp_path):
    (tmp_path / "replications").mkdir()
    (tmp_path / "replications" / "__init__.py").write_text("")
    done = elsewhere(SOURCE)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_cell_stands_once_and_after_the_title(tmp_path):
    title = {"cell_type": "markdown", "id": "title", "metadata": {}, "source": ["# Title"]}
    text = {"cell_type": "markdown", "id": "text", "metadata": {}, "source": ["Text."]}
    once = with_cell({"cells": [title, text], "nbformat": 4})
    assert [cell["id"] for cell in once["cells"]] == ["title", "install", "text"]
    assert with_cell(once) == once
    file = tmp_path / "chapter.ipynb"
    file.write_text(json.dumps({"cells": [title, text], "nbformat": 4}))
    assert main([str(file)]) == 1
    assert main([str(file)]) == 0


def test_its_lines_fit_the_column():
    assert max(map(len, SOURCE.splitlines())) <= 80
