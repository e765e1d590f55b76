"""The parts of a synthetic corpus: drawn apart from each other, and each identified."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, TypeVar
from zlib import crc32

import numpy as np

from replications.corpora.store.fingerprint import CorpusIdentity, fingerprint_rows
from replications.errors import ReplicationError

PARTS = ("train", "validation", "test")

_ATTEMPTS = 200  # draws for one item, before there seem to be too few different ones

Item = TypeVar("Item")
Uniform = Callable[[], float]
"""Gives the next number of [0, 1)."""


def uniform_numbers(*seed: int) -> Uniform:
    """A stream of numbers in [0, 1), the same for the same seed on every machine.

    Only `Generator.random` is used: its stream is fixed, those of the other methods may change.
    """
    return _stream(np.random.Generator(np.random.PCG64(list(seed)))).__next__


def _stream(draw: np.random.Generator) -> Iterator[float]:
    while True:
        yield from draw.random(4096).tolist()


def shuffle(uniform: Uniform, items: Iterable[Item]) -> list[Item]:
    """The items in a random order, all orders equally likely."""
    found = list(items)
    for last in range(len(found) - 1, 0, -1):
        other = int(uniform() * (last + 1))
        found[last], found[other] = found[other], found[last]
    return found


class Weighted:
    """Things to draw by weight."""

    def __init__(self, things: Sequence[Any], weights: Iterable[float]) -> None:
        self.things, self.cumulative = tuple(things), list(accumulate(weights))

    def draw(self, uniform: Uniform) -> Any:
        found = bisect_right(self.cumulative, uniform() * self.cumulative[-1])
        return self.things[min(found, len(self.things) - 1)]


def draw_parts(
    maker: str,
    seed: int,
    counts: Mapping[str, int],
    draw: Callable[[str, int, Uniform], Item],
    key: Callable[[Item], Any],
) -> dict[str, tuple[Item, ...]]:
    """Items of `train`, `validation` and `test`, none of which is in two parts.

    `draw(part, number, uniform)` gives the number-th item of a part; items of equal `key` are the
    same, and those whose key is None may be in two parts. Validation and test are the same for
    every seed, and hold no item twice.

    Raises ReplicationError naming `maker` for a negative seed, an empty part, and where there are
    too few different items.
    """
    check_counts(maker, seed, counts)
    salt = crc32(maker.encode())
    held_out: set[Any] = set()
    parts = {}
    for index, part in reversed([*enumerate(PARTS)]):
        uniform = uniform_numbers(salt, index, seed if part == "train" else 0)
        items = []
        for number in range(counts[part]):
            for _ in range(_ATTEMPTS):
                item = draw(part, number, uniform)
                if (name := key(item)) is None or name not in held_out:
                    break
            else:
                raise ReplicationError(
                    f"{maker}: too few different items to keep the parts apart; ask for fewer in "
                    "validation and test, or widen the other knobs"
                )
            if part != "train" and name is not None:
                held_out.add(name)
            items.append(item)
        parts[part] = tuple(items)
    return {part: parts[part] for part in PARTS}


def check_counts(maker: str, seed: int, counts: Mapping[str, int]) -> None:
    """Raises ReplicationError for a negative seed and for a part without items."""
    if seed < 0:
        raise ReplicationError(f"{maker}: seed is {seed}; give 0 or more")
    for part, count in counts.items():
        if count < 1:
            raise ReplicationError(
                f"{maker}: {count} items for {part}; each part needs at least one"
            )


def check_shares(maker: str, **shares: float) -> None:
    """Raises ReplicationError for a share that does not lie between 0 and 1."""
    for knob, share in shares.items():
        if not 0 <= share <= 1:
            raise ReplicationError(
                f"{maker}: {knob} is {share}; give a share between 0 and 1, both included"
            )


def check_span(maker: str, knob: str, span: tuple[int, int], least: int, most: int) -> None:
    """Raises ReplicationError for a (smallest, largest) that is not within the bounds in order."""
    if not least <= span[0] <= span[1] <= most:
        raise ReplicationError(
            f"{maker}: {knob} is {span}; give (smallest, largest) from {least} to {most}"
        )


def check_choice(maker: str, knob: str, value: str, allowed: Iterable[str]) -> None:
    """Raises ReplicationError for a value that is not among those allowed."""
    if value not in (allowed := tuple(allowed)):
        raise ReplicationError(f"{maker}: {knob} is {value!r}; give one of {', '.join(allowed)}")


def identify(
    name: str, split: str, rows: Iterable[dict[str, object]], columns: Sequence[str], count: int
) -> CorpusIdentity:
    """The identity of the rows of a generated part."""
    return CorpusIdentity(
        name=name,
        split=split,
        kind="synthetic",
        sha256=fingerprint_rows(rows, columns),
        rows=count,
        origin="generated",
        expected=True,
    )
