"""Training with Lightning. The only place where a Trainer is made."""

import contextlib
import logging
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import lightning
import torch
from lightning.pytorch.callbacks import Callback, RichProgressBar
from lightning.pytorch.utilities.exceptions import MisconfigurationException

from replications.errors import ReplicationError
from replications.metrics.measuring import Metric
from replications.objectives.operations import CountsOperations
from replications.recipes import TrainedModel, Workspace
from replications.training.callbacks import ChanceByEpoch, Legs, Reports, TrainingClock
from replications.training.checkpoints import (
    BestEpoch,
    DurableCheckpoints,
    EveryEpoch,
    MeanOfLastEpochs,
)
from replications.training.shares import BATCH_SIZE, read_in_shares

_LOG = logging.getLogger(__name__)


def train(
    data: lightning.LightningDataModule,
    metrics: tuple[Metric, ...],
    workspace: Workspace,
    *,
    objective: Callable[..., lightning.LightningModule],
    epochs: int,
    precision: str = "32-true",
    watched: bool = False,
    watch: tuple[Metric, ...] = (),
    accumulate_batches: int = 1,
    averaged: int = 1,
    best: str | None = None,
    finish: Callable[[lightning.LightningModule, lightning.LightningDataModule], None]
    | None = None,
) -> TrainedModel:
    """Trains with Lightning: `objective` is called with the data's vocabulary and the seed.

    Where the run starts from a trained model, `objective` is called with that too.

    - `precision` is Lightning's name of it ("bf16-mixed" computes products in bfloat16);
    - `watch` are metrics to compute after each epoch for the trajectory, and with `watched` those
      of the whole run as well; their time does not count;
    - the gradients of `accumulate_batches` batches are averaged for an update, so that memory need
      not hold all that an update reads. Let the batches of an epoch be a multiple of it: the rest
      at the end makes a smaller update;
    - with `averaged` above 1 the model ends as the mean of its weights after each of the last so
      many epochs;
    - with `best`, the name of a metric of `watch`, it ends as it was after the epoch where that was
      the highest: not both with `averaged`;
    - where a device runs out of memory, each batch is read in twice as many shares from the last
      checkpoint on, with a warning; an update is made of the same batch;
    - `finish` then sets what is chosen after training, such as a search; its time does not count.
    """
    if averaged > 1 and best is not None:
        raise ReplicationError("a run ends as a mean of epochs or as the best one: leave one out")
    parts, begun = workspace.parts, False
    while True:
        attempt = _Attempt(data, workspace, parts, begun)
        try:
            return attempt.run(
                objective,
                epochs=epochs,
                precision=precision,
                watch=(*watch, *metrics) if watched else watch,
                accumulate_batches=accumulate_batches,
                averaged=averaged,
                best=best,
                finish=finish,
            )
        except torch.OutOfMemoryError as error:
            if not attempt.can_halve:
                raise
            why = " ".join(str(error).split())[:120]
        # Out of the handler: the error keeps references to all that the attempt had in memory.
        begun = attempt.kept
        del attempt
        parts *= 2
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        _LOG.warning(
            "The device ran out of memory (%s). Each batch is now read in %d shares, one after the "
            "other, and makes one update as before; --parts %d does so from the start.",
            why,
            parts,
            parts,
        )


