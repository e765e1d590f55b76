"""The split of a reader's own texts into training, validation and test."""

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar

KIND = "yours"
ENOUGH_DOCUMENTS = 40
HELD_OUT = 0.05  # of the documents or characters, for validation, and as much for the test

PARTS = ("train", "validation", "test")

_Text = TypeVar("_Text")


def in_parts(
    texts: Sequence[_Text], content: Callable[[_Text], bytes], *, most: int | None = None
) -> tuple[list[_Text], list[_Text], list[_Text]]:
    """Train, validation and test: held out are those whose content's sha256 comes first.

    A twentieth of the different ones for each part, or `most`.
    """
    digests = [hashlib.sha256(content(text)).digest() for text in texts]
    held = held_out(digests, most=most)
    parts: tuple[list[_Text], list[_Text], list[_Text]] = ([], [], [])
    for text, digest in zip(texts, digests, strict=True):
        parts[held.get(digest, 0)].append(text)
    return parts


def held_out(digests: Sequence[bytes], *, most: int | None = None) -> dict[bytes, int]:
    """Which part of PARTS each held-out digest's text is in; all others are in the first."""
    different = sorted(set(digests))
    count = max(1, round(HELD_OUT * len(different)))
    count = count if most is None else min(count, most)
    return dict.fromkeys(different[: 2 * count], 2) | dict.fromkeys(different[:count], 1)


def with_ends_held_out(documents: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Of each document the last twentieth for the test, the one before it for validation.

    Cut where a line ends.
    """
    parts: tuple[list[str], list[str], list[str]] = ([], [], [])
    for text in documents:
        cuts = [
            _line_end(text, round((1 - share) * len(text))) for share in (2 * HELD_OUT, HELD_OUT)
        ]
        for part, start, end in zip(parts, (0, *cuts), (*cuts, len(text)), strict=True):
            if piece := text[start:end].strip():
                part.append(piece)
    return parts


def _line_end(text: str, place: int) -> int:
    """The end of the line that the place is in."""
    found = text.find("\n", place)
    return len(text) if found < 0 else found + 1
