"""Questions with the sentence that answers them, from JSON files with parallel lists."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from replications.errors import ReplicationError


def answered_question_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Pairs out of the lists `questions` and `answers`; blanks around a question are dropped."""
    for file in files.values():
        questions, answers = _lists(file, "questions", "answers")
        for question, sentence in zip(questions, answers, strict=True):
            yield {"question": question.strip(), "sentence": sentence}


def retrieved_sentence_rows(files: Mapping[str, Path], split: str) -> Iterator[dict[str, object]]:
    """The `candidates` with their numbers for the split of that name; for another the pairs.

    A question's `ground_truths` are the numbers of the candidates that answer it, of which a pair
    takes the first.
    """
    for file in files.values():
        (candidates,) = _lists(file, "candidates")
        if split == "candidates":
            for number, sentence in enumerate(candidates):
                yield {"candidate": number, "sentence": sentence}
            continue
        questions, answers = _lists(file, "questions", "ground_truths")
        for question, numbers in zip(questions, answers, strict=True):
            try:
                sentence = candidates[numbers[0]]
            except (IndexError, TypeError) as error:
                raise ReplicationError(
                    f"{file}: {question!r} has no candidate of the number {numbers!r}"
                ) from error
            yield {"question": question.strip(), "sentence": sentence, "candidate": numbers[0]}


def _lists(file: Path, *names: str) -> list[list[Any]]:
    """The lists of these names, which are equally long."""
    try:
        there = json.loads(file.read_text(encoding="utf-8"))
        found = [there[name] for name in names]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReplicationError(
            f"{file}: cannot be read as JSON with {' and '.join(names)} ({error})"
        ) from error
    if not all(isinstance(each, list) for each in found) or len(set(map(len, found))) > 1:
        raise ReplicationError(f"{file}: {' and '.join(names)} are not lists of one length")
    return found
