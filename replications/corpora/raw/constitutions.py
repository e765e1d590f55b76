"""The published data of Constitutional AI: principles, and answers with their scores."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from replications.corpora.raw.parallel_lines import raw_lines
from replications.errors import ReplicationError


def revision_principle_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """The requests for a critique and for a revision, by the principle's name.

    Source: Bai et al. 2022 (arXiv:2212.08073), appendix C.1.
    """
    for file in files.values():
        with _told(file):
            for name, request in json.loads(file.read_text(encoding="utf-8")).items():
                yield {
                    "id": name,
                    "critique_request": request["prompt"][0],
                    "revision_request": request["edit_request"],
                }


def preference_principle_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """The questions by which two answers are compared.

    Source: Bai et al. 2022 (arXiv:2212.08073), appendix C.2.
    """
    for file in files.values():
        with _told(file):
            for text in json.loads(file.read_text(encoding="utf-8")):
                yield {"text": text}


def scored_answer_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """The answers of each model to each prompt, with the scores of the preference model.

    `source_file` is the file's name without its ending.
    """
    for path, file in files.items():
        for number, line in enumerate(raw_lines(file), start=1):
            with _told(file, number):
                there = json.loads(line)
                for answer in there["sampled_answers"]:
                    yield {
                        "source_file": PurePosixPath(path).stem,
                        "comparison_dataset": there["comparison_dataset"],
                        "prompt": there["rl_prompt"],
                        "response": answer["sampled_string"],
                        "pm_score": float(answer["pm_scores"][0]["pm_score"]),
                    }


@contextmanager
def _told(file: Path, line: int | None = None) -> Iterator[None]:
    """ReplicationError naming the file, and the line, for what is not of the published form."""
    try:
        yield
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        where = f"{file}: line {line}" if line else str(file)
        raise ReplicationError(
            f"{where} is not of the published form ({type(error).__name__}: {error}); "
            "fetch it again"
        ) from error
