"""A reader's own texts."""

import gzip

import pytest

from replications.corpora.yours import files
from replications.corpora.yours.documents import own_documents
from replications.errors import ReplicationError


def write(folder, contents):
    for name, content in contents.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(folder)


def many(count=100):
    return {f"{number:03}.txt": f"text {number}\nof two lines" for number in range(count)}


def test_a_file_is_a_document_and_a_twentieth_is_held_out_twice(tmp_path):
    found = own_documents(0, path=write(tmp_path, many()))
    assert [len(part) for part in (found.train, found.validation, found.test)] == [90, 5, 5]
    stride = sorted([*found.train, *found.validation, *found.test])
    assert stride == sorted(many().values())
    # Those of train are in the order of their names.
    assert found.train == [text for text in many().values() if text in found.train]
    assert [each.kind for each in found.identities] == ["yours"] * 3
    assert [each.rows for each in found.identities] == [90, 5, 5]
    assert found == own_documents(1, path=str(tmp_path))


def test_equal_documents_are_in_one_part(tmp_path):
    contents = {f"{n}-{copy}.txt": f"text {n}" for n in range(60) for copy in "ab"}
    found = own_documents(0, path=write(tmp_path, contents))
    parts = [set(part) for part in (found.train, found.validation, found.test)]
    assert sum(map(len, parts)) == len(set.union(*parts)) == 60


def test_a_line_may_be_a_document_and_gzip_is_read_too(tmp_path):
    lines = [f"line {number}, naïve café" for number in range(50)]
    text = "\r\n\r\n".join(lines)
    folder = write(tmp_path, {"sub/a.txt.gz": gzip.compress(text.encode()), "ignored.pdf": b"\0"})
    found = own_documents(0, path=folder, a_line=True)
    assert sorted([*found.train, *found.validation, *found.test]) == sorted(lines)
    one_file = own_documents(0, path=f"{folder}/sub/a.txt.gz", a_line=True)
    assert one_file.train == found.train


def test_of_a_single_book_the_last_lines_are_held_out(tmp_path):
    lines = [f"line {number}\n" for number in range(100, 300)]
    found = own_documents(0, path=write(tmp_path, {"book.txt": "\ufeff" + "".join(lines)}))
    (train,), (validation,), (test,) = found.train, found.validation, found.test
    assert "\n".join((train, validation, test)) + "\n" == "".join(lines)
    assert 9 <= len(validation.splitlines()) <= 11 and 9 <= len(test.splitlines()) <= 11


def test_other_texts_have_another_key(tmp_path):
    first = own_documents(0, path=write(tmp_path, many()))
    other = own_documents(0, path=write(tmp_path, {"000.txt": "something else"}))
    assert first.key != other.key


@pytest.mark.parametrize(
    ("contents", "told"),
    [
        ({"a.txt": ""}, "holds no text"),
        ({"a.txt": " \n\t\n"}, "holds no text"),
        ({"a.pdf": b"%PDF"}, "no file that ends in .txt or .gz"),
        ({"a.txt": "good\n", "b.txt": b"\x7fELF\x00\x01"}, r"b\.txt, line 1: holds a NUL byte"),
        (
            {"a.txt": "caf\u00e9\n".encode() + "caf\u00e9\n".encode("latin-1")},
            "line 2: byte 4 is no",
        ),
        ({"a.txt": "wide".encode("utf-16")}, "binary or UTF-16"),
        ({"a.txt.gz": b"no gzip at all"}, "damaged or no gzip"),
        ({"a.txt.gz": gzip.compress(b"cut short " * 99, mtime=0)[:-20]}, "damaged or no gzip"),
        ({"a.txt": "a single line"}, "too little text: nothing is left for validation"),
    ],
    ids=str,
)
def test_input_that_is_no_text_is_told_with_the_way_out(tmp_path, contents, told):
    with pytest.raises(ReplicationError, match=told):
        own_documents(0, path=write(tmp_path, contents))


def test_a_huge_line_is_an_error_and_not_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LONGEST_LINE", 1_000)
    with pytest.raises(ReplicationError, match="line 2: is longer than"):
        own_documents(0, path=write(tmp_path, {"a.txt": "short\n" + "long " * 300}))


def test_a_path_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ReplicationError, match="no such file or folder"):
        own_documents(0, path=str(tmp_path / "gone"))
