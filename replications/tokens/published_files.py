"""The files of a Hugging Face folder that hold a tokenizer."""

import json
from collections.abc import Iterable
from pathlib import Path

from replications.atomic_write import written_whole
from replications.errors import ReplicationError


def read_published(file: Path) -> str:
    """The text of a tokenizer's file. Raises ReplicationError where there is none."""
    try:
        # Some editors put a byte order mark first, which is no part of the first symbol.
        return file.read_text(encoding="utf-8-sig")
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
    """The symbols of a `vocab.json` by id. Raises ReplicationError for a damaged one."""
    return symbols_by_number(_read_json(file), file)


def read_whole_tokenizer(file: Path, kind: str) -> tuple[tuple[str, ...], list[object]]:
    """The symbols by id, and the merges, of a `tokenizer.json`: the one file that newer programs
    save in place of the vocabulary's own.

    Raises ReplicationError for a damaged one, and for a model that is not of this `kind`.
    """
    tree = _read_json(file)
    model = tree.get("model") if isinstance(tree, dict) else None
    if not isinstance(model, dict) or not isinstance(model.get("vocab"), dict):
        raise ReplicationError(f"{file} holds no vocabulary. Copy it again.")
    if model.get("type", kind) != kind:
        raise ReplicationError(
            f"{file} is a tokenizer of the kind {model['type']!r}, and {kind!r} is needed. Name "
            "the folder of a model of this family."
        )
    index = dict(model["vocab"])
    for added in tree.get("added_tokens") or []:
        if isinstance(added, dict) and {"content", "id"} <= added.keys():
            index.setdefault(added["content"], added["id"])
    return symbols_by_number(index, file), list(model.get("merges") or [])


def _read_json(file: Path) -> object:
    try:
        return json.loads(read_published(file))
    except ValueError as error:
        raise ReplicationError(
            f"{file} is damaged or was cut short: {error}. Copy it again."
        ) from error


def symbols_by_number(index: object, file: Path) -> tuple[str, ...]:
    """The symbols of a vocabulary by id. Raises ReplicationError unless each has its own id."""
    numbers = index.values() if isinstance(index, dict) else [None]
    whole = all(type(number) is int for number in numbers)
    if not whole or sorted(numbers) != list(range(len(numbers))):
        raise ReplicationError(
            f"{file} does not give each symbol an id of its own, from 0 on. Copy it again."
        )
    return tuple(sorted(index, key=index.__getitem__))


def read_merges(file: Path) -> tuple[tuple[str, str], ...]:
    """The pairs of a `merges.txt` in order. Raises ReplicationError for a damaged one."""
    lines = read_published(file).split("\n")
    if lines[0].startswith("#version"):
        lines[0] = ""
    return merges_of(lines, file)


def merges_of(lines: Iterable[object], file: Path) -> tuple[tuple[str, str], ...]:
    """The pairs in order, each written "left right" or as a list of two; empty lines are none.

    Raises ReplicationError, naming the line, for anything else and for a pair that comes again.
    """
    merges: dict[tuple[str, str], int] = {}
    for line, entry in enumerate(lines, 1):
        written = " ".join(map(str, entry)) if isinstance(entry, list) else str(entry)
        if not written:
            continue
        left, _, right = written.partition(" ")
        if not left or not right or " " in right or (left, right) in merges:
            raise ReplicationError(
                f"Line {line} of {file} is {written!r}, where two symbols should stand that no "
                "line before it names. The file was changed or cut short: copy it again."
            )
        merges[left, right] = line
    return tuple(merges)
