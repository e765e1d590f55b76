"""Worker processes that each run jobs in turn, until a queue is empty or a deadline has passed."""

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple, Protocol, runtime_checkable

from replications.errors import ReplicationError
from replications.records import Record
from replications.training.jobs import Job, Workplace, run_job
from replications.training.progress import Progress, Stopped
from replications.training.provenance import imported_commit
from replications.training.queue import Queue


class Begun(NamedTuple):
    """The job was received, and all that it needs imported."""


class Ended(NamedTuple):
    record: Record


class Failed(NamedTuple):
    why: str
    trace: str = ""


class Halted(NamedTuple):
    """The job was stopped before its end."""


@runtime_checkable
class Onlooker(Protocol):
    """An observer of the jobs of a queue.

    `seconds` are those of the whole job, None where it was resumed from a checkpoint.
    """

    def progress(self, job: Job, progress: Progress) -> None: ...

    def ended(self, job: Job, record: Record, seconds: float | None) -> None: ...

    def failed(self, job: Job, why: str, trace: str) -> None: ...


# Seconds that a worker has to exit after it was asked to, before it is killed. What it was writing
# is whole or not there in either case.
GRACE = 3.0
# Seconds until a new process has imported torch, and a job's training can begin.
START = 12.0


@runtime_checkable
class Process(Protocol):
    """The interface of a worker's process, here or elsewhere: see multiprocessing.Process."""

    @property
    def exitcode(self) -> int | None: ...

    @property
    def pid(self) -> int | None: ...

    def kill(self) -> None: ...

    def join(self) -> None: ...


@dataclass
class _Worker:
    process: Process
    pipe: Connection
    job: Job | None = None
    begun: float = 0.0
    anew: bool = True
    jobs: int = 0


def hire_process(place: Workplace) -> tuple[Process, Connection]:
    """A process of this machine that runs `work`, and our end of its pipe."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, place), daemon=True)
    with _environment_of_workers(place.device):
        process.start()
    # Otherwise the end of the process would not close the pipe.
    theirs.close()
    return process, ours


@dataclass
class Crew:
    """Workers, and the queue that they take from.

    `hire` starts one and returns our end of its pipe, which is closed when the worker is gone. A
    job whose worker was lost is tried again up to `tries_again` times.

    `seconds` estimates a job's time and `parts` the number of its checkpoints. With a `deadline`,
    by `clock`, no job is started that would not reach its end or its next checkpoint; those that
    still run at the deadline are stopped, and have exited GRACE seconds later.
    """

    queue: Queue
    place: Workplace
    onlooker: Onlooker
    seconds: Callable[[Job], float]
    parts: Callable[[Job], int]
    count: int = 1
    deadline: float = float("inf")
    clock: Callable[[], float] = time.monotonic
    hire: Callable[[Workplace], tuple[Process, Connection]] = hire_process
    tries_again: int = 0
    _lost_workers: Counter[str] = field(default_factory=Counter)
    _workers: list[_Worker] = field(default_factory=list)

    def run(self) -> None:
        """Run jobs until none is left that may be started. The queue then has the outcomes."""
        try:
            while self._give_out() and self.clock() < self.deadline:
                self._listen()
        finally:
            self._dismiss()

    def may_start(self, job: Job, jobs_before: int = 0) -> bool:
        """Whether the job reaches its end, or its next checkpoint, before the deadline."""
        left = self.deadline - self.clock() - (0.0 if jobs_before else START)
        return self.seconds(job) / self.parts(job) <= left

    def _give_out(self) -> bool:
        """Give a job to each idle worker; returns whether any worker has one."""
        idle = [worker for worker in self._workers if worker.job is None]
        while len(self._workers) < self.count or idle:
            jobs_before = idle[0].jobs if idle else 0
            job = self.queue.take(partial(self.may_start, jobs_before=jobs_before))
            if job is None:
                break
            worker = idle.pop(0) if idle else self._hire()
            worker.job, worker.jobs = job, worker.jobs + 1
            worker.anew = not job.checkpoints(self.place.runs).exists()
            with contextlib.suppress(OSError):  # the worker has died: its pipe is found closed
                worker.pipe.send(job)
        return any(worker.job for worker in self._workers)

    def _listen(self) -> None:
        """Handle the workers' messages of up to a second."""
        left = max(0.0, min(1.0, self.deadline - self.clock()))
        for pipe in wait([worker.pipe for worker in self._workers], timeout=left):
            worker = next(worker for worker in self._workers if worker.pipe is pipe)
            try:
                self._hear(worker, pipe.recv())
            except (EOFError, OSError):
                self._lost(worker)

    def _hear(self, worker: _Worker, message: Any) -> None:
        job = worker.job
        match message:
            case Begun():
                worker.begun = self.clock()
            case Ended(record):
                worker.job = None
                self.queue.end(job)
                taken = self.clock() - worker.begun
                self.onlooker.ended(job, record, taken if worker.anew else None)
            case Failed(why, trace):
                worker.job = None
                self.queue.fail(job, why)
                self.onlooker.failed(job, why, trace)
            case Halted():
                worker.job = None
                self.queue.put_back(job)
            case progress:
                self.onlooker.progress(job, progress)

    def _lost(self, worker: _Worker) -> None:
        """Handle the death of a worker, which affects its job alone."""
        self._workers.remove(worker)
        worker.process.join()
        self._sweep(worker)
        if worker.job is None:
            return
        title = worker.job.title
        self._lost_workers[title] += 1
        if self._lost_workers[title] <= self.tries_again:
            self.queue.put_back(worker.job)
            return
        code = worker.process.exitcode
        if code is None:
            name = "lost by the cluster"
        else:
            name = signal.Signals(-code).name if code < 0 else f"exit status {code}"
        why = f"its process ended unexpectedly ({name}); its last checkpoint, if any, is kept"
        self.queue.fail(worker.job, why)
        self.onlooker.failed(worker.job, why, "")

    def _hire(self) -> _Worker:
        self._workers.append(_Worker(*self.hire(self.place)))
        return self._workers[-1]

    def _dismiss(self) -> None:
        """Ask all workers to exit, and kill those that have not after GRACE seconds."""
        for worker in self._workers:
            with contextlib.suppress(OSError):
                worker.pipe.send(None)
        end = time.monotonic() + GRACE
        try:
            while self._workers and (left := end - time.monotonic()) > 0:
                for pipe in wait([worker.pipe for worker in self._workers], timeout=left):
                    self._hear_out(next(each for each in self._workers if each.pipe is pipe))
        finally:
            for worker in self._workers:
                worker.process.kill()
                self._gone(worker)
            self._workers.clear()

    def _hear_out(self, worker: _Worker) -> None:
        """Handle the last message of a worker: how its job ended; progress is ignored."""
        try:
            message = worker.pipe.recv()
        except (EOFError, OSError):
            self._workers.remove(worker)
            self._gone(worker)
            return
        if not isinstance(message, Progress):
            self._hear(worker, message)

    def _gone(self, worker: _Worker) -> None:
        worker.process.join()
        self._sweep(worker)
        if worker.job is not None:
            self.queue.put_back(worker.job)

    def _sweep(self, worker: _Worker) -> None:
        """Remove what a killed process was writing; see `written_whole`."""
        if worker.job is None:
            return
        folders = (
            worker.job.checkpoints(self.place.runs),
            self.place.records / worker.job.paper,
        )
        for folder in folders:
            for file in folder.glob(f".*.{worker.process.pid}.partial"):
                file.unlink(missing_ok=True)


