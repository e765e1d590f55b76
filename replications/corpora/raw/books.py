"""Whole books out of Markdown files that start with a title, an author and a year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from replications.corpora.raw.word_questions import read_text
from replications.errors import ReplicationError

_HEADER = re.compile(
    r"# Title: (?P<title>[^\n]+)\n+## Author: (?P<author>[^\n]+)\n+## Year: (?P<year>\d+)\n+-{7}\n"
)
# In this order. A heading loses its marks and the blank line below it, a rule goes, a line of
# asterisks becomes three, and marks of emphasis go where a line opens and closes them.
_MARKS = (
    (re.compile(r"^#{1,6}\s*(.*?)\s*#*$", re.MULTILINE), r"\1"),
    (re.compile(r"^\s*-{3,}\s*$", re.MULTILINE), ""),
    (re.compile(r"^\s*(?:\*\s*){3,}$", re.MULTILINE), "* * *"),
    (re.compile(r"(?<!\w)[*_]{1,3}(?=\S)(.+?)(?<=\S)[*_]{1,3}(?!\w)"), r"\1"),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
    (re.compile(r"\n{3,}"), "\n\n"),
)


def markdown_book_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """One row a book, in the order of the files; `source_path` is the path in the repository.

    Raises ReplicationError naming a file that does not start with `# Title:`, `## Author:`,
    `## Year:` and a rule, or that holds nothing below them.
    """
    for path, file in files.items():
        text = read_text(file)
        header = _HEADER.match(text)
        if header is None:
            raise ReplicationError(
                f"{file}: does not start with the lines # Title, ## Author, ## Year and -------; "
                "fetch it again"
            )
        book = plain_text(text[header.end() :])
        if not book:
            raise ReplicationError(f"{file}: holds no text below its title; fetch it again")
        yield {
            "short_book_title": header["title"].strip(),
            "author": header["author"].strip(),
            "publication_date": int(header["year"]),
            "source_path": path,
            "text": book,
        }


def plain_text(markdown: str) -> str:
    """A book's Markdown without its marks; chapter headings stay as lines of their own."""
    for mark, plain in _MARKS:
        markdown = mark.sub(plain, markdown)
    return markdown.strip()
