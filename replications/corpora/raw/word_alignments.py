"""Sentence pairs with gold word alignments, from the published files of three test sets.

In the rows a sentence's words stand between single blanks, and a link is "i-j": word i of the first
sentence to word j of the second, counted from 0. `possible` holds the links that are possible but
not sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from replications.corpora.raw.parallel_lines import check_line_counts, raw_lines, read_lines
from replications.errors import ReplicationError

_LINK = re.compile(r"(\d+)(p|-)(\d+)")


def aligned_pair_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Rows out of `enfr.src-tgt`, with lines `source ||| target`, and the links in `enfr.gold`.

    Links count from 1 in the file; `3-4` is sure, `3p4` possible. The columns are named for the two
    languages in the file's name. Source: the test sets of the NAACL 2003 shared task (Mihalcea and
    Pedersen 2003), in the form that awesome-align ships.
    """
    pair_path, gold_path = (
        next(path for path in files if path.endswith(end)) for end in (".src-tgt", ".gold")
    )
    name = Path(pair_path).stem
    pair_file, gold_file = files[pair_path], files[gold_path]
    sentences, golds = read_lines(pair_file), read_lines(gold_file)
    check_line_counts({pair_file: len(sentences), gold_file: len(golds)})
    for number, (line, gold) in enumerate(zip(sentences, golds, strict=True), start=1):
        sides = [side.split() for side in line.split("|||")]
        if len(sides) != 2 or not all(sides):
            raise ReplicationError(
                f"{pair_file}: line {number} is not two sentences with ||| between them: {line!r}"
            )
        links = _links(gold, gold_file, number)
        for i, _, j in links:
            if not _inside(i, j, sides):
                raise ReplicationError(
                    f"{gold_file}: line {number} links words {i + 1} and {j + 1} of sentences that "
                    f"have {len(sides[0])} and {len(sides[1])}"
                )
        yield _row((name[:2], name[2:]), sides, links)


def czenali_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Rows out of CzEnAli: English, Czech, sure links and possible links, with tabs between.

    Links count from 1 in the file. The one link that leaves its sentence is dropped.
    Source: CzEnAli 1.0, Charles University.
    """
    for file in files.values():
        for number, line in enumerate(raw_lines(file), start=1):
            fields = line.split("\t")
            if len(fields) != 4:
                raise ReplicationError(
                    f"{file}: line {number} has {len(fields)} fields between tabs, not the four of "
                    "English, Czech, sure and possible links"
                )
            sides = [fields[0].split(), fields[1].split()]
            sure = _links(fields[2], file, number)
            possible = [(i, "p", j) for i, _, j in _links(fields[3], file, number)]
            inside = [link for link in sure + possible if _inside(link[0], link[2], sides)]
            yield _row(("en", "cs"), sides, inside)


def _links(text: str, file: Path, number: int) -> list[tuple[int, str, int]]:
    links = []
    for word in text.split():
        if not (link := _LINK.fullmatch(word)):
            raise ReplicationError(f"{file}: line {number} has {word!r} in place of a link")
        links.append((int(link[1]) - 1, link[2], int(link[3]) - 1))
    return links


def _inside(i: int, j: int, sides: list[list[str]]) -> bool:
    return 0 <= i < len(sides[0]) and 0 <= j < len(sides[1])


def _row(
    languages: tuple[str, str], sides: list[list[str]], links: list[tuple[int, str, int]]
) -> dict[str, object]:
    sure, possible = (
        " ".join(f"{i}-{j}" for i, kind, j in links if kind == wanted) for wanted in "-p"
    )
    texts = dict(zip(languages, map(" ".join, sides), strict=True))
    return {**texts, "sure": sure, "possible": possible}
