"""`replicate run PAPER`: what is kept of a run that ends, is stopped, or fails."""

import errno
import os
import signal
from dataclasses import replace

import pytest
from fabricated import FabricatedRecipe

from replications.recipes import trained_folder
from replications.records import load_records


def names(stage):
    return [record.filename for record in load_records("word2vec", folder=stage.records)]


def test_checkpoints_are_removed_once_the_record_is_saved(stage, cache):
    stage.run("run", "word2vec")
    assert list((cache / "runs" / "word2vec").iterdir()) == []


def test_the_last_checkpoint_is_kept_where_another_recipe_begins_with_it(stage, cache):
    start = FabricatedRecipe("skip-gram", training_hash="0" * 16)
    begun = FabricatedRecipe("cbow", start=start)
    stage.papers["word2vec"].RECIPES["smoke"] = (start, begun)
    stage.run("run", "word2vec")
    assert list((cache / "runs" / "word2vec").iterdir()) == []
    kept = trained_folder("skip-gram", "0" * 16, seed=0, device="cpu")
    assert [path.name for path in (cache / "trained").iterdir()] == [kept.name]
    assert (kept / "last.ckpt").read_bytes() == b"weights"
    # Trained again, the newer one takes its place.
    (kept / "last.ckpt").write_bytes(b"older")
    stage.run("run", "word2vec", "--replace")
    assert (kept / "last.ckpt").read_bytes() == b"weights"


def test_of_other_data_than_the_registered_no_checkpoint_is_kept(stage, cache):
    start = FabricatedRecipe("skip-gram")
    stage.papers["word2vec"].RECIPES["smoke"] = (start, FabricatedRecipe("cbow", start=start))
    trained = stage.fit

    def on_other_data(recipe, **options):
        done = trained(recipe, **options)
        done.record = replace(
            done.record, corpora=[{**each, "expected": False} for each in done.record.corpora]
        )
        assert done.record.corpora
        return done

    stage.fit = on_other_data
    assert stage.run("run", "word2vec", "--only", "skip-gram").exit_code == 0
    assert not (cache / "trained").exists()
    assert list((cache / "runs" / "word2vec").iterdir()) == []


def test_a_disk_that_fills_up_keeps_the_checkpoint_and_resume_records_it(stage, cache):
    fsync = os.fsync

    def full(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    os.fsync = full
    try:
        done = stage.run("run", "word2vec", "--only", "cbow")
    finally:
        os.fsync = fsync
    assert done.exit_code == 1
    assert "No space left on device" in done.stderr
    assert "--resume" in done.stderr
    assert list((stage.records / "word2vec").iterdir()) == []
    kept = cache / "runs" / "word2vec" / "cbow.smoke.seed0-0123456789abcdef"
    assert (kept / "last.ckpt").read_bytes() == b"weights"

    assert stage.run("run", "word2vec", "--only", "cbow", "--resume").exit_code == 0
    assert names(stage) == ["cbow.smoke.seed0.json"]
    assert not kept.exists()


def test_an_interrupted_run_keeps_the_records_made_and_resume_makes_the_others(stage):
    stage.fit.interrupt_at = 3
    done = stage.run("run", "word2vec", "--seeds", "2")
    assert done.exit_code == 130
    assert "Stopped after 3 of 4 runs. The same command with --resume goes on." in done.stdout
    assert len(names(stage)) == 3

    stage.fit.interrupt_at = None
    again = stage.run("run", "word2vec", "--seeds", "2", "--resume")
    assert stage.fit.order[3:] == [(1, "cbow")]
    assert again.stdout.count("is recorded already") == 3
    assert len(names(stage)) == 4


@pytest.mark.parametrize(
    ("failure", "shown"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        (RuntimeError("[enforce fail at inline_container.cc:672] . unexpected pos"), "no space"),
        (MemoryError(), "ran out of memory"),
        (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"), "ran out of memory"),
    ],
)
def test_a_machine_that_gives_up_during_training_is_one_readable_error(stage, failure, shown):
    def fail(_recipe, **_options):
        raise failure

    stage.fit = fail
    done = stage.run("run", "word2vec")
    assert done.exit_code == 1
    assert "skip-gram, seed 0" in done.stderr
    assert shown in done.stderr


def test_a_defect_during_training_keeps_its_traceback(stage):
    def fail(_recipe, **_options):
        raise RuntimeError("shapes do not match")

    stage.fit = fail
    with pytest.raises(RuntimeError, match="shapes do not match"):
        stage.run("run", "word2vec")


def test_a_run_that_diverged_keeps_its_checkpoint_and_says_what_would_help(stage, cache):
    trained = stage.fit

    def diverge(recipe, **options):
        done = trained(recipe, **options)
        failed = {"how": "diverged", "why": "loss is nan after epoch 2"}
        done.record = replace(done.record, failed=failed, metrics={})
        return done

    stage.fit = diverge
    done = stage.run("run", "word2vec", "--only", "cbow")
    assert done.exit_code == 1
    assert "diverged: loss is nan after epoch 2" in done.stderr
    (kept,) = (cache / "runs" / "word2vec").iterdir()
    assert f"or delete {kept}" in " ".join(done.stderr.split())


def interrupted(model, batch, number):
    raise KeyboardInterrupt


def terminated(model, batch, number):
    os.kill(os.getpid(), signal.SIGTERM)


@pytest.mark.parametrize("stopped", [interrupted, terminated])
def test_a_real_training_that_is_stopped_says_how_to_go_on_and_is_no_success(
    stage, monkeypatch, stopped
):
    from tiny_text import world_recipe

    from replications.objectives.word_vectors import WordVectorObjective
    from replications.training.fit import fit

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(WordVectorObjective, "training_step", stopped)
    stage.fit = fit
    stage.papers["word2vec"].RECIPES["smoke"] = (world_recipe(),)
    done = stage.run("run", "word2vec")
    assert done.exit_code == 130
    assert "Stopped after 0 of 1 runs. The same command with --resume goes on." in done.stdout
    assert signal.getsignal(signal.SIGTERM) is before
