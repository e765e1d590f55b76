"""Rows of the corpora for language models out of raw files: tiny ones in the published formats."""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile

import pytest
from tiny_corpus import COMMIT

from replications.corpora import load_corpus
from replications.corpora.raw.books import markdown_book_rows, plain_text
from replications.corpora.raw.json_lines import completion_task_rows, passage_rows
from replications.corpora.raw.stories import story_stream_rows
from replications.corpora.raw.wikitext import wikitext_archive_rows, wikitext_line_rows
from replications.corpora.store import download
from replications.corpora.store.fingerprint import fingerprint_rows
from replications.errors import ReplicationError


def write(folder, name, content):
    file = folder / name
    content = content if isinstance(content, bytes) else content.encode()
    file.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return file


BOOK = "# Title: The Hill \n\n## Author: A. Walker\n\n## Year: 1901\n\n-------\n\n"


def test_a_book_is_one_row_with_its_title_author_and_year(tmp_path):
    file = write(
        tmp_path, "hill.md", BOOK + "## CHAPTER I\r\n\r\nWe _went_ up.  \r\n\r\nFar.\r\n\n"
    )
    assert list(markdown_book_rows({"A. Walker/The Hill: A Tale.md": file})) == [
        {
            "short_book_title": "The Hill",
            "author": "A. Walker",
            "publication_date": 1901,
            "source_path": "A. Walker/The Hill: A Tale.md",
            "text": "CHAPTER I\nWe went up.\n\nFar.",
        }
    ]


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("### I ###\nText", "I\nText"),
        ("one\n\n---\n\n\n\ntwo", "one\n\ntwo"),
        ("one\n\n* * * * *\n\ntwo", "one\n* * *\ntwo"),
        ("**THE SONG.**\n\n_Wake_, *he* said.", "THE SONG.\n\nWake, he said."),
        ("(_**the whole**_.)", "(the whole.)"),
        ("tell _any_body of snake_case", "tell _any_body of snake_case"),
        ("in the year 18__, he", "in the year 18__, he"),
        ("_open\nand shut_", "_open\nand shut_"),
        ("two * three * six", "two * three * six"),
        ("in the town of _____, once", "in the town of _, once"),
    ],
)
def test_marks_of_markdown_go_where_a_line_opens_and_closes_them(markdown, plain):
    assert plain_text(markdown) == plain


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("## CHAPTER I\n\nText", "does not start with"),
        (BOOK.replace("1901", "long ago") + "Text", "does not start with"),
        (BOOK + "\n---\n", "no text below its title"),
        (BOOK.encode() + b"caf\xe9", "not UTF-8"),
        ("", "empty"),
    ],
)
def test_a_file_that_is_no_book_is_named(tmp_path, content, complaint):
    file = write(tmp_path, "hill.md", content)
    with pytest.raises(ReplicationError, match=rf"hill\.md: .*{complaint}"):
        list(markdown_book_rows({"hill.md": file}))


def test_a_book_whose_path_is_no_plain_address_is_downloaded_with_its_year_a_number(
    tiny, served, monkeypatch, tmp_path
):
    path = "É. Walker & Co/The Hill: A Tale.md"
    columns = {"author": "string", "publication_date": "integer", "source_path": "string"}
    row = {"author": "A. Walker", "publication_date": 1901, "source_path": path}
    split, origin = tiny.entry["splits"]["train"], tiny.entry["origins"][0]
    split.update(rows=1, columns=columns, fingerprint=fingerprint_rows([row], list(columns)))
    digest = hashlib.sha256((BOOK + "Text").encode()).hexdigest()
    origin.update(preparation="markdown-books", files={path: digest})
    tiny.register()
    folder = tmp_path / "public" / "owner" / "pairs" / COMMIT / "É. Walker & Co"
    folder.mkdir(parents=True)
    write(folder, "The Hill: A Tale.md", BOOK + "Text")
    monkeypatch.delenv("REPLICATIONS_MIRROR")
    monkeypatch.setattr(download, "PUBLIC_RAW_FILES", served(tmp_path / "public"))
    assert list(load_corpus("tiny")[0]) == [row]
    monkeypatch.setattr(download, "PUBLIC_RAW_FILES", "http://127.0.0.1:9")
    assert list(load_corpus("tiny")[0]) == [row]


