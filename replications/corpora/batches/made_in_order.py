"""Batches that are made when they are asked for, so that an epoch never lies in memory whole."""

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar, overload

Batch = TypeVar("Batch")


class MadeInOrder(Sequence[Batch], Generic[Batch]):
    """So many batches of an iterator that `begin` gives, each made from what it draws next.

    Asked for in their order, as a DataLoader does, each is made once. Another order begins anew
    and goes through those before it: slower, and with the same result.
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
