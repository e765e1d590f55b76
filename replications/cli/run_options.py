"""The options of `replicate run`, and its lines on a run."""

import os
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from replications.cli.list_papers import NOT_HERE
from replications.cli.terminal import choose, console, duration
from replications.errors import ReplicationError
from replications.paths import REPOSITORY
from replications.records import Record
from replications.training.jobs import Job, Workplace
from replications.training.progress import Progress
from replications.training.provenance import imported_commit

# Not Apple's "mps": it has no double precision, in which losses and measures are summed.
DEVICES = ("cpu", "cuda")
_TIME = re.compile(r"(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?")
# Seconds between two lines on one run.
_EVERY = 30.0
_EVERY_EPOCH = 5.0
_METRICS_SHOWN = 3


@dataclass(frozen=True)
class RunOptions:
    """The options of a run, with folders and seeds settled.

    `compared` are the recipes that a claim compares, by the chapter that runs them, where one was
    named.
    """

    paper: str | None
    tier: str
    seeds: range
    only: tuple[str, ...]
    device: str
    resume: bool
    replace: bool
    records: Path
    runs: Path
    allow_different_data: bool
    devices: int = 1
    nodes: int = 1
    parts: int = 1
    compared: Mapping[str, tuple[str, ...]] | None = None

    def workplace(self, fit: Callable[..., Any], records: Path | None = None) -> Workplace:
        """Where jobs are run, with the records in the folder of the options or another one."""
        # Before the first run: HEAD may move until the last.
        imported_commit()
        return Workplace(
            fit,
            self.records if records is None else records,
            self.runs,
            self.device,
            self.allow_different_data,
            self.devices,
            self.nodes,
            self.parts,
        )


def seconds_of(text: str) -> float:
    """Seconds of "9m", "8h", "1h30m" or "90s". Raises ReplicationError for anything else."""
    found = _TIME.fullmatch(text.strip())
    parts = [float(part or 0) for part in found.groups()] if found else [0.0]
    seconds = sum(part * unit for part, unit in zip(parts, (3600, 60, 1), strict=False))
    if seconds <= 0:
        raise ReplicationError(
            f"--within {text}: give a time with its unit, such as 90s, 9m, 8h or 1h30m."
        )
    return seconds


def require_device(device: str, count: int = 1) -> None:
    """Raise ReplicationError unless this machine, with the installed torch, has that many."""
    choose("device", device, dict.fromkeys(DEVICES))
    if device == "cpu":
        if count > (cores := os.cpu_count() or 1):
            raise ReplicationError(
                f"--devices {count}: this machine has {cores} processor core(s), and each process "
                "takes one. Give fewer."
            )
        return
    import torch

    if not torch.cuda.is_available():
        raise ReplicationError(
            f"The installed torch {torch.__version__} finds no {device} device here. Use "
            "--device cpu, or install the torch build for your accelerator (see pytorch.org)."
        )
    if count > (there := torch.cuda.device_count()):
        raise ReplicationError(
            f"--devices {count}: this machine has {there} {device} device(s). Give fewer, or more "
            "machines with --num-nodes."
        )


def require_shared(recipes: Iterable[Any], options: RunOptions) -> None:
    """Raise ReplicationError unless all recipes' batches can be cut as the options say.

    Of several processes that train together, only the first writes output from here on.
    """
    processes = options.devices * options.nodes
    if processes * options.parts == 1:
        return
    # Not above: `replicate --help` must not wait for it.
    from replications.training.shares import is_first_process, require_shares

    if processes > 1 and not is_first_process():
        console.quiet = True
    named = {"--devices": options.devices, "--num-nodes": options.nodes, "--parts": options.parts}
    told = " ".join(f"{name} {number}" for name, number in named.items() if number > 1)
    for recipe in recipes:
        require_shares(recipe, processes * options.parts, told)


def require_corpora(corpora: Any, names: Iterable[str], allow_different_data: bool) -> None:
    """Fetch what is not here. Raises ReplicationError, naming it, for what cannot be had."""
    # Not above: `replicate --help` must not wait for it.
    from replications.corpora.loading import different_data_allowed

    with different_data_allowed(allow_different_data):
        for name in names:
            if corpora.where(name) == NOT_HERE:
                corpora.fetch_corpus(name)


def one_line(record: Record) -> str:
    """A run in a line: its first metrics, and its time."""
    if record.failed:
        why = record.failed["why"]
        return f"{record.recipe}, seed {record.seed}: {record.failed['how']}, recorded so: {why}"
    metrics = [f"{name} {value:.4g}" for name, value in record.metrics.items()]
    more = len(metrics) - _METRICS_SHOWN
    shown = [*metrics[:_METRICS_SHOWN], *([f"{more} more"] if more > 0 else [])]
    return (
        f"{record.recipe}, seed {record.seed}: {', '.join(shown)} ({duration(record.seconds / 60)})"
    )


def progress_line(title: str, progress: Progress) -> str:
    """ "gpt1 pretrained, seed 0: epoch 3 of 8, loss 4.12, 5.0 min left" """
    loss = "" if progress.loss is None else f", loss {progress.loss:.4g}"
    left = (
        ""
        if progress.seconds_left is None
        else f", {duration(progress.seconds_left / 60)} of training left"
    )
    number = min(progress.epoch + 1, progress.epochs)
    return f"{title}: epoch {number} of {progress.epochs}{loss}{left}"


@dataclass
class ProgressLines:
    """Says where a run is, at each epoch and every half a minute: for logs and pipes."""

    say: Callable[[str], None] = console.print
    clock: Callable[[], float] = time.monotonic
    _said: dict[str, tuple[float, int]] = field(default_factory=dict)

    def __call__(self, job: Job, progress: Progress) -> None:
        now = self.clock()
        before, epoch = self._said.setdefault(job.title, (now, progress.epoch))
        wait = _EVERY if progress.epoch == epoch else _EVERY_EPOCH
        if now - before >= wait:
            self._said[job.title] = now, progress.epoch
            self.say(progress_line(job.title, progress))


def progress_of(job: Job) -> Any:
    """A bar on a terminal, and elsewhere lines."""
    if console.is_terminal:
        return True
    lines = ProgressLines()
    return lambda progress: lines(job, progress)


def shown(folder: Path) -> str:
    """The folder, from the repository where it lies inside."""
    inside = folder.is_relative_to(REPOSITORY)
    return str(folder.relative_to(REPOSITORY) if inside else folder)
