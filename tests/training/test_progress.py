"""What is told of a training while it runs, and how it is ended from outside."""

from __future__ import annotations

import signal

import pytest
import torch
from world_runs import path_of, run

from replications.objectives.word_vectors import WordVectorObjective
from replications.training.progress import Stopped


def test_each_batch_is_told_with_the_epoch_the_last_loss_and_the_seconds_left(unbroken):
    told = []
    record, model, _ = run(progress=told.append)
    assert [told[0].epoch, told[0].epochs, told[0].loss, told[0].seconds_left] == [0, 4, None, None]
    assert sorted({each.epoch for each in told}) == [0, 1, 2, 3, 4]
    assert all(each.seconds_left > 0 for each in told[1:-1])
    assert told[-1].seconds_left == 0
    by_epoch = {each.epoch: each.loss for each in told}
    assert [by_epoch[epoch] for epoch in (1, 2, 3, 4)] == [
        point["loss"] for point in record.trajectory
    ]
    assert torch.equal(model.vectors, unbroken[1])


def test_a_run_that_is_stopped_after_an_epoch_has_kept_it_and_goes_on(unbroken, tmp_path):
    def stop(progress):
        if progress.epoch == 2:
            raise Stopped

    with pytest.raises(Stopped):
        run(checkpoints=tmp_path, progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["last.ckpt"]
    assert torch.load(tmp_path / "last.ckpt", weights_only=True)["epoch"] == 1
    record, model, _ = run(checkpoints=tmp_path, resume=True)
    assert torch.equal(model.vectors, unbroken[1])
    assert path_of(record) == path_of(unbroken[0])


def test_ctrl_c_during_training_reaches_the_caller_and_so_does_a_second_one(monkeypatch):
    handler = signal.getsignal(signal.SIGINT)

    def interrupted(model, batch, number):
        raise KeyboardInterrupt

    monkeypatch.setattr(WordVectorObjective, "training_step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert signal.getsignal(signal.SIGINT) is handler
