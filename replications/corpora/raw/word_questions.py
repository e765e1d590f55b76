"""Rows from the published files of word analogies and word similarities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from replications.errors import ReplicationError

# gensim ships two of the sets under its own file names; rows carry the same set names everywhere.
_SET_NAMES = {"wordsim353.tsv": "WS-353-ALL", "simlex999.txt": "SIMLEX-999"}


def read_text(file: Path) -> str:
    """A UTF-8 file's text; ReplicationError naming the file when it is empty or not UTF-8."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ReplicationError(
            f"{file}: not UTF-8 text ({error.reason} at byte {error.start}); fetch it again"
        ) from error
    except OSError as error:
        raise ReplicationError(f"{file}: cannot be read ({error.strerror or error})") from error
    if not text.strip():
        raise ReplicationError(f"{file}: empty; fetch it again")
    return text


def analogy_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Questions "a is to b as c is to d", in the format of word2vec's questions-words.txt.

    A line starting with a colon names the category of the questions below it.
    Source: Mikolov et al. 2013 (arXiv:1301.3781), section 4.1, and the word2vec repository.
    """
    for file in files.values():
        category = ""
        for number, line in enumerate(read_text(file).splitlines(), start=1):
            words = line.split()
            if line.startswith(":"):
                category = line[1:].strip()
            elif len(words) == 4 and category:
                yield {"category": category, **dict(zip("abcd", words, strict=True))}
            elif words:
                raise ReplicationError(
                    f"{file}: line {number} is no question of four words below a category: {line!r}"
                )


def similarity_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Word pairs with a human score, from files of `word TAB word TAB score` lines.

    `dataset` is the set's usual name, such as WS-353-ALL; each set has its own scale of scores.
    Lines starting with # are comments.
    """
    for path, file in files.items():
        name = PurePosixPath(path).name
        dataset = _SET_NAMES.get(name) or PurePosixPath(name).stem.removeprefix("EN-")
        for number, line in enumerate(read_text(file).splitlines(), start=1):
            if line.startswith("#") or not line.strip():
                continue
            try:
                word1, word2, score = line.split("\t")
                yield {"dataset": dataset, "word1": word1, "word2": word2, "score": float(score)}
            except ValueError as error:
                raise ReplicationError(
                    f"{file}: line {number} is not two words and a score: {line!r}"
                ) from error
