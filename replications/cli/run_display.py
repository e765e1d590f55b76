"""The display of a running queue: a live table on a terminal, lines elsewhere."""

import time
from collections.abc import Callable
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from replications.cli.run_options import ProgressLines, one_line
from replications.cli.terminal import console, duration
from replications.records import Record
from replications.training.jobs import Job
from replications.training.progress import Progress
from replications.training.queue import Queue


def display_of(queue: Queue, estimates: Any) -> "Lines":
    """A table on a terminal; lines for a pipe, a log and a terminal that can move no cursor."""
    if console.is_terminal and not console.is_dumb_terminal:
        return LiveTable(queue, estimates)
    return Lines(queue, estimates)


class Lines:
    """Says what happens to the jobs, a line each."""

    def __init__(self, queue: Queue, estimates: Any) -> None:
        self.queue, self.estimates = queue, estimates
        self.lines = ProgressLines()

    def __enter__(self) -> "Lines":
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def progress(self, job: Job, progress: Progress) -> None:
        self.lines(job, progress)

    def ended(self, job: Job, record: Record, seconds: float | None) -> None:
        if seconds is not None and not record.failed:
            self.estimates.ended(job, seconds)
        what = one_line(record) if job.recorded else f"{job.recipe.name}, seed {job.seed}: trained"
        console.print(f"{job.paper} {what}. {self.left()}", style="red" if record.failed else None)

    def failed(self, job: Job, why: str, trace: str) -> None:
        if trace:
            console.print(trace.rstrip())
        console.print(f"FAILED {job.title}: {why}", style="red")

    def left(self) -> str:
        """ "3 wait, about 12 min of a worker." """
        left = sum(map(self.estimates.seconds, self.queue.waiting))
        return f"{len(self.queue.waiting)} wait, about {duration(left / 60)} of a worker."


class LiveTable(Lines):
    """A row for each running job and the sums below; ended jobs stand above it, a line each."""

    def __init__(
        self,
        queue: Queue,
        estimates: Any,
        on: Console = console,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(queue, estimates)
        self._said: dict[str, Progress] = {}
        self._clock, self._begun = clock, clock()
        self._live = Live(get_renderable=self.table, console=on, refresh_per_second=2)

    def __enter__(self) -> "LiveTable":
        self._begun = self._clock()
        self._live.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._live.stop()

    def progress(self, job: Job, progress: Progress) -> None:
        self._said[job.title] = progress

    def table(self) -> Group:
        rows = Table(box=None, pad_edge=False, header_style="bold")
        for name in ("running", "epoch", "", "loss", "left"):
            rows.add_column(name, justify="left" if name in ("running", "") else "right")
        # The queue changes while another thread draws.
        for job in tuple(self.queue.running):
            rows.add_row(job.title, *_cells(self._said.get(job.title)))
        queue = self.queue
        spent = duration((self._clock() - self._begun) / 60)
        failed = f", {len(queue.failed)} failed" if queue.failed else ""
        return Group(rows, f"{len(queue.done)} done{failed}, after {spent}. {self.left()}")


def _cells(progress: Progress | None) -> tuple[Any, ...]:
    if progress is None:
        return ("", "", "", "")
    number = min(progress.epoch + 1, progress.epochs)
    loss, left = progress.loss, progress.seconds_left
    return (
        f"{number} of {progress.epochs}",
        ProgressBar(total=progress.epochs, completed=progress.epoch, width=12),
        "" if loss is None else f"{loss:.4g}",
        "" if left is None else duration(left / 60),
    )
