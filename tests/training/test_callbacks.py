"""The clock of a training, its chance, and what the learner hands to Lightning."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from unittest.mock import Mock

import lightning
import pytest
import torch
from tiny_text import world_recipe
from world_runs import run

from replications.objectives.word_vectors import WordVectorObjective
from replications.training.callbacks import TrainingClock


@pytest.fixture
def ticking(monkeypatch):
    """Clocks that stand still: a batch takes 2 seconds, of which the processor works 1."""
    now = SimpleNamespace(wall=5.0, processor=3.0, batches=0)
    clocks = SimpleNamespace(perf_counter=lambda: now.wall, process_time=lambda: now.processor)
    monkeypatch.setattr("replications.training.callbacks.time", clocks)
    step = WordVectorObjective.training_step

    def timed(model, batch, number):
        now.wall, now.processor, now.batches = now.wall + 2, now.processor + 1, now.batches + 1
        return step(model, batch, number)

    monkeypatch.setattr(WordVectorObjective, "training_step", timed)
    return now


def test_seconds_add_up_over_the_epochs_and_stand_still_while_metrics_are_taken(ticking):
    def slow(model, data):
        ticking.wall, ticking.processor = ticking.wall + 1000, ticking.processor + 1000
        return {"slow": 1.0}

    record, _, _ = run(world_recipe(watched=True, metrics=(slow,)))
    batches = ticking.batches // 4
    assert batches > 1
    assert [point["seconds"] for point in record.trajectory] == [
        2 * batches * epoch for epoch in (1, 2, 3, 4)
    ]
    assert [point["processor_seconds"] for point in record.trajectory] == [
        batches * epoch for epoch in (1, 2, 3, 4)
    ]
    assert record.seconds == record.trajectory[-1]["seconds"]


def test_seconds_of_a_resumed_run_go_on_from_those_before(ticking, tmp_path):
    run(world_recipe(epochs=4), checkpoints=tmp_path)
    batches = ticking.batches // 4
    ticking.wall += 10_000
    record, _, _ = run(world_recipe(epochs=4), checkpoints=tmp_path, resume=True)
    assert record.seconds == 2 * 4 * batches


def test_what_a_model_does_aside_is_left_out_of_its_epoch(ticking, monkeypatch):
    step = WordVectorObjective.training_step

    def counting(model, batch, number):
        model.aside = model.aside[0] + 0.5, model.aside[1] + 0.25
        return step(model, batch, number)

    monkeypatch.setattr(WordVectorObjective, "training_step", counting)
    record, _, _ = run(world_recipe(epochs=2))
    assert record.seconds == 1.5 * ticking.batches
    assert record.trajectory[-1]["processor_seconds"] == 0.75 * ticking.batches


def test_the_clock_of_a_gpu_is_read_when_the_gpu_has_done_its_work(monkeypatch):
    read = []
    clocks = SimpleNamespace(
        perf_counter=lambda: read.append("clock") or 0.0, process_time=lambda: 0.0
    )
    monkeypatch.setattr("replications.training.callbacks.time", clocks)
    monkeypatch.setattr(torch.cuda, "synchronize", lambda device: read.append("wait"))
    clock = TrainingClock()
    model = SimpleNamespace(device=torch.device("cuda", 0), flops=0.0)
    trainer = Mock(
        spec=lightning.Trainer, current_epoch=0, world_size=1, callback_metrics={"loss": 1.0}
    )
    trainer.datamodule = Mock(spec=lightning.LightningDataModule, tokens_per_epoch=1)
    clock.on_fit_start(trainer, model)
    clock.on_train_epoch_end(trainer, model)
    assert read == ["wait", "clock"] * 3


@pytest.fixture
def seen(monkeypatch):
    """What a training step finds around itself."""
    found = {}
    step = WordVectorObjective.training_step

    def noted(model, batch, number):
        found["autocast"] = torch.is_autocast_enabled("cpu") and torch.get_autocast_dtype("cpu")
        found["deterministic"] = torch.are_deterministic_algorithms_enabled()
        return step(model, batch, number)

    monkeypatch.setattr(WordVectorObjective, "training_step", noted)
    return found


@pytest.mark.parametrize(
    ("precision", "autocast"), [("32-true", False), ("bf16-mixed", torch.bfloat16)]
)
def test_a_network_is_trained_in_the_precision_that_was_asked_for(precision, autocast, seen):
    recipe = world_recipe(epochs=1, metrics=())
    run(replace(recipe, learner=partial(recipe.learner, precision=precision)))
    assert seen["autocast"] is autocast


def test_on_the_processor_each_operation_is_repeatable(seen):
    run(world_recipe(epochs=1, metrics=()))
    assert seen["deterministic"]


def test_what_is_watched_are_other_metrics_and_those_of_the_run():
    def ours(model, data):
        return {"ours": 1.0}

    def theirs(model, data):
        return {"theirs": 2.0}

    recipe = world_recipe(epochs=1, watched=True, metrics=(theirs,))
    recipe = replace(recipe, learner=partial(recipe.learner, watch=(ours,)))
    record, _, _ = run(recipe)
    assert {"ours": 1.0, "theirs": 2.0}.items() <= record.trajectory[0].items()
    assert record.metrics == {"theirs": 2.0}
