"""What every tokenizer of sequences offers, and the four symbols that all of them begin with."""

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

# Padding is number 0, so that a batch can be filled up with zeros.
PAD, BEGIN, END, UNKNOWN = 0, 1, 2, 3
SPECIAL = ("<pad>", "<s>", "</s>", "<unk>")


@runtime_checkable
class Tokenizer(Protocol):
    """Text to numbers and back."""

    @property
    def symbols(self) -> tuple[str, ...]:
        """Each number's symbol: those of SPECIAL first."""
        ...

    def __len__(self) -> int: ...

    def encode(self, text: str, *, unknown_allowed: bool = False) -> list[int]:
        """The text's numbers, without BEGIN and END.

        What is not known becomes UNKNOWN if that is allowed, and else a ReplicationError.
        """
        ...

    def decode(self, ids: Iterable[int]) -> str:
        """The text of these numbers: UNKNOWN reads "<unk>", the other special ones are dropped."""
        ...

    def segment(self, text: str) -> list[list[str]]:
        """For each marked word the symbols it is encoded as, "<unk>" for what is not known."""
        ...


def visible(ids: Iterable[int]) -> list[int]:
    """The numbers that stand for text."""
    return [number for number in map(int, ids) if number not in (PAD, BEGIN, END)]
