"""Workers on a Ray cluster, for the same queue and crew as the processes of one machine.

Each is an actor with one CPU core, or one GPU, that trains a job and returns its record. The
records are written where the command runs, so that nodes need no common disk. A thread here
connects an actor with the pipe that the crew reads.
"""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from replications.code_version import code_version
from replications.errors import ReplicationError
from replications.records import Record, save_record
from replications.training.jobs import (
    Job,
    Workplace,
    failed_record,
    save_job,
    settle_job,
    train_job,
)
from replications.training.progress import Progress
from replications.training.provenance import imported_commit
from replications.training.workers import Begun, Ended, Failed, Halted, failed, forget

LOCAL = "local"
# A node may fail at any time; a job that has lost three workers has most likely ended them itself.
TRIES_AGAIN = 2
# Seconds between two polls of a job, and until an address that does not answer is given up.
_LOOK = 0.25
_ANSWER = 5.0
# Seconds that an actor has to remove the last checkpoint, of the GRACE that it has to leave.
_SETTLE = 2.0
_STARTS = 3
# Bytes of a local cluster's object store: it holds records, which are small.
_STORE = 100_000_000


class Trained(NamedTuple):
    """What an actor returns; `record` is None where there is nothing to be recorded."""

    record: Record | None
    failure: Failed | None = None


class _Here:
    """The actor: runs one job after the other, each in its main thread."""

    def __init__(self, code: str, board: Any) -> None:
        self._code, self._board = code, board
        imported_commit()

    def pid(self) -> int:
        return os.getpid()

    def train(self, job: Job, place: Workplace) -> Trained:
        told, epoch = 0.0, -1

        def tell(progress: Progress) -> None:
            nonlocal told, epoch
            now = time.monotonic()
            if progress.epoch != epoch or now - told >= 1:
                told, epoch = now, progress.epoch
                self._board.tell.remote(job.title, progress)

        try:
            if self._code != code_version():
                raise ReplicationError(
                    f"The node {socket.gethostname()} has other code or another torch than this "
                    "machine. Install the same commit on all nodes, and start Ray there again."
                )
            return Trained(train_job(job, place, resume=True, progress=tell).record)
        except Exception as error:
            return Trained(failed_record(job, place, error), failed(error))
        finally:
            forget()

    def settle(self, job: Job, place: Workplace, record: Record) -> None:
        settle_job(job, place, record)


class _Board:
    """Holds the latest progress that actors report; nothing blocks on it."""

    def __init__(self) -> None:
        self._said: dict[str, Progress] = {}

    def tell(self, title: str, progress: Progress) -> None:
        self._said[title] = progress

    def take(self, title: str) -> Progress | None:
        return self._said.pop(title, None)


class RemoteProcess:
    """An actor with the interface of a process of this machine."""

    def __init__(self, cluster: "Cluster", actor: Any, theirs: Connection, place: Workplace):
        self._cluster, self._actor, self._pipe, self._place = cluster, actor, theirs, place
        self.exitcode: int | None = None
        self.pid: int | None = None
        self._settling: Any = None
        self._thread = threading.Thread(target=self._stand_between, daemon=True)
        self._thread.start()

    def kill(self) -> None:
        self._cluster.ray.kill(self._actor)

    def join(self) -> None:
        self._thread.join(timeout=_ANSWER)

    def _stand_between(self) -> None:
        # Closed at the end, so that the crew notices a lost actor like a lost process.
        with contextlib.closing(self._pipe), contextlib.suppress(EOFError, OSError):
            while (job := self._pipe.recv()) is not None:
                message = self._attempt(job)
                if message is None:
                    return
                self._pipe.send(message)
                if isinstance(message, Halted):
                    break
            if self._settling is not None:
                self._cluster.ray.wait([self._settling], timeout=_SETTLE)
            self.kill()

    def _attempt(self, job: Job) -> Ended | Failed | Halted | None:
        """How the job ended; None where the actor is gone."""
        ray = self._cluster.ray
        try:
            for result in (self._actor.pid.remote(), self._actor.train.remote(job, self._place)):
                while not ray.wait([result], timeout=_LOOK)[0]:
                    # While a job runs, only the request to end arrives; a closed pipe is one, too.
                    if self._pipe.poll():
                        self.kill()
                        return Halted()
                    if said := self._cluster.said(job):
                        self._pipe.send(said)
                given = ray.get(result)
                if isinstance(given, int):
                    self._pipe.send(Begun())
            return self._keep(job, given)
        except ray.exceptions.RayActorError:
            return None
        except ray.exceptions.RayError as error:
            return Failed(f"Ray could not run it: {error}")

    def _keep(self, job: Job, trained: Trained) -> Ended | Failed:
        record = trained.record
        try:
            if trained.failure:
                if record is not None:
                    save_record(record, self._place.records, compact=job.compact)
                return trained.failure
            save_job(job, self._place, record)
        except Exception as error:
            return failed(error)
        # Not before: the checkpoint of an actor lost until then is needed for the next try.
        self._settling = self._actor.settle.remote(job, self._place, record)
        return Ended(record)


