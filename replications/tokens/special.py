"""The interface of tokenizers for translation, and the four special tokens that come first."""

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

# Padding is id 0, so that a batch can be padded with zeros.
PAD, BEGIN, END, UNKNOWN = 0, 1, 2, 3
SPECIAL = ("<pad>", "<s>", "</s>", "<unk>")


@runtime_checkable
class Tokenizer(Protocol):
    """Text to ids and back."""

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbol of each id: those of SPECIAL first."""
        ...

    def __len__(self) -> int: ...

    def encode(self, text: str, *, unknown_allowed: bool = False) -> list[int]:
        """The text's ids, without BEGIN and END.

        What is not known becomes UNKNOWN if that is allowed, and else a ReplicationError.
        """
        ...

    def decode(self, ids: Iterable[int]) -> str:
        """The text of these ids: UNKNOWN becomes "<unk>", the other special ones are dropped."""
        ...

    def segment(self, text: str) -> list[list[str]]:
        """For each word of `split_words` the symbols it is encoded as, "<unk>" for unknown ones."""
        ...


def visible(ids: Iterable[int]) -> list[int]:
    """The ids that stand for text."""
    return [number for number in map(int, ids) if number not in (PAD, BEGIN, END)]
