"""From a recipe to a record. The only place where a Lightning Trainer is made."""

import contextlib
import inspect
import logging
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import lightning
import torch
from lightning.pytorch.callbacks import Callback, RichProgressBar
from lightning.pytorch.utilities.exceptions import MisconfigurationException

from replications.checkpoints import DurableCheckpoints, EveryEpoch, MeanOfLastEpochs
from replications.errors import ReplicationError
from replications.provenance import forget_peak_memory, peak_memory_bytes, provenance
from replications.recipes import Learned, Recipe, Workspace
from replications.records import Record

Metric = Callable[..., dict[str, float]]


def fit(
    recipe: Recipe,
    *,
    paper: str,
    tier: str,
    seed: int,
    device: str = "cpu",
    resume: bool = False,
    checkpoints: Path | None = None,
    allow_different_data: bool = False,
    progress: bool = False,
) -> Record:
    """Train the recipe once and measure it.

    With `checkpoints` the run is kept there after each epoch; with `resume` it goes on from there
    and ends with the same metrics as an unbroken run.

    Raises ReplicationError where data cannot be had, or a metric has no value.
    """
    return fit_with_model(
        recipe,
        paper=paper,
        tier=tier,
        seed=seed,
        device=device,
        resume=resume,
        checkpoints=checkpoints,
        allow_different_data=allow_different_data,
        progress=progress,
    )[0]


def fit_with_model(
    recipe: Recipe,
    *,
    paper: str,
    tier: str,
    seed: int,
    device: str = "cpu",
    resume: bool = False,
    checkpoints: Path | None = None,
    allow_different_data: bool = False,
    progress: bool = False,
) -> tuple[Record, Any, lightning.LightningDataModule]:
    """As `fit`, and gives the trained model and its data too, for a chapter to look inside."""
    origin = provenance(device)
    forget_peak_memory()
    data = prepare_data(recipe, seed, allow_different_data=allow_different_data)
    workspace = Workspace(seed, device, checkpoints, resume, progress)
    learned = recipe.learner(data, recipe.metrics, workspace)
    if isinstance(learned.model, torch.nn.Module):
        # Lightning leaves what it trained on an accelerator in the memory of the processor.
        learned.model.to(device)
    record = Record(
        paper=paper,
        recipe=recipe.name,
        tier=tier,
        seed=seed,
        recipe_hash=recipe.hash,
        recipe_parts=recipe.describe(),
        corpora=[asdict(identity) for identity in data.identities],
        parameters=learned.parameters,
        tokens_seen=int(learned.trajectory[-1]["tokens"]),
        flops=learned.flops,
        seconds=learned.seconds,
        peak_memory_bytes=peak_memory_bytes(),
        trajectory=learned.trajectory,
        metrics=measure(recipe.metrics, learned.model, data),
        texts=[] if recipe.texts is None else recipe.texts(learned.model, data),
        **origin,
    )
    return record, learned.model, data


def prepare_data(
    recipe: Recipe, seed: int, *, allow_different_data: bool = False
) -> lightning.LightningDataModule:
    """The recipe's data module, set up."""
    source = recipe.data
    if allow_different_data and "allow_different_data" in _arguments(source.keywords["text"]):
        text = partial(source.keywords["text"], allow_different_data=True)
        source = partial(source, text=text)
    data = source(seed)
    data.setup("fit")
    return data


def measure(
    metrics: tuple[Metric, ...], model: Any, data: lightning.LightningDataModule
) -> dict[str, float]:
    """All metrics by name. Raises ReplicationError when two give a number of the same name."""
    numbers: dict[str, float] = {}
    for metric in metrics:
        found = metric(model, data)
        if twice := numbers.keys() & found.keys():
            raise ReplicationError(f"Two metrics of a recipe are both named {sorted(twice)[0]!r}.")
        numbers.update(found)
    return numbers


def train_with_lightning(
    data: lightning.LightningDataModule,
    metrics: tuple[Metric, ...],
    workspace: Workspace,
    *,
    objective: Callable[..., lightning.LightningModule],
    epochs: int,
    watched: bool = False,
) -> Learned:
    """Learns in single precision: `objective` is called with the data's vocabulary and the seed.

    With `watched`, the metrics are taken after each epoch for the trajectory; the clock stands
    still meanwhile.
    """
    return _train(data, workspace, objective, epochs, TrainingClock(metrics if watched else ()))


def train_networks(
    data: lightning.LightningDataModule,
    metrics: tuple[Metric, ...],
    workspace: Workspace,
    *,
    objective: Callable[..., lightning.LightningModule],
    epochs: int,
    precision: str = "32-true",
    watch: tuple[Metric, ...] = (),
    averaged: int = 1,
    finish: Callable[[lightning.LightningModule, lightning.LightningDataModule], None]
    | None = None,
) -> Learned:
    """Learns deep networks: as `train_with_lightning`, with what they need besides.

    `precision` is Lightning's name of it ("bf16-mixed" computes products in bfloat16). `watch` are
    measured after each epoch, apart from the metrics of the whole run. With `averaged` above 1,
    the model ends as the mean of its weights after each of the last so many epochs. `finish` then
    sets what is chosen once the weights are there; it is not training, and its time does not count.
    """
    clock = TrainingClock(watch)
    mean = [MeanOfLastEpochs(averaged)] if averaged > 1 else []
    learned = _train(data, workspace, objective, epochs, clock, *mean, precision=precision)
    if finish is not None:
        finish(learned.model.to(workspace.device), data)
    return learned


