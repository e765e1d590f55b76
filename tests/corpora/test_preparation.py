from __future__ import annotations

import bz2

import pytest

from replications.corpora.raw.wikipedia import dump_rows, extracted_page_rows
from replications.corpora.raw.word_questions import analogy_rows, similarity_rows
from replications.errors import ReplicationError


def write(folder, name, content):
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def test_questions_carry_the_category_above_them(tmp_path):
    file = write(tmp_path, "questions.txt", ": kin\nking queen man woman\n: gram1\na b c d\n")
    assert list(analogy_rows({"questions.txt": file})) == [
        {"category": "kin", "a": "king", "b": "queen", "c": "man", "d": "woman"},
        {"category": "gram1", "a": "a", "b": "b", "c": "c", "d": "d"},
    ]


@pytest.mark.parametrize("text", ["king queen man woman\n", ": kin\nking queen man\n"])
def test_a_line_that_is_no_question_is_named(tmp_path, text):
    file = write(tmp_path, "questions.txt", text)
    with pytest.raises(ReplicationError, match=r"questions\.txt: line \d"):
        list(analogy_rows({"questions.txt": file}))


def test_similarity_sets_keep_their_usual_names_and_skip_comments(tmp_path):
    one = write(tmp_path, "EN-MC-30.txt", "car\tautomobile\t3.92\r\n")
    two = write(tmp_path, "wordsim353.tsv", "# comment\nlove\tsex\t6.77")
    assert list(similarity_rows({"sim/EN-MC-30.txt": one, "wordsim353.tsv": two})) == [
        {"dataset": "MC-30", "word1": "car", "word2": "automobile", "score": 3.92},
        {"dataset": "WS-353-ALL", "word1": "love", "word2": "sex", "score": 6.77},
    ]


@pytest.mark.parametrize("text", ["car automobile 3.92\n", "car\tautomobile\thigh\n"])
def test_a_line_that_is_no_scored_pair_is_named(tmp_path, text):
    file = write(tmp_path, "EN-X.txt", text)
    with pytest.raises(ReplicationError, match=r"EN-X\.txt: line 1"):
        list(similarity_rows({"EN-X.txt": file}))


@pytest.mark.parametrize(("content", "complaint"), [(b"", "empty"), (b"caf\xe9\t", "not UTF-8")])
def test_an_empty_or_wrongly_encoded_file_is_named(tmp_path, content, complaint):
    file = write(tmp_path, "EN-X.txt", content)
    with pytest.raises(ReplicationError, match=rf"EN-X\.txt: {complaint}"):
        list(similarity_rows({"EN-X.txt": file}))


def document(page, body, title="A &amp; B"):
    return f'<doc id="{page}" url="u{page}" title="{title}">\nA\n\n{body}\n\n</doc>\n'


def test_extracted_pages_come_in_the_listed_order_and_cleaned(tmp_path):
    body = "x &lt; y > z <br>here\n\n\n\nHeading.\n &amp;c <ref name=q>"
    file = write(tmp_path, "wiki_00", document(1, "one") + document(2, body) + document(3, "no"))
    pages = write(tmp_path, "train.txt", "2\n1")
    assert list(extracted_page_rows({"AA/wiki_00": file}, pages)) == [
        {"id": "2", "url": "u2", "title": "A & B", "text": "x  z here\n\nHeading.\n &c "},
        {"id": "1", "url": "u1", "title": "A & B", "text": "one"},
    ]


def test_the_first_copy_of_a_page_is_taken_unless_the_list_names_another(tmp_path):
    files = {
        "AA/wiki_00": write(tmp_path, "one", document(1, "first") + document(2, "first")),
        "AB/wiki_00": write(tmp_path, "two", document(1, "second") + document(2, "second")),
    }
    pages = write(tmp_path, "train.txt", "1 2@AB/wiki_00")
    assert [row["text"] for row in extracted_page_rows(files, pages)] == ["first", "second"]


def test_a_listed_page_that_is_nowhere_is_an_error(tmp_path):
    file = write(tmp_path, "wiki_00", document(1, "one"))
    pages = write(tmp_path, "train.txt", "1 7")
    with pytest.raises(ReplicationError, match="page 7"):
        list(extracted_page_rows({"AA/wiki_00": file}, pages))


LONG = "A sentence with [[link|words]] in it. " * 20
DUMP = f"""<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/">
<page><title>First</title><ns>0</ns><id>1</id><revision><text>== Early ==
* ''one'' '''two'''
{LONG}</text></revision></page>
<page><title>Old name</title><ns>0</ns><id>2</id><revision><text>#REDIRECT [[First]] {LONG}</text>
</revision></page>
<page><title>Talk</title><ns>1</ns><id>3</id><revision><text>{LONG}</text></revision></page>
<page><title>Short</title><ns>0</ns><id>4</id><revision><text>brief</text></revision></page>
</mediawiki>"""


def test_a_dump_gives_plain_articles_without_redirects_talk_and_stubs(tmp_path):
    file = write(tmp_path, "dump.bz2", bz2.compress(DUMP.encode()))
    (row,) = dump_rows({"dump.bz2": file})
    assert row["title"] == "First"
    assert row["text"].startswith("Early.\none two\nA sentence with words in it.")


@pytest.mark.parametrize(
    "content",
    [
        bz2.compress(DUMP.encode())[:-200],
        b"no bzip2",
        bz2.compress(b""),
        bz2.compress(DUMP[:300].encode()),
    ],
    ids=["truncated", "other kind", "empty", "half XML"],
)
def test_a_damaged_dump_is_refused_by_name(tmp_path, content):
    file = write(tmp_path, "dump.bz2", content)
    with pytest.raises(ReplicationError, match=r"dump\.bz2"):
        list(dump_rows({"dump.bz2": file}))
