"""A run that was broken off and resumed is the run that was not, and loses nothing on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from tiny_text import world_recipe
from world_runs import path_of, run

from replications.errors import ReplicationError
from replications.objectives.word_vectors import WordVectorObjective
from replications.paths import REPOSITORY
from replications.records import load_record, save_record


def broken_off(code: str, folder: Path) -> subprocess.CompletedProcess:
    """Train the recipe in another process, in which `code` has set a trap."""
    program = f"""
import os, signal, sys, torch
from pathlib import Path
sys.path.insert(0, {str(REPOSITORY / "tests")!r})
torch.set_num_threads({torch.get_num_threads()})
from tiny_text import world_recipe
from replications.objectives.word_vectors import WordVectorObjective
from replications.training.fit import fit
{code}
fit(world_recipe(), paper="word2vec", tier="smoke", seed=0, checkpoints=Path({str(folder)!r}))
print("was never killed")
"""
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=120,
    )


KILLED_IN_THE_MIDDLE_OF_AN_EPOCH = """
step = WordVectorObjective.training_step
def killed(model, batch, number):
    step(model, batch, number)
    if model.current_epoch == 2:
        os.kill(os.getpid(), signal.SIGKILL)
WordVectorObjective.training_step = killed
"""

KILLED_WHILE_SAVING = """
import io
save, saved = torch.save, []
def killed(checkpoint, file):
    saved.append(1)
    if len(saved) < 3:
        return save(checkpoint, file)
    whole = io.BytesIO()
    save(checkpoint, whole)
    file.write(whole.getvalue()[:len(whole.getvalue()) // 2])
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
torch.save = killed
"""


@pytest.mark.parametrize(
    "trap", [KILLED_IN_THE_MIDDLE_OF_AN_EPOCH, KILLED_WHILE_SAVING], ids=["training", "saving"]
)
def test_a_killed_run_that_is_resumed_ends_as_an_unbroken_one(
    trap, unbroken, tmp_path, monkeypatch
):
    epochs = set()
    step = WordVectorObjective.training_step

    def noted(model, batch, number):
        epochs.add(model.current_epoch)
        step(model, batch, number)

    done = broken_off(trap, tmp_path)
    assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr
    assert torch.load(tmp_path / "last.ckpt", weights_only=True)["epoch"] == 1
    monkeypatch.setattr(WordVectorObjective, "training_step", noted)
    resumed, model, _ = run(checkpoints=tmp_path, resume=True)
    assert epochs == {2, 3}
    record, vectors = unbroken
    assert torch.equal(model.vectors, vectors)
    assert resumed.metrics == record.metrics
    assert path_of(resumed) == path_of(record)
    assert resumed.flops == record.flops
    assert resumed.tokens_seen == record.tokens_seen


def test_a_run_that_was_killed_before_its_record_was_saved_is_recorded_without_training(
    unbroken, tmp_path, monkeypatch
):
    run(checkpoints=tmp_path)

    def train(model, batch, number):
        raise AssertionError("nothing was left to train")

    monkeypatch.setattr(WordVectorObjective, "training_step", train)
    resumed, model, _ = run(checkpoints=tmp_path, resume=True)
    assert torch.equal(model.vectors, unbroken[1])
    assert path_of(resumed) == path_of(unbroken[0])


def test_a_run_that_goes_on_with_other_code_or_elsewhere_says_both(unbroken, tmp_path, monkeypatch):
    step, stops = WordVectorObjective.training_step, []

    def broken(model, batch, number):
        if model.current_epoch == stops[-1]:
            raise RuntimeError("pulled out")
        return step(model, batch, number)

    monkeypatch.setattr(WordVectorObjective, "training_step", broken)
    first, second = "1" * 40, "2" * 40
    for epoch, commit in ((1, first), (2, first), (3, second)):
        stops.append(epoch)
        monkeypatch.setattr("replications.training.provenance.imported_commit", lambda c=commit: c)
        with pytest.raises(RuntimeError, match="pulled out"):
            run(checkpoints=tmp_path, resume=True)
    stops.append(None)
    monkeypatch.setattr("replications.training.provenance.device_name", lambda device: "another")
    record, model, _ = run(checkpoints=tmp_path, resume=True)
    here = unbroken[0].device
    assert (record.commit, record.device) == (second, "another")
    assert record.resumed_from == [
        {"commit": first, "device": here, "epochs": 2},
        {"commit": second, "device": here, "epochs": 3},
    ]
    assert torch.equal(model.vectors, unbroken[1])
    assert load_record(save_record(record, tmp_path)).resumed_from == record.resumed_from


def test_a_run_that_goes_on_with_the_same_code_on_the_same_device_says_nothing(tmp_path):
    run(checkpoints=tmp_path)
    record, _, _ = run(checkpoints=tmp_path, resume=True)
    assert record.resumed_from == []


def test_without_resume_a_run_starts_anew(unbroken, tmp_path):
    broken = world_recipe(epochs=2)
    run(broken, checkpoints=tmp_path)
    again, model, _ = run(checkpoints=tmp_path)
    assert torch.equal(model.vectors, unbroken[1])
    assert path_of(again) == path_of(unbroken[0])


def test_resume_without_a_checkpoint_starts_at_the_beginning(unbroken, tmp_path):
    _, model, _ = run(checkpoints=tmp_path / "none", resume=True)
    assert torch.equal(model.vectors, unbroken[1])


def test_without_a_folder_for_checkpoints_no_file_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("other", [{"dimension": 9}, {"tokens": 1_400}, {"epochs": 1}], ids=str)
def test_the_checkpoint_of_another_recipe_is_refused_by_name(other, tmp_path):
    run(checkpoints=tmp_path)
    with pytest.raises(ReplicationError, match=r"last\.ckpt does not fit this recipe"):
        run(world_recipe(**other), checkpoints=tmp_path, resume=True)


def test_a_checkpoint_cut_short_is_refused_by_name(tmp_path):
    run(checkpoints=tmp_path)
    file = tmp_path / "last.ckpt"
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(ReplicationError, match=r"last\.ckpt cannot be read"):
        run(checkpoints=tmp_path, resume=True)


def test_a_defect_during_training_keeps_its_own_error(tmp_path, monkeypatch):
    run(world_recipe(epochs=2), checkpoints=tmp_path)

    def fail(model, batch, number):
        raise RuntimeError("a defect")

    monkeypatch.setattr(WordVectorObjective, "training_step", fail)
    with pytest.raises(RuntimeError, match="a defect"):
        run(checkpoints=tmp_path, resume=True)


def test_a_full_disk_during_training_leaves_the_last_whole_checkpoint(
    unbroken, tmp_path, monkeypatch
):
    save, saved = torch.save, []

    def fill_the_disk(checkpoint, file):
        saved.append(1)
        if len(saved) > 2:
            file.write(b"half")
            raise OSError(28, "No space left on device")
        save(checkpoint, file)

    with monkeypatch.context() as patched:
        patched.setattr(torch, "save", fill_the_disk)
        with pytest.raises(ReplicationError, match="No space left.*--resume"):
            run(checkpoints=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["last.ckpt"]
    _, model, _ = run(checkpoints=tmp_path, resume=True)
    assert torch.equal(model.vectors, unbroken[1])
