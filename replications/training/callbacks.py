"""Callbacks of training: its clock, random seeds by epoch, provenance by epoch, and progress."""

import math
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import lightning
import torch
from lightning.pytorch.callbacks import Callback

from replications.code_version import code_version
from replications.errors import ReplicationError
from replications.metrics.measuring import Metric, measure
from replications.training.progress import Progress


class TrainingClock(Callback):
    """Seconds of training, CPU seconds and loss after each epoch; kept in checkpoints.

    The seconds include all that an epoch needs: its batches, its updates and its checkpoint. On a
    GPU they end when its queued work is done. The model's `aside` seconds are left out. Over
    several processes, CPU seconds and operations are summed.
    """

    def __init__(self, metrics: tuple[Metric, ...] = ()) -> None:
        self.metrics = metrics
        self.trajectory: list[dict[str, float]] = []
        self.seconds, self.processor_seconds, self.flops = 0.0, 0.0, 0.0
        self.started: tuple[float, float] | None = None

    def on_fit_start(self, trainer: lightning.Trainer, model: Any) -> None:
        self._start(model)

    def on_train_epoch_end(self, trainer: lightning.Trainer, model: Any) -> None:
        _wait_for(model)
        wall, processor = getattr(model, "aside", (0.0, 0.0))
        self.seconds += time.perf_counter() - self.started[0] - wall
        spent = time.process_time() - self.started[1] - processor
        self.processor_seconds += _of_all_processes(trainer, model, spent)
        self.flops += _of_all_processes(trainer, model, model.flops)
        data = trainer.datamodule
        epoch = trainer.current_epoch + 1
        self.trajectory.append(
            {
                "epoch": epoch,
                "tokens": epoch * data.tokens_per_epoch,
                "seconds": self.seconds,
                "processor_seconds": self.processor_seconds,
                "flops": self.flops,
                "loss": float(trainer.callback_metrics["loss"]),
                **{name: float(n) for name, n in measure(self.metrics, model, data).items()},
            }
        )
        self._start(model)

    def _start(self, model: Any) -> None:
        # From one epoch's end to the next, so that drawing an epoch's batches counts too.
        _wait_for(model)
        self.started = time.perf_counter(), time.process_time()
        model.flops, model.aside = 0.0, (0.0, 0.0)

    def state_dict(self) -> dict[str, Any]:
        return {
            "trajectory": self.trajectory,
            "seconds": self.seconds,
            "processor_seconds": self.processor_seconds,
            "flops": self.flops,
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self.trajectory = list(state_dict["trajectory"])
        self.seconds = state_dict["seconds"]
        self.processor_seconds = state_dict["processor_seconds"]
        self.flops = state_dict["flops"]


def _of_all_processes(trainer: lightning.Trainer, model: Any, number: float) -> float:
    if trainer.world_size == 1:
        return number
    whole = torch.tensor(number, dtype=torch.float64, device=model.device)
    return float(trainer.strategy.reduce(whole, reduce_op="sum"))


def _wait_for(model: Any) -> None:
    if model.device.type == "cuda":
        torch.cuda.synchronize(model.device)


class Legs(Callback):
    """Which code on which device trained up to which epoch; kept in checkpoints.

    `origin` has the `commit` and the `device` of this leg, `corpora` are the sha256 of its data. A
    run may be resumed with other code or elsewhere, which its record states: see `earlier`. With
    other data it may not: then a ReplicationError is raised.
    """

    def __init__(
        self, origin: Mapping[str, str], corpora: Iterable[str], file: Path | None = None
    ) -> None:
        self.file = file
        self.here = {"commit": "unknown", "device": "", **origin, "code": code_version()}
        self.corpora = sorted(corpora)
        self.legs: list[dict[str, Any]] = []

    @property
    def earlier(self) -> tuple[dict[str, Any], ...]:
        """The legs before this one, if any was of other code or another device."""
        before = [leg for leg in self.legs if _without_epochs(leg) != self.here]
        return tuple({name: n for name, n in leg.items() if name != "code"} for leg in before)

    def on_train_epoch_end(self, trainer: lightning.Trainer, model: Any) -> None:
        if self.legs and _without_epochs(self.legs[-1]) == self.here:
            self.legs.pop()
        self.legs.append({**self.here, "epochs": trainer.current_epoch + 1})

    def state_dict(self) -> dict[str, Any]:
        return {"legs": self.legs, "corpora": self.corpora}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        if state_dict["corpora"] != self.corpora:
            raise ReplicationError(
                f"The checkpoint {self.file} does not fit this recipe: it was trained on other "
                "rows of the corpora, such as those that --allow-different-data lets through. Give "
                "the same data, or delete it and run again without --resume."
            )
        self.legs = [dict(leg) for leg in state_dict["legs"]]


def _without_epochs(leg: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in leg.items() if name != "epochs"}


class ChanceByEpoch(Callback):
    """Seeds torch at each epoch, so that random draws, such as dropout, depend on seed and epoch.

    A resumed run then draws what an uninterrupted one would have drawn.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def on_train_batch_start(
        self, trainer: lightning.Trainer, model: Any, batch: Any, number: int
    ) -> None:
        # Not at the epoch's start: a data loader draws a seed for itself after that.
        if number == 0:
            # Each process draws for its own examples.
            own = trainer.global_rank << 40
            torch.manual_seed(own + self.seed * 100_003 + trainer.current_epoch)


class Reports(Callback):
    """Calls `told` with the Progress before each batch, and once after the last.

    An epoch's checkpoint is written before the first batch of the next: raising Stopped loses no
    epoch that had ended.
    """

    def __init__(
        self, told: Callable[[Progress], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.told, self.clock = told, clock
        self.loss: float | None = None
        self.step_loss: float | None = None
        self.begun: tuple[float, float] | None = None

    def on_train_batch_start(
        self, trainer: lightning.Trainer, model: Any, batch: Any, number: int
    ) -> None:
        batches = trainer.num_training_batches
        share = number / batches if math.isfinite(batches) else 0.0
        self._tell(trainer, trainer.current_epoch, share)

    def on_train_batch_end(
        self, trainer: lightning.Trainer, model: Any, outputs: Any, batch: Any, number: int
    ) -> None:
        loss = outputs.get("loss") if isinstance(outputs, dict) else outputs
        if isinstance(loss, torch.Tensor) and loss.is_cpu:
            self.step_loss = float(loss)

    def on_train_epoch_end(self, trainer: lightning.Trainer, model: Any) -> None:
        # Once an epoch: reading a value from an accelerator waits for all of its queued work.
        loss = trainer.callback_metrics.get("loss")
        self.loss = None if loss is None else float(loss)

    def on_train_end(self, trainer: lightning.Trainer, model: Any) -> None:
        self._tell(trainer, trainer.max_epochs, 0.0)

    def _tell(self, trainer: lightning.Trainer, epoch: int, share: float) -> None:
        now, done = self.clock(), epoch + share
        if self.begun is None:
            self.begun = now, done
        trained = done - self.begun[1]
        pace = (now - self.begun[0]) / trained if trained > 0 else None
        left = None if pace is None else pace * (trainer.max_epochs - done)
        self.told(Progress(epoch, trainer.max_epochs, self.loss, left, self.step_loss))