def _train(
    data: lightning.LightningDataModule,
    workspace: Workspace,
    objective: Callable[..., lightning.LightningModule],
    epochs: int,
    clock: "TrainingClock",
    *others: Callback,
    precision: str = "32-true",
) -> Learned:
    lightning.seed_everything(workspace.seed, verbose=False)
    # Filling memory before it is written to would make each operation slower and none repeatable.
    torch.utils.deterministic.fill_uninitialized_memory = False
    model = objective(data.vocabulary, workspace.seed)
    callbacks: list[Callback] = [clock, ChanceByEpoch(workspace.seed), *others]
    last = None
    if workspace.checkpoints is not None:
        file = workspace.checkpoints / "last.ckpt"
        callbacks.append(EveryEpoch(file))
        last = file if workspace.resume and file.exists() else None
    if workspace.progress:
        callbacks.append(RichProgressBar(leave=False))
    with _quiet_lightning():
        trainer = lightning.Trainer(
            accelerator="gpu" if workspace.device == "cuda" else workspace.device,
            devices=1,
            max_epochs=epochs,
            precision=precision,
            reload_dataloaders_every_n_epochs=1,
            deterministic=workspace.device == "cpu",
            logger=False,
            callbacks=callbacks,
            plugins=[DurableCheckpoints()],
            enable_checkpointing=workspace.checkpoints is not None,
            enable_progress_bar=workspace.progress,
            enable_model_summary=False,
            num_sanity_val_steps=0,
        )
        try:
            trainer.fit(model, datamodule=data, ckpt_path=last, weights_only=True)
        except (RuntimeError, MisconfigurationException) as error:
            # Weights are restored before the clock starts, and the epochs' number after it.
            in_training = clock.started is not None and isinstance(error, RuntimeError)
            if last is None or in_training:
                raise
            raise ReplicationError(
                f"The checkpoint {last} does not fit this recipe ({_shortened(error)}). Delete it "
                "and run again without --resume."
            ) from error
    return Learned(
        model=model,
        parameters=count_parameters(model),
        flops=clock.flops,
        seconds=clock.seconds,
        trajectory=clock.trajectory,
    )


def count_parameters(model: torch.nn.Module) -> dict[str, int]:
    """Numbers that are trained: those of embeddings (a row a word), and all others."""
    embeddings = {
        id(weight)
        for part in model.modules()
        if isinstance(part, torch.nn.Embedding)
        for weight in part.parameters()
    }
    counts = {"embedding": 0, "other": 0}
    for weight in model.parameters():
        counts["embedding" if id(weight) in embeddings else "other"] += weight.numel()
    return counts


class TrainingClock(Callback):
    """Seconds of training, processor seconds and loss after each epoch; kept in checkpoints.

    The seconds hold all that an epoch needs: its batches, its updates and its checkpoint.
    """

    def __init__(self, metrics: tuple[Metric, ...] = ()) -> None:
        self.metrics = metrics
        self.trajectory: list[dict[str, float]] = []
        self.seconds, self.processor_seconds, self.flops = 0.0, 0.0, 0.0
        self.started: tuple[float, float] | None = None

    def on_fit_start(self, trainer: lightning.Trainer, model: Any) -> None:
        self._start(model)

    def on_train_epoch_end(self, trainer: lightning.Trainer, model: Any) -> None:
        self.seconds += time.perf_counter() - self.started[0]
        self.processor_seconds += time.process_time() - self.started[1]
        self.flops += model.flops
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
                **measure(self.metrics, model, data),
            }
        )
        self._start(model)

    def _start(self, model: Any) -> None:
        # From one epoch's end to the next, so that drawing an epoch's batches counts too.
        self.started = time.perf_counter(), time.process_time()
        model.flops = 0.0

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


class ChanceByEpoch(Callback):
    """Makes what is drawn in an epoch, such as dropout, a function of seed and epoch alone.

    A run that goes on from a checkpoint then draws what an unbroken one would have drawn.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def on_train_batch_start(
        self, trainer: lightning.Trainer, model: Any, batch: Any, number: int
    ) -> None:
        # Not at the epoch's start: a data loader draws a seed for itself after that.
        if number == 0:
            torch.manual_seed(self.seed * 100_003 + trainer.current_epoch)


@contextlib.contextmanager
def _quiet_lightning() -> Iterator[None]:
    """Keep hints that a reader cannot act on out of the chapters."""
    log = logging.getLogger("lightning.pytorch")
    level = log.level
    log.setLevel(logging.WARNING)
    try:
        with warnings.catch_warnings():
            # Batches are ready in memory: other processes would only slow them down.
            for hint in (
                "does not have many workers",
                "returned `None`",
                "is not empty",
                "LeafSpec",
            ):
                warnings.filterwarnings("ignore", f".*{hint}.*")
            yield
    finally:
        log.setLevel(level)


def _shortened(error: Exception, most: int = 200) -> str:
    """The first words of an error: torch lists each weight of a model that is another one."""
    text = " ".join(str(error).split())
    return text if len(text) <= most else f"{text[:most]} ..."


def _arguments(part: Callable) -> set[str]:
    return set(inspect.signature(part).parameters)
