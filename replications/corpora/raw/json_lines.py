"""Rows out of files that hold one JSON object a line, gzip or plain."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from replications.corpora.raw.parallel_lines import raw_lines
from replications.errors import ReplicationError


def passage_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Rows with the text of each object, as in the published file of LAMBADA."""
    for file in files.values():
        yield from _objects(file, ("text",))


def preference_pair_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """The dialogue that was preferred and the other one, as in the published files of hh-rlhf.

    Source: Bai et al. 2022 (arXiv:2204.05862), section 2.2.
    """
    for file in files.values():
        yield from _objects(file, ("chosen", "rejected"))


def judged_pair_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Two dialogues of which one is right, as in the evaluation of help, honesty and harm.

    Source: Bai et al. 2022 (arXiv:2212.08073), section 1.3, figure 4.
    """
    for file in files.values():
        yield from _objects(file, ("text_correct", "text_incorrect"))


def completion_task_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """A task's contexts and completions; `task` is the file's name without its endings.

    Source: the synthetic tasks of Brown et al. 2020 (arXiv:2005.14165), section 3.9.
    """
    for path, file in files.items():
        task = PurePosixPath(path).name.partition(".")[0]
        for row in _objects(file, ("context", "completion")):
            yield {"task": task, **row}


def _objects(file: Path, keys: tuple[str, ...]) -> Iterator[dict[str, object]]:
    for number, line in enumerate(raw_lines(file), start=1):
        try:
            there = json.loads(line)
        except ValueError as error:
            raise ReplicationError(f"{file}: line {number} is not JSON ({error})") from error
        if not isinstance(there, dict) or not all(isinstance(there.get(key), str) for key in keys):
            raise ReplicationError(
                f"{file}: line {number} is not an object with text at {', '.join(keys)}"
            )
        yield {key: there[key] for key in keys}