WIKITEXT = ' \n = Star = \n \n A " star " is hot . \n'
WIKITEXT_ROWS = ["", " = Star = \n", "", ' A " star " is hot . \n']


def test_lines_of_wikitext_keep_their_ends_and_blank_lines_are_empty(tmp_path):
    rows = wikitext_line_rows({"valid.txt": write(tmp_path, "valid.txt", WIKITEXT)})
    assert [row["text"] for row in rows] == WIKITEXT_ROWS


def archive(folder, table, name="wikitext-2/wiki.train.tokens"):
    file = folder / "wikitext-2-v1.zip"
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr(name, table)
    return {"wikitext-2-v1.zip": file}


def test_an_archive_of_quoted_articles_gives_the_lines_of_all(tmp_path):
    quoted = WIKITEXT.replace('"', '""')
    rows = wikitext_archive_rows(archive(tmp_path, f'"{quoted}"\n"{quoted}"\n'))
    assert [row["text"] for row in rows] == WIKITEXT_ROWS * 2


@pytest.mark.parametrize(
    ("table", "name", "complaint"),
    [
        ('" \n"\n"a","b"\n', "wikitext-2/wiki.train.tokens", "ends in line 3 .* has 2 fields"),
        ('" \n = A = \n', "wikitext-2/wiki.train.tokens", "line 2 .* breaks the quoting"),
        ('" \n"\n', "wiki.test.tokens", "no zip archive with a UTF-8 file"),
        (b"caf\xe9\n", "wikitext-2/wiki.train.tokens", "no zip archive with a UTF-8 file"),
    ],
)
def test_an_archive_that_is_no_table_of_articles_is_named(tmp_path, table, name, complaint):
    with pytest.raises(ReplicationError, match=rf"v1\.zip: .*{complaint}"):
        list(wikitext_archive_rows(archive(tmp_path, table, name)))


def test_passages_are_the_text_of_each_object(tmp_path):
    lines = [{"text": "Out, said\n\nTom", "id": 1}, {"text": "“Yes”"}]
    file = write(tmp_path, "test.jsonl", "\n".join(map(json.dumps, lines)) + "\n")
    assert list(passage_rows({"test.jsonl": file})) == [
        {"text": "Out, said\n\nTom"},
        {"text": "“Yes”"},
    ]


def test_a_task_is_named_for_its_file_whether_packed_or_not(tmp_path):
    line = json.dumps({"context": "\n\nQ: 1 plus 1?\n\nA:", "completion": " 2"})
    files = {
        f"data/{name}": write(tmp_path, name, line) for name in ("sums.jsonl", "words.jsonl.gz")
    }
    rows = list(completion_task_rows(files))
    assert [row.pop("task") for row in rows] == ["sums", "words"]
    assert rows == [{"context": "\n\nQ: 1 plus 1?\n\nA:", "completion": " 2"}] * 2


@pytest.mark.parametrize("line", ['{"text": 3}', '{"txt": "a"}', '["text"]', '{"text": "a"', ""])
def test_a_line_that_is_no_object_with_text_is_named(tmp_path, line):
    file = write(tmp_path, "test.jsonl", '{"text": "a"}\n' + line + "\n")
    with pytest.raises(ReplicationError, match=r"test\.jsonl: line 2 is not"):
        list(passage_rows({"test.jsonl": file}))


def test_a_stream_of_stories_is_cut_before_each_opening_and_loses_its_ends(tmp_path):
    middle = "He went to the hill. " * 10
    stories = [
        "the end of a story. The end.",
        f"Once upon a time, there was Tim.\n\n{middle}\n\n\nOne day, Tim saw a hill.",
        "Once upon a time, too short.",
        f"One day, a little dog ran.\n\n{middle}",
        f"Once there was a cow {middle}",
    ]
    file = write(tmp_path, "val.txt", "\n\n".join(stories) + "\n")
    rows = list(story_stream_rows({"val.txt": file}))
    assert [row["text"] for row in rows] == [
        stories[1].replace("\n\n\n", "\n\n"),
        stories[3].strip(),
    ]
    assert {row["source"] for row in rows} == {"TinyStories-valid (cut from a stream)"}
