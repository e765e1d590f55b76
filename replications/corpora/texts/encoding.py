"""Texts to ids, a portion at a time: in this process, or in several for a large text."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import chain, islice
from typing import Protocol, runtime_checkable

import numpy as np

from replications.errors import ReplicationError

# Characters: large enough that handing a portion over costs little, small beside any memory.
PORTION = 1 << 20
# Portions after which other processes are worth their start of about a second.
FEW_PORTIONS = 8

Encoded = tuple[np.ndarray, np.ndarray]
"""The ids of a portion's texts, one after the other, and how many each text has."""


@runtime_checkable
class Encoder(Protocol):
    """A tokenizer: text to ids below its length, each of which has its symbol."""

    @property
    def symbols(self) -> Sequence[str]: ...

    def __len__(self) -> int: ...

    def encode(self, text: str) -> list[int]: ...


def id_type(tokenizer: Encoder) -> np.dtype:
    """Two bytes an id where the vocabulary fits, else four."""
    return np.dtype(np.uint16 if len(tokenizer) <= 1 << 16 else np.int32)


def encode_in_order(
    texts: Iterable[str],
    tokenizer: Encoder,
    *,
    end: int | None = None,
    workers: int | None = None,
) -> Iterator[Encoded]:
    """The ids of all texts, in their order, with `end` after each where one is given.

    No more than a portion a worker is in memory at once. The ids do not depend on `workers`, which
    is the number of processor cores unless given; a small text takes this process alone.

    Raises ReplicationError for a text that the tokenizer refuses, and where a worker dies.
    """
    portions = _portions(texts)
    count = available_cores() if workers is None else workers
    if count < 2:
        yield from (_encode(portion, tokenizer, end) for portion in portions)
        return
    first = list(islice(portions, FEW_PORTIONS))
    if len(first) < FEW_PORTIONS:
        yield from (_encode(portion, tokenizer, end) for portion in first)
    else:
        yield from _encode_beside(chain(first, portions), tokenizer, end, count)


def available_cores() -> int:
    """The processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _portions(texts: Iterable[str]) -> Iterator[list[str]]:
    portion, size = [], 0
    for text in texts:
        portion.append(text)
        size += len(text)
        if size >= PORTION:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _encode(portion: list[str], tokenizer: Encoder, end: int | None) -> Encoded:
    encode, kind = getattr(tokenizer, "encode_array", tokenizer.encode), id_type(tokenizer)
    ends = [] if end is None else [np.array([end], dtype=kind)]
    each = [np.concatenate([np.asarray(encode(text), dtype=kind), *ends]) for text in portion]
    return np.concatenate(each), np.array([len(ids) for ids in each], dtype=np.int64)


def _encode_beside(
    portions: Iterator[list[str]], tokenizer: Encoder, end: int | None, count: int
) -> Iterator[Encoded]:
    with ExitStack() as stack:
        workers = [stack.enter_context(_Worker(tokenizer, end)) for _ in range(count)]
        # Each worker has one portion at a time and they take turns, which keeps the order.
        busy: list[_Worker] = []
        for worker, portion in zip(workers, islice(portions, count), strict=False):
            worker.give(portion)
            busy.append(worker)
        while busy:
            worker = busy.pop(0)
            encoded = worker.take()
            if (portion := next(portions, None)) is not None:
                worker.give(portion)
                busy.append(worker)
            yield encoded


class _Worker:
    """A process that encodes what it is given.

    Not one of `multiprocessing`: that runs the user's script once more in each process, from its
    top, where the script has no guard against it.
    """

    def __init__(self, tokenizer: Encoder, end: int | None) -> None:
        paths = os.pathsep.join(path or os.curdir for path in sys.path)
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths},
        )
        self.give((tokenizer, end))

    def give(self, task: object) -> None:
        try:
            pickle.dump(task, self.process.stdin, pickle.HIGHEST_PROTOCOL)
            self.process.stdin.flush()
        except OSError as error:
            raise self._died() from error

    def take(self) -> Encoded:
        try:
            encoded = pickle.load(self.process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise self._died() from error
        if isinstance(encoded, Exception):
            raise encoded
        return encoded

    def _died(self) -> ReplicationError:
        return ReplicationError(
            "A process that turns text into ids has ended before its work was done (status "
            f"{self.process.wait()}). If the memory is short, end other programs; run this again."
        )

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        with suppress(OSError):  # What was not yet sent has no receiver any more.
            self.process.stdin.close()


def serve() -> None:
    """A worker's side: portions come in on the standard input, and their ids go out."""
    # A keyboard interrupt is for the process that gives the work; it ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Nothing but ids may be written to the stream that they are read from.
    out, sys.stdout = sys.stdout.buffer, sys.stderr
    tokenizer, end = pickle.load(sys.stdin.buffer)
    while True:
        try:
            portion = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer = _encode(portion, tokenizer, end)
        except Exception as error:
            answer = error
        pickle.dump(answer, out, pickle.HIGHEST_PROTOCOL)
        out.flush()
