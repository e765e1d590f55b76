"""Batches made on demand, so that an epoch is never held in memory as a whole."""

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar, overload

Batch = TypeVar("Batch")


class MadeInOrder(Sequence[Batch], Generic[Batch]):
    """The first `length` batches of the iterator that `begin` gives.

    Read in order, as by a DataLoader, each is made once. Any other order restarts the iterator and
    skips the batches before: slower, with the same result.
    """

    def __init__(self, begin: Callable[[], Iterator[Batch]], length: int) -> None:
        self._begin, self._length = begin, length
        self._left: Iterator[Batch] = iter(())
        self._next = length

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Batch]:
        return self._begin()

    @overload
    def __getitem__(self, index: int) -> Batch: ...

    @overload
    def __getitem__(self, index: slice) -> list[Batch]: ...

    def __getitem__(self, index: int | slice) -> Batch | list[Batch]:
        places = range(self._length)[index]
        if isinstance(places, range):
            return [self[place] for place in places]
        if places < self._next:
            self._left, self._next = self._begin(), 0
        while self._next < places:
            next(self._left)
            self._next += 1
        self._next += 1
        return next(self._left)