@dataclass
class _Attempt:
    """One attempt to train, with each batch read in `parts`; with `resume` from the checkpoint.

    Afterwards `kept` says whether it left a checkpoint, and `can_halve` whether its model can read
    batches in twice as many parts.
    """

    data: lightning.LightningDataModule
    workspace: Workspace
    parts: int
    resume: bool
    kept: bool = False
    can_halve: bool = False

    def run(
        self,
        objective: Callable[..., lightning.LightningModule],
        *,
        epochs: int,
        precision: str,
        watch: tuple[Metric, ...],
        accumulate_batches: int,
        averaged: int,
        best: str | None,
        finish: Callable[[lightning.LightningModule, lightning.LightningDataModule], None] | None,
    ) -> TrainedModel:
        data, workspace = self.data, self.workspace
        processes = workspace.devices * workspace.nodes
        lightning.seed_everything(workspace.seed, verbose=False)
        # Filling memory before it is written to would make each operation slower and no result
        # more repeatable.
        torch.utils.deterministic.fill_uninitialized_memory = False
        start = () if workspace.start is None else (workspace.start,)
        model = objective(data.vocabulary, workspace.seed, *start)
        rows = _rows(data)
        shareable = isinstance(model, CountsOperations) and model.shareable
        self.can_halve = processes == 1 and shareable and 2 * self.parts <= rows
        clock, mean = TrainingClock(watch), MeanOfLastEpochs(averaged)
        callbacks: list[Callback] = [clock, ChanceByEpoch(workspace.seed)]
        if averaged > 1:
            callbacks.append(mean)
        at_best = None if best is None else BestEpoch(best, lambda: clock.trajectory[-1])
        if at_best is not None:
            callbacks.append(at_best)
        read = (each.sha256 for each in getattr(data, "identities", ()))
        file = None if workspace.checkpoints is None else workspace.checkpoints / "last.ckpt"
        legs = Legs(workspace.origin, read, file)
        callbacks.append(legs)
        last = None
        if file is not None:
            callbacks.append(EveryEpoch(file))
            last = file if (workspace.resume or self.resume) and file.exists() else None
        if callable(workspace.progress):
            callbacks.append(Reports(workspace.progress))
        elif workspace.progress:
            callbacks.append(RichProgressBar(leave=False))
        if workspace.device == "cuda" and getattr(data, "fixed_shapes", False):
            # Compiled for each shape once; where shapes change, it would be compiled again and
            # again.
            model.loss = torch.compile(model.loss, dynamic=False)
        with (
            _quiet_lightning(),
            _interrupts_passed_on(),
            read_in_shares(data, model, processes=processes, parts=self.parts),
        ):
            trainer = lightning.Trainer(
                accelerator="gpu" if workspace.device == "cuda" else workspace.device,
                devices=workspace.devices,
                num_nodes=workspace.nodes,
                # Weights may be unused, such as another task's head.
                strategy="auto" if processes == 1 else "ddp_find_unused_parameters_true",
                # Each process makes the whole batch, and reads its share.
                use_distributed_sampler=False,
                max_epochs=epochs,
                precision=precision,
                accumulate_grad_batches=accumulate_batches * self.parts,
                reload_dataloaders_every_n_epochs=1,
                deterministic=workspace.device == "cpu",
                logger=False,
                callbacks=callbacks,
                plugins=[DurableCheckpoints()],
                enable_checkpointing=workspace.checkpoints is not None,
                enable_progress_bar=workspace.progress is True,
                enable_model_summary=False,
                num_sanity_val_steps=0,
            )
            try:
                trainer.fit(model, datamodule=data, ckpt_path=last, weights_only=True)
            except (RuntimeError, MisconfigurationException) as error:
                # Before the first epoch's end nothing of this run is in the file.
                self.kept = file is not None and (last is not None or bool(clock.trajectory))
                # Weights are restored before the clock starts, and the epochs' number after it.
                in_training = clock.started is not None and isinstance(error, RuntimeError)
                if last is None or in_training:
                    raise
                raise ReplicationError(
                    f"The checkpoint {last} does not fit this recipe ({_shortened(error)}). Delete "
                    "it and run again without --resume."
                ) from error
        if averaged > 1:
            mean.average(model)
        if at_best is not None:
            at_best.restore(model)
        if finish is not None:
            finish(model.to(workspace.device), data)
        return TrainedModel(
            model=model,
            parameters=count_parameters(model),
            flops=clock.flops,
            seconds=clock.seconds,
            trajectory=clock.trajectory,
            resumed_from=legs.earlier,
        )


def _rows(data: lightning.LightningDataModule) -> int:
    """The examples of a batch; 64 where their number differs, as a limit to halving."""
    for name in BATCH_SIZE:
        if rows := getattr(data, name, None):
            return int(rows)
    return 64


def count_parameters(model: torch.nn.Module) -> dict[str, int]:
    """The number of trained parameters: those of embeddings, and all others.

    Frozen weights are left out.
    """
    embeddings = {
        id(weight)
        for part in model.modules()
        if isinstance(part, torch.nn.Embedding)
        for weight in part.parameters()
    }
    counts = {"embedding": 0, "other": 0}
    for weight in model.parameters():
        if weight.requires_grad:
            counts["embedding" if id(weight) in embeddings else "other"] += weight.numel()
    return counts


@contextlib.contextmanager
def _quiet_lightning() -> Iterator[None]:
    """Suppress warnings that a reader of the chapters cannot act on."""
    log = logging.getLogger("lightning.pytorch")
    level = log.level
    log.setLevel(logging.WARNING)
    try:
        with warnings.catch_warnings():
            # Batches are in memory: worker processes would only slow loading down.
            for hint in (
                "does not have many workers",
                "returned `None`",
                "is not empty",
                "LeafSpec",
                "has `__len__` defined",
                "in eval mode at the start",
                # The weights of a recurrent layer are copied into a kernel's layout at each use.
                "not part of single contiguous chunk",
            ):
                warnings.filterwarnings("ignore", f".*{hint}.*")
            yield
    finally:
        log.setLevel(level)


@contextlib.contextmanager
def _interrupts_passed_on() -> Iterator[None]:
    """Let Ctrl-C reach the caller: Lightning makes it an exit, and ignores a second one."""
    handler = signal.getsignal(signal.SIGINT)
    try:
        yield
    except SystemExit as error:
        if not isinstance(error.__context__, KeyboardInterrupt):
            raise
        # Only the main thread may set it, and only there did Lightning change it.
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, handler)
        raise KeyboardInterrupt from error


def _shortened(error: Exception, most: int = 200) -> str:
    """The beginning of an error: torch lists each weight that does not fit the model."""
    text = " ".join(str(error).split())
    return text if len(text) <= most else f"{text[:most]} ..."
