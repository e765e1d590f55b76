"""Rows of Wikipedia articles, from WikiExtractor's output and from a MediaWiki dump."""

from __future__ import annotations

import bz2
import html
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from replications.corpora.raw.word_questions import read_text
from replications.errors import ReplicationError

_DOCUMENT = re.compile(
    r'<doc id="(?P<id>\d+)" url="(?P<url>[^"]*)" title="(?P<title>.*?)">\n(?P<body>.*?)\n</doc>\n',
    re.DOTALL,
)
# Left-over mark-up on one line. The limit keeps "a < b ... c > d" in running text.
_TAG = re.compile(r"<[^<>\n]{1,200}>")
_BLANK_LINES = re.compile(r"\n{3,}")


def page_choice(file: Path) -> dict[str, str]:
    """The pages of a split in its order: page number to the raw file to take it from, or "".

    The file holds page numbers between white space; `7123@AA/wiki_53` names the copy of a page that
    occurs in several raw files with a difference.
    """
    choice = {}
    for word in read_text(file).split():
        page, _, path = word.partition("@")
        choice[page] = path
    return choice


def extracted_page_rows(files: Mapping[str, Path], pages: Path) -> Iterator[dict[str, object]]:
    """Articles out of WikiExtractor files, those that `pages` names and in its order.

    The heading line with the title is dropped, HTML entities are unescaped, left-over tags removed
    and runs of blank lines shortened to one. Raises ReplicationError naming a page that is missing.
    """
    choice = page_choice(pages)
    found: dict[str, dict[str, object]] = {}
    for path, file in files.items():
        for document in _DOCUMENT.finditer(read_text(file)):
            page = document["id"]
            if page in found or page not in choice or choice[page] not in ("", path):
                continue
            found[page] = {
                "id": page,
                "url": document["url"],
                "title": html.unescape(document["title"]),
                "text": clean_extracted(document["body"]),
            }
    for page in choice:
        if page not in found:
            raise ReplicationError(f"page {page}, listed in {pages}, is in none of the raw files")
        yield found.pop(page)


def clean_extracted(body: str) -> str:
    """Plain text of one WikiExtractor document, whose first line is the title."""
    text = html.unescape(body.partition("\n")[2].strip())
    return _BLANK_LINES.sub("\n\n", _TAG.sub("", text))


_QUOTES = re.compile(r"'{2,}")
_HEADING = re.compile(r"^=+\s*(.*?)\s*=+\s*$", re.MULTILINE)
_LIST_MARK = re.compile(r"^[*#:;]+ *", re.MULTILINE)
_SHORTEST_ARTICLE = 500  # characters; the same bound as in wikipedia-en-2018


def dump_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Articles (title and plain text) of MediaWiki dumps packed with bzip2.

    Redirects and articles of fewer than 500 characters are left out. Mark-up is removed by gensim's
    `filter_wiki`; what that leaves (headings, list marks, quotes for italics) is removed here. A
    heading becomes a line ending in a full stop.
    """
    from xml.etree.ElementTree import ParseError

    from gensim.corpora.wikicorpus import extract_pages, filter_wiki

    for file in files.values():
        try:
            with bz2.open(file, "rb") as stream:
                for title, marked_up, _ in extract_pages(stream, ("0",)):
                    if marked_up.lstrip().lower().startswith("#redirect"):
                        continue
                    text = clean_dumped(filter_wiki(marked_up))
                    if len(text) >= _SHORTEST_ARTICLE:
                        yield {"title": title, "text": text}
        except (EOFError, OSError, ParseError, StopIteration) as error:
            raise ReplicationError(
                f"{file}: not a whole bzip2 file of a MediaWiki dump ({error}); "
                "install the package that ships it again, or fetch it again"
            ) from error


def clean_dumped(text: str) -> str:
    """Plain text of what gensim's `filter_wiki` returns."""
    text = _QUOTES.sub("", text)
    text = _HEADING.sub(lambda heading: heading[1] + "." if heading[1] else "", text)
    text = _LIST_MARK.sub("", text)
    return _BLANK_LINES.sub("\n\n", text).strip()
