"""Checks of a tokenizer's input: text that UTF-8 can encode, ids that have a symbol."""

from collections.abc import Iterable, Iterator

import regex

from replications.errors import ReplicationError

_GAP = regex.compile(r"\S[ \n]")


def readable(text: object, name: str = "The text") -> str:
    """The text itself. Raises ReplicationError where UTF-8 cannot encode it."""
    if not isinstance(text, str):
        raise ReplicationError(
            f"{name} is {type(text).__name__}, not str. Bytes become text with .decode('utf-8')."
        )
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ReplicationError(
            f"{name} has half a character, the lone surrogate U+{ord(text[error.start]):04X}, as "
            f"character {error.start + 1}. Read its file with errors='replace', or take it out."
        ) from None
    return text


def readable_texts(texts: Iterable[object]) -> Iterator[str]:
    """The texts themselves. Raises ReplicationError for one that `readable` refuses, by number."""
    if isinstance(texts, str):
        raise ReplicationError("One text was given in place of several. Put it in a list.")
    return (readable(text, f"Text {number}") for number, text in enumerate(texts, 1))


def refuse_strange(ids: list[int], size: int) -> None:
    """Raises ReplicationError where an id is outside a vocabulary of this size."""
    for index, number in enumerate(ids, 1):
        if not 0 <= number < size:
            raise ReplicationError(
                f"{number}, id {index} of those to decode, is no symbol: this vocabulary has the "
                f"ids 0 to {size - 1}. Was it made by another tokenizer?"
            )


def stretches(text: str, shortest: int = 1 << 20) -> Iterator[str]:
    """The text in parts of `shortest` characters or more, cut where no word goes on."""
    start = 0
    while gap := _GAP.search(text, start + shortest):
        yield text[start : gap.start() + 1]
        start = gap.start() + 1
    if start < len(text):
        yield text[start:]
