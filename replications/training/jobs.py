"""A job: one recipe with one seed, from its checkpoint to its record."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from replications.corpora.loading import different_data_allowed
from replications.errors import ReplicationError
from replications.recipes import trained_folder
from replications.records import Record, save_record
from replications.training.failures import raised_record

# Parts of torch's messages where a checkpoint does not fit on the disk any more.
_DISK_FULL = ("No space left", "inline_container", "PytorchStreamWriter", "unexpected pos")


class Trained(NamedTuple):
    """Names a trained model: equal for recipes and seeds that end with the same kept checkpoint."""

    name: str
    training_hash: str
    seed: int


@dataclass(frozen=True)
class Job:
    """A run to be made; those of the highest `priority` are made first.

    `start` has to be trained before. `kept` means that others start from this run's model. A job
    that is not `recorded` trains a start again whose record is there already. A job of a sweep is
    `compact`: its record is in the sweep's file, and a run that fails has one, too.
    """

    paper: str
    tier: str
    recipe: Any
    seed: int
    priority: float = 0.0
    start: Trained | None = None
    kept: bool = False
    recorded: bool = True
    compact: bool = False

    @property
    def title(self) -> str:
        return f"{self.paper} {self.recipe.name}, seed {self.seed}"

    @property
    def trained(self) -> Trained:
        return Trained(self.recipe.name, self.recipe.training_hash, self.seed)

    def checkpoints(self, runs: Path) -> Path:
        """The folder of the run's checkpoints, by the recipe's hash: an edited one starts anew."""
        name = f"{self.recipe.name}.{self.tier}.seed{self.seed}-{self.recipe.hash}"
        return runs / self.paper / name


@dataclass(frozen=True)
class Workplace:
    """How jobs are run: `fit` makes the record of a recipe; `runs` holds interrupted ones."""

    fit: Callable[..., Any]
    records: Path
    runs: Path
    device: str = "cpu"
    allow_different_data: bool = False
    devices: int = 1
    nodes: int = 1
    parts: int = 1

    @property
    def shared(self) -> dict[str, int]:
        """The options of `fit` by which batches are shared, where they are not 1."""
        shared = {"devices": self.devices, "nodes": self.nodes, "parts": self.parts}
        return {name: number for name, number in shared.items() if number != 1}


def run_job(
    job: Job,
    place: Workplace,
    *,
    resume: bool,
    progress: bool | Callable[..., None] = False,
    also: Callable[[Any], None] | None = None,
) -> Record | None:
    """Train, measure, save the record, and keep or remove the checkpoint.

    `also` is called with a run that has not failed before its record is saved, such as to keep its
    model. Of several processes that train together, only the first has a record to save and to
    return.

    Raises ReplicationError for what the user can correct: unavailable data, a full disk, too little
    memory. Then nothing half-written is left, and the run can be resumed. For other errors a
    sweep's run is recorded as failed, and they are raised.
    """
    try:
        run = train_job(job, place, resume=resume, progress=progress)
    except Exception as error:
        if failed := failed_record(job, place, error):
            save_record(failed, place.records, compact=True)
        raise
    record = run.record
    if record is None:
        return None
    if also is not None and not record.failed:
        also(run)
    save_job(job, place, record)
    settle_job(job, place, record)
    return record


def train_job(
    job: Job, place: Workplace, *, resume: bool, progress: bool | Callable[..., None] = False
) -> Any:
    """Train and measure, which gives a Run; the last checkpoint is left. Raises as `run_job`."""
    if place.device != "cpu":
        # Not above: it imports all that is counted, which workers on a CPU do not need.
        from replications.training.memory import require_memory

        shares = place.devices * place.nodes
        require_memory(job.recipe, place.device, shares=shares, parts=place.parts)
    with failures_to_read(job), different_data_allowed(place.allow_different_data):
        return place.fit(
            job.recipe if job.recorded else replace(job.recipe, metrics=(), texts=None),
            paper=job.paper,
            tier=job.tier,
            seed=job.seed,
            device=place.device,
            resume=resume,
            checkpoints=job.checkpoints(place.runs),
            progress=progress,
            **place.shared,
        )


def failed_record(job: Job, place: Workplace, error: Exception) -> Record | None:
    """The record of a sweep's run that an error ended; None where there is none.

    Of several processes that train together, the first records it.
    """
    # Not above: `replicate --help` must not wait for torch.
    from replications.training.shares import is_first_process

    together = place.devices * place.nodes > 1
    if not (job.compact and job.recorded) or (together and not is_first_process()):
        return None
    return raised_record(
        job.recipe,
        error,
        paper=job.paper,
        tier=job.tier,
        seed=job.seed,
        device=place.device,
    )


def kept_start(recipe: Any, seed: int, device: str) -> Path:
    """The path of the checkpoint that others start from."""
    folder = trained_folder(recipe.name, recipe.training_hash, seed=seed, device=device)
    return folder / "last.ckpt"


@contextmanager
def failures_to_read(job: Job) -> Iterator[None]:
    """Turn a full disk or memory during training into a ReplicationError; others are raised."""
    try:
        yield
    except OSError as error:
        raise ReplicationError(_stopped(job, str(error))) from error
    except (MemoryError, RuntimeError) as error:
        text = str(error)
        if any(sign in text for sign in _DISK_FULL):
            why = "the checkpoint cannot be written (no space left on the disk?)"
            raise ReplicationError(_stopped(job, why)) from error
        if isinstance(error, RuntimeError) and "out of memory" not in text:
            raise
        raise ReplicationError(
            f"{job.title}, ran out of memory. `replicate list` says what a tier takes: "
            "close other programs, take another --device or a smaller tier, or let each batch be "
            "read in parts, as with --parts 4."
        ) from error


def _stopped(job: Job, why: str) -> str:
    return (
        f"{job.title}, stopped: {why}. Correct that, then give the same command with --resume: it "
        "goes on from the last checkpoint."
    )


def save_job(job: Job, place: Workplace, record: Record) -> None:
    """Save the record, unless the job was only to train a start again."""
    if not job.recorded:
        return
    if record.failed and not job.compact:
        # Resumed by the same code, it would end the same way.
        raise ReplicationError(
            f"{job.title}, {record.failed['how']}: {record.failed['why']}. It is not recorded. If "
            "a measure is at fault, mend it and run the same command with --resume, which does not "
            f"train again. Else change the recipe; or delete {job.checkpoints(place.runs)} to "
            "train it again."
        )
    try:
        save_record(record, place.records, compact=job.compact)
    except ReplicationError as error:
        raise ReplicationError(
            f"{error}\nThe trained run is kept in {job.checkpoints(place.runs)}: the same command "
            "with --resume records it without training it again."
        ) from error


def settle_job(job: Job, place: Workplace, record: Record) -> None:
    """Keep the checkpoint of a recorded run where other recipes start from it; else remove it.

    Models of other data than the registered ones are not kept, so that no recipe starts from one.
    """
    checkpoints = job.checkpoints(place.runs)
    registered = all(corpus["expected"] for corpus in record.corpora)
    if checkpoints.exists() and registered and job.kept:
        kept = kept_start(job.recipe, job.seed, place.device).parent
        shutil.rmtree(kept, ignore_errors=True)
        kept.parent.mkdir(parents=True, exist_ok=True)
        # The two may be on different disks.
        shutil.move(checkpoints, kept)
    shutil.rmtree(checkpoints, ignore_errors=True)