def work(pipe: Connection, place: Workplace) -> None:
    """The main loop of a worker: runs jobs from the pipe until None or its closing."""
    imported_commit()
    with contextlib.suppress(EOFError, OSError):
        while (job := pipe.recv()) is not None:
            pipe.send(Begun())
            message = _attempt(job, place, pipe)
            pipe.send(message)
            if isinstance(message, Halted):
                break
            forget()
    # Otherwise Python collects all of torch's objects once more before it exits.
    gc.freeze()


def _attempt(job: Job, place: Workplace, pipe: Connection) -> Ended | Failed | Halted:
    told, epoch = 0.0, -1

    def tell(progress: Progress) -> None:
        nonlocal told, epoch
        # While a job runs, only the request to end arrives; a closed pipe is one, too.
        if pipe.poll():
            raise Stopped
        now = time.monotonic()
        if progress.epoch != epoch or now - told >= 1:
            told, epoch = now, progress.epoch
            pipe.send(progress)

    try:
        return Ended(run_job(job, place, resume=True, progress=tell))
    except Stopped:
        return Halted()
    except Exception as error:
        return failed(error)


def failed(error: Exception) -> Failed:
    """The message for a job that this error ended: a defect keeps its traceback."""
    if isinstance(error, ReplicationError):
        return Failed(str(error))
    return Failed(f"{type(error).__name__}: {error}", traceback.format_exc())


def forget() -> None:
    """Free the memory that the last job has left, on an accelerator as well."""
    gc.collect()
    if (torch := sys.modules.get("torch")) and torch.cuda.is_initialized():
        torch.cuda.empty_cache()


@contextlib.contextmanager
def _environment_of_workers(device: str) -> Iterator[None]:
    """What a new process inherits: one thread on a CPU, and SIGINT ignored.

    The terminal sends that to all its processes, and the first one asks the others to stop.
    """
    before = os.environ.get("OMP_NUM_THREADS")
    if device == "cpu":
        os.environ["OMP_NUM_THREADS"] = "1"
    handler = signal.getsignal(signal.SIGINT)
    with contextlib.suppress(ValueError):  # in a thread no handler can be set
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            signal.signal(signal.SIGINT, handler)
        if before is None:
            os.environ.pop("OMP_NUM_THREADS", None)
        else:
            os.environ["OMP_NUM_THREADS"] = before
