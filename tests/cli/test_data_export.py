"""`replicate data export`, and a run on the machine that the folder is carried to."""

import json
import os
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pyarrow
import pyarrow.parquet
import pytest
import yaml
from typer.testing import CliRunner

from replications import corpora, paths
from replications.cli import app
from replications.cli.environment import Surroundings, working_on
from replications.corpora.store.fingerprint import fingerprint_rows
from replications.training import provenance

TEXTS = [{"text": f"the cat number {n} sat on the mat and the dog ran"} for n in range(200)]


@pytest.fixture
def registered(tmp_path, monkeypatch):
    """A corpus of one column in a mirror, registered in a folder of its own."""
    registry, mirror = tmp_path / "registry", tmp_path / "mirror"
    registry.mkdir()
    (mirror / "cats").mkdir(parents=True)
    entry = {
        "name": "cats",
        "kind": "real",
        "description": "a cat, again and again",
        "licence": "none",
        "megabytes": 0.1,
        "splits": {
            "train": {
                "rows": len(TEXTS),
                "fingerprint": fingerprint_rows(TEXTS, ["text"]),
                "columns": {"text": "string"},
                "prepared": {"cats/train.parquet": "0" * 64},
            }
        },
    }
    (registry / "cats.yml").write_text(yaml.safe_dump(entry))
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(TEXTS), mirror / "cats/train.parquet")
    monkeypatch.setattr(paths, "REGISTRY", registry)
    monkeypatch.setenv("REPLICATIONS_MIRROR", str(mirror))
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "cache"))
    return registry


def replicate(*words):
    paper = SimpleNamespace(CORPORA={"laptop": ("cats",)}, RECIPES={"laptop": ()})
    surroundings = Surroundings(papers=lambda: {"cats": paper}, corpora=lambda: corpora)
    with working_on(surroundings):
        return CliRunner().invoke(app, ["data", "export", *words], catch_exceptions=False)


def test_export_prints_what_it_wrote_and_how_to_use_it(registered, tmp_path):
    done = replicate("cats", "--tier", "laptop", "--to", str(tmp_path / "out"))
    assert done.exit_code == 0, done.stderr
    assert "cats: 200 rows" in done.stdout
    assert f"in {tmp_path / 'out'}. There, set REPLICATIONS_MIRROR to it." in done.stdout
    assert (tmp_path / "out/cats/train.parquet").is_file()


def test_export_in_parts_says_how_to_join_them(registered, tmp_path):
    words = ("cats", "--tier", "laptop", "--to", str(tmp_path / "out"), "--part-size", "2KB")
    done = replicate(*words)
    assert done.exit_code == 0, done.stderr
    parts = sorted((tmp_path / "out").glob("mirror.tar.*"))
    assert len(parts) > 1 and f"{len(parts)} parts" in done.stdout
    command = done.stdout.split("`")[1].replace("MIRROR", "joined")
    (tmp_path / "out/joined").mkdir()
    subprocess.run(command, shell=True, check=True, cwd=tmp_path / "out", capture_output=True)
    assert (tmp_path / "out/joined/cats/train.parquet").is_file()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("dogs", "--tier", "laptop"), "There is no paper 'dogs'"),
        (("cats", "--tier", "gpu"), "cats has no tier 'gpu'; it has: laptop"),
        (("cats", "--tier", "laptop", "--part-size", "many"), "such as 60MB"),
        (("cats", "--tier", "laptop", "--part-size", "10"), "Parts of 10 bytes: give 1KB or more"),
    ],
)
def test_a_wrong_name_or_size_is_told_before_anything_is_written(registered, tmp_path, words, told):
    done = replicate(*words, "--to", str(tmp_path / "out"))
    assert done.exit_code == 1
    assert told in done.stderr
    assert not (tmp_path / "out").exists()


RUN = """
import dataclasses, json
from functools import partial
from replications.corpora.batches.word_blocks import WordBlocks
from replications.corpora.texts.encoded_text import corpus_text
from replications.models.window_predictors import SkipGram
from replications.objectives.negative_sampling import NegativeSampling
from replications.objectives.word_vectors import WordVectorObjective
from replications.recipes import Recipe
from replications.training.fit import fit
from replications.training.trainers import train
objective = partial(
    WordVectorObjective, predictor=SkipGram, output=NegativeSampling, dimension=4, learning_rate=0.1
)
recipe = Recipe(
    name="cats",
    data=partial(WordBlocks, text=partial(corpus_text, corpus="cats", min_count=2), block=32),
    learner=partial(train, objective=objective, epochs=1),
    metrics=(),
    minutes=0.1,
)
print(json.dumps(dataclasses.asdict(fit(recipe, paper="cats", tier="laptop", seed=0).record)))
"""


def test_a_copy_without_git_and_with_that_mirror_alone_makes_a_whole_record(registered, tmp_path):
    done = replicate("cats", "--tier", "laptop", "--to", str(tmp_path / "carried"))
    assert done.exit_code == 0, done.stderr
    copy = tmp_path / "copy"
    left_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(paths.REPOSITORY / "replications", copy / "replications", ignore=left_out)
    shutil.copytree(registered, copy / "data/registry")
    shutil.rmtree(tmp_path / "mirror")
    environment = {
        **os.environ,
        "PYTHONPATH": str(copy),
        "REPLICATIONS_MIRROR": str(tmp_path / "carried"),
        "REPLICATIONS_CACHE": str(tmp_path / "cache-there"),
    }
    ran = subprocess.run(
        [sys.executable, "-c", RUN], cwd=copy, env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    record = json.loads(ran.stdout.splitlines()[-1])
    (corpus,) = record["corpora"]
    assert (corpus["name"], corpus["origin"], corpus["expected"]) == ("cats", "mirror", True)
    assert corpus["sha256"] == fingerprint_rows(TEXTS, ["text"])
    # `stored_as` and `stored_in` are for records that are read from a file.
    assert [name for name, value in record.items() if value in (None, "")] == [
        "stored_as",
        "stored_in",
    ]
    assert record["tokens_seen"] > 0
    # As on the machine that exported: the same commit, perhaps with changes.
    assert record["commit"].removesuffix("-dirty") == provenance.commit().removesuffix("-dirty")
