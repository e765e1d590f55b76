"""The files of a Hugging Face folder that hold a tokenizer."""

import json
from pathlib import Path

from replications.atomic_write import written_whole
from replications.errors import ReplicationError


def read_published(file: Path) -> str:
    """The text of a tokenizer's file. Raises ReplicationError where there is none."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise ReplicationError(
            f"{file} cannot be read: {error.strerror}. Name the folder of a published tokenizer."
        ) from error
    except UnicodeDecodeError as error:
        raise ReplicationError(f"{file} is damaged: it is no UTF-8. Copy it again.") from error


def write_whole(file: Path, text: str) -> None:
    """Write the file whole or not at all. Raises OSError where the disk refuses."""
    with written_whole(file) as partial:
        partial.write_text(text, encoding="utf-8")


def read_symbols(file: Path) -> tuple[str, ...]:
    """The symbols of a `vocab.json` by number. Raises ReplicationError for a damaged one."""
    try:
        index = json.loads(read_published(file))
    except ValueError as error:
        raise ReplicationError(
            f"{file} is damaged or was cut short: {error}. Copy it again."
        ) from error
    numbers = index.values() if isinstance(index, dict) else [None]
    whole = all(type(number) is int for number in numbers)
    if not whole or sorted(numbers) != list(range(len(numbers))):
        raise ReplicationError(
            f"{file} does not give each symbol a number of its own, from 0 on. Copy it again."
        )
    return tuple(sorted(index, key=index.__getitem__))


def read_merges(file: Path) -> tuple[tuple[str, str], ...]:
    """The pairs of a `merges.txt` in order. Raises ReplicationError for a damaged one."""
    merges: dict[tuple[str, str], int] = {}
    for line, written in enumerate(read_published(file).split("\n"), 1):
        if not written or (line == 1 and written.startswith("#version")):
            continue
        left, _, right = written.partition(" ")
        if not left or not right or " " in right or (left, right) in merges:
            raise ReplicationError(
                f"Line {line} of {file} is {written!r}, where two symbols should stand that no "
                "line before it names. The file was changed or cut short: copy it again."
            )
        merges[left, right] = line
    return tuple(merges)
