"""What a record's file has to hold, by `data/records/schema.json`."""

import dataclasses
import functools
import json
from collections.abc import Iterator

import jsonschema

from replications.errors import ReplicationError
from replications.paths import RECORDS
from replications.records.record import Record

_SCHEMA = RECORDS / "schema.json"
# Left out of the file where there are none.
OPTIONAL = ("texts", "items", "resumed_from", "failed")


def numbers_in(tree: object, where: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from numbers_in(value, f"{where}.{key}".lstrip("."))
    elif isinstance(tree, list | tuple):
        for index, value in enumerate(tree):
            yield from numbers_in(value, f"{where}[{index}]")
    elif isinstance(tree, float):
        yield where, tree


def field_names() -> list[str]:
    return [
        each.name
        for each in dataclasses.fields(Record)
        if each.name not in ("stored_as", "stored_in")
    ]


def require_schema() -> None:
    """Raise ReplicationError unless records can be checked, as they are before they are written."""
    try:
        _validator()
    except (OSError, ValueError) as error:
        raise ReplicationError(
            f"Records are checked by {_SCHEMA}, which cannot be read: {error}. Bring the file "
            "back, such as by `git checkout data/records/schema.json`, then run again."
        ) from error


@functools.cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(_SCHEMA.read_text(encoding="utf-8")))


def faults_of(tree: dict) -> str:
    """Where the tree is no record, and why; "" where it is one."""
    error = next(_validator().iter_errors(tree), None)
    if error is None:
        return ""
    # jsonschema quotes the value, which may be long, and ends with what is wrong with it.
    message = error.message
    if len(message) > 200:
        message = f"{message[:80]} ... {message[-100:]}"
    return f"{error.json_path.removeprefix('$.')}: {message}"
