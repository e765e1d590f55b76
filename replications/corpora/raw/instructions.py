"""Instructions with their answers, out of JSON files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from replications.corpora.raw.parallel_lines import raw_lines
from replications.errors import ReplicationError

_KEYS = ("instruction", "input", "output")


def instruction_list_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Rows of files that hold a JSON list of objects each, in the form of Alpaca.

    Of an instruction with the same input only the first is kept, and none without an answer.
    """
    seen = set()
    for file in files.values():
        for number, row in enumerate(_listed(file), start=1):
            found = _texts(row, f"{file}: entry {number}")
            asked = found["instruction"], found["input"]
            if found["output"] and asked not in seen:
                seen.add(asked)
                yield found


def instruction_task_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Rows of files with a task a line, in the form of Self-Instruct: its first instance."""
    for file in files.values():
        for number, line in enumerate(raw_lines(file), start=1):
            where = f"{file}: line {number}"
            try:
                task = json.loads(line)
            except ValueError as error:
                raise ReplicationError(f"{where} is not JSON ({error})") from error
            instances = task.get("instances") if isinstance(task, dict) else None
            if not isinstance(instances, list) or not instances:
                raise ReplicationError(f"{where} has no instances")
            first = instances[0] if isinstance(instances[0], dict) else {}
            yield _texts({**first, "instruction": task.get("instruction")}, where)


def _listed(file: Path) -> list[Any]:
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReplicationError(f"{file}: cannot be read as JSON ({error})") from error
    if not isinstance(rows, list):
        raise ReplicationError(f"{file}: holds no list")
    return rows


def _texts(row: Any, where: str) -> dict[str, object]:
    if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in _KEYS):
        raise ReplicationError(f"{where} is not an object with text at {', '.join(_KEYS)}")
    return {key: row[key] for key in _KEYS}