class Cluster:
    """A Ray cluster that this process has joined, with room for `size` workers."""

    def __init__(self, ray: Any, device: str) -> None:
        self.ray = ray
        kind = "GPU" if device == "cuda" else "CPU"
        self.size = int(ray.cluster_resources().get(kind, 0))
        if self.size == 0:
            raise ReplicationError(
                f"The cluster has no {kind}. Add a node that has one, or take another --device."
            )
        # On this node, so that it outlives the loss of another.
        here = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(
            ray.get_runtime_context().get_node_id(), soft=True
        )
        board = ray.remote(num_cpus=0, scheduling_strategy=here)(_Board)
        self._board = board.remote()
        # One thread each: more would compete for the cores.
        environment = {"env_vars": {"OMP_NUM_THREADS": "1"}} if device == "cpu" else {}
        self._actors = ray.remote(
            num_cpus=1,
            num_gpus=1 if device == "cuda" else 0,
            max_restarts=0,
            runtime_env=environment,
        )(_Here)
        self._code = code_version()

    def hire(self, place: Workplace) -> tuple[RemoteProcess, Connection]:
        """An actor, and our end of the pipe to it: see `Crew.hire`."""
        ours, theirs = Pipe()
        actor = self._actors.remote(self._code, self._board)
        return RemoteProcess(self, actor, theirs, place), ours

    def said(self, job: Job) -> Progress | None:
        """The job's progress, where it was reported since the last call."""
        answer = self._board.take.remote(job.title)
        return self.ray.get(answer) if self.ray.wait([answer], timeout=_LOOK)[0] else None


@contextlib.contextmanager
def joined(address: str, device: str = "cpu") -> Iterator[Cluster]:
    """The cluster at `address` ("host:port", "ray://host:port", "auto"), or a new one: "local".

    A cluster that this process has joined already is used as it is. Raises ReplicationError where
    Ray is not installed, the address does not answer, or the cluster has no such device.
    """
    # No usage statistics are sent to the makers of Ray, unless the user turns them on.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        raise ReplicationError(
            "--cluster needs Ray, which is not installed. Install the extra `cluster`: "
            "`pip install -c constraints.txt -e '.[cluster]'`, or take --workers for the processes "
            "of this machine."
        ) from error
    if ray.is_initialized():
        yield Cluster(ray, device)
        return
    join(ray, address)
    try:
        yield Cluster(ray, device)
    finally:
        ray.shutdown()


def join(ray: Any, address: str, processors: int | None = None) -> None:
    """Join the cluster; a new one has `processors` CPU cores, by default those of this machine."""
    options: dict[str, Any] = {"address": address}
    if address == LOCAL:
        options["include_dashboard"] = False
        options |= {"num_cpus": processors, "object_store_memory": _STORE}
    else:
        _require_answer(address)
    # On a busy machine a part of a new cluster may wait too long for another: Ray's limit is fixed.
    for left in reversed(range(_STARTS if address == LOCAL else 1)):
        try:
            ray.init(**options, log_to_driver=False, logging_level="ERROR")
            return
        # Ray raises a plain Exception where its own processes do not come up.
        except Exception as error:
            ray.shutdown()
            if left:
                continue
            first = next(iter(str(error).splitlines()), type(error).__name__)
            raise ReplicationError(
                f"--cluster {address}: no Ray cluster came up or let this machine in ({first}). "
                "`ray start --head` starts one and says its address; --cluster local needs none."
            ) from error


def _require_answer(address: str) -> None:
    """Ray itself waits for minutes before it gives an address up."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if not colon:
        if address != "auto":
            raise ReplicationError(
                f"--cluster {address}: give host:port as `ray start --head` says it, "
                "ray://host:port, auto for the cluster of this machine, or local for a new one."
            )
        return
    try:
        socket.create_connection((host, int(port)), timeout=_ANSWER).close()
    except (OSError, ValueError, OverflowError) as error:
        raise ReplicationError(
            f"--cluster {address}: nobody answers there ({error}). `ray start --head` starts a "
            "cluster and says its address; --cluster local needs none."
        ) from error
