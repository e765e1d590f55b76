"""Checkpoints that are written atomically, and loaded with weights only."""

import math
import pickle
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import lightning
import torch
from lightning.fabric.plugins import TorchCheckpointIO
from lightning.pytorch.callbacks import Callback, Checkpoint

from replications.atomic_write import written_whole
from replications.errors import ReplicationError
from replications.models.averaging import average_weights

# What zipfile and torch raise for files that are cut short, changed or something else.
_UNREADABLE = (
    EOFError,
    KeyError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    pickle.UnpicklingError,
    zipfile.BadZipFile,
)


def _reason(error: Exception) -> str:
    """The operating system's message, where torch's own error hides it."""
    shown: BaseException | None = error
    while shown is not None and not isinstance(shown, OSError):
        shown = shown.__context__
    return (shown and shown.strerror) or "is the disk full?"


def _copied(weight: torch.Tensor) -> torch.Tensor:
    return weight.detach().to("cpu", copy=True)


class EveryEpoch(Checkpoint):
    """Keeps the state after the latest epoch, in one file.

    Lightning's ModelCheckpoint saves nothing here: it needs a step of an optimizer, and models that
    update their weights in place have none.
    """

    def __init__(self, file: Path) -> None:
        self.file = file

    def on_train_epoch_end(self, trainer: lightning.Trainer, model: Any) -> None:
        trainer.save_checkpoint(self.file)


class MeanOfLastEpochs(Callback):
    """Keeps the weights after each of the last `count` epochs, to end with their mean.

    Source: Vaswani et al. 2017, section 6.1, which averages the last five checkpoints.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.kept: list[dict[str, torch.Tensor]] = []

    def on_train_epoch_end(self, trainer: lightning.Trainer, model: Any) -> None:
        if trainer.current_epoch >= trainer.max_epochs - self.count:
            # Tied weights have several names: each tensor is copied once.
            # On the CPU, where those of a checkpoint are.
            self.kept.append({name: _copied(w) for name, w in model.named_parameters()})

    def average(self, model: torch.nn.Module) -> None:
        """To be called after the training: Lightning ends none that has nothing left to train."""
        model.load_state_dict(average_weights(self.kept), strict=False)

    def state_dict(self) -> dict[str, Any]:
        return {"kept": self.kept}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self.kept = list(state_dict["kept"])


class BestEpoch(Callback):
    """Keeps the weights after the epoch whose `metric` is the highest so far, to end with them.

    `latest` gives what was watched after the epoch that has just ended. Source: early stopping as
    Prechelt 1998 describes it, without its stop: a schedule that ends with the last epoch would
    be cut in the middle.
    """

    def __init__(self, metric: str, latest: Callable[[], Mapping[str, float]]) -> None:
        self.metric, self.latest = metric, latest
        self.highest = -math.inf
        self.weights: dict[str, torch.Tensor] = {}

    def on_train_epoch_end(self, trainer: lightning.Trainer, model: Any) -> None:
        watched = self.latest()
        if self.metric not in watched:
            raise ReplicationError(
                f"No metric {self.metric!r} is watched, so that no epoch can be the best by it; "
                f"there are: {', '.join(watched)}. Put one that gives it into `watch`."
            )
        if watched[self.metric] > self.highest:
            self.highest = watched[self.metric]
            self.weights = {name: _copied(w) for name, w in model.named_parameters()}

    def restore(self, model: torch.nn.Module) -> None:
        """To be called after the training: Lightning ends none that has nothing left to train."""
        model.load_state_dict(self.weights, strict=False)

    def state_dict(self) -> dict[str, Any]:
        return {"highest": self.highest, "weights": self.weights}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self.highest, self.weights = state_dict["highest"], dict(state_dict["weights"])


class DurableCheckpoints(TorchCheckpointIO):
    """Lightning's checkpoint files, safe against a kill at any moment."""

    def save_checkpoint(
        self, checkpoint: dict[str, Any], path: str | Path, storage_options: Any = None
    ) -> None:
        try:
            with written_whole(Path(path)) as partial, partial.open("wb") as file:
                torch.save(checkpoint, file)
        # torch reports a disk that is full while it closes the archive as an error of its own.
        except (OSError, RuntimeError) as error:
            raise ReplicationError(
                f"The checkpoint {path} cannot be written ({_reason(error)}). Free some space, or "
                "set REPLICATIONS_CACHE to a folder on another disk, and give the same command "
                "with --resume: it goes on from the last checkpoint that was written whole."
            ) from error

    def load_checkpoint(
        self, path: str | Path, map_location: Any = "cpu", weights_only: bool | None = None
    ) -> dict[str, Any]:
        # To the CPU: a run may be resumed where the device that it began on is missing.
        try:
            # torch.load does not compare the checksums that torch.save wrote: it would go on from
            # weights that were damaged on the disk.
            with zipfile.ZipFile(path) as archive:
                damaged = archive.testzip()
            if damaged:
                raise zipfile.BadZipFile(f"wrong sum of {damaged}")
            checkpoint = torch.load(path, map_location=map_location, weights_only=True)
            if not isinstance(checkpoint, dict) or "pytorch-lightning_version" not in checkpoint:
                raise ValueError("not written by Lightning")
        except _UNREADABLE as error:
            raise ReplicationError(
                f"The checkpoint {path} cannot be read ({type(error).__name__}). Delete it and run "
                "again without --resume."
            ) from error
        return checkpoint
