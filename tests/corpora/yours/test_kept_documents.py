"""Large texts of a reader's own: divided once, kept, and nothing stale or damaged is ever read."""

import gzip
import os

import pytest
import torch
from own_texts import write_documents

from replications.corpora.store import verified
from replications.corpora.yours import files, kept_documents, words
from replications.corpora.yours.documents import own_documents
from replications.corpora.yours.words import own_words
from replications.errors import ReplicationError
from replications.paths import cache_folder

LINES = [f"line {number} of a café" for number in range(200)]


@pytest.fixture(autouse=True)
def large(tmp_path, monkeypatch):
    """Every text counts as large, and the cache is empty."""
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(files, "LARGE", 0)


def write(folder, name="own.txt", lines=LINES, *, age=60.0):
    """A file that was last written so many seconds ago."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    content = "\n".join(lines).encode()
    file.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    written = file.stat().st_mtime - age
    os.utime(file, (written, written))
    return file


def read(path, *, a_line=True):
    found = own_documents(0, path=str(path), a_line=a_line)
    return [list(part) for part in (found.train, found.validation, found.test)], found


def refuse(*args, **named):
    raise AssertionError("read once more")


@pytest.mark.parametrize(
    ("name", "lines", "a_line"),
    [
        ("own.txt", LINES, True),
        ("own.txt.gz", [*LINES, "", *LINES], True),
        ("book.txt", LINES, False),
    ],
)
@pytest.mark.parametrize("group", [400, 1 << 20])
def test_kept_texts_are_those_that_would_be_in_memory(
    tmp_path, monkeypatch, name, lines, a_line, group
):
    monkeypatch.setattr(kept_documents, "_GROUP_BYTES", group)
    write(tmp_path / "texts", name, lines)
    parts, kept = read(tmp_path / "texts", a_line=a_line)
    monkeypatch.setattr(files, "LARGE", 1 << 30)
    in_memory, found = read(tmp_path / "texts", a_line=a_line)
    assert parts == in_memory
    assert kept.identities == found.identities
    assert kept.key == found.key
    assert kept.train[0] == found.train[0] and kept.test[-1] == found.test[-1]


def test_the_second_reading_opens_no_file_of_the_readers(tmp_path, monkeypatch):
    file = write(tmp_path / "texts")
    first, _ = read(file)
    monkeypatch.setattr(kept_documents, "documents_of", refuse)
    monkeypatch.setattr(verified, "sha256_of", refuse)
    assert read(file)[0] == first


def test_a_text_that_was_moved_or_touched_is_hashed_and_not_divided_again(tmp_path, monkeypatch):
    first, _ = read(write(tmp_path / "texts"))
    monkeypatch.setattr(kept_documents, "documents_of", refuse)
    assert read(write(tmp_path / "elsewhere"))[0] == first
    assert read(write(tmp_path / "texts", age=30.0))[0] == first


def test_another_text_of_the_same_name_and_size_is_noticed(tmp_path):
    first, found = read(write(tmp_path / "texts"))
    changed = [line.replace("café", "cafè") for line in LINES]
    other, changed = read(write(tmp_path / "texts", lines=changed, age=30.0))
    assert sorted(sum(first, [])) == sorted(LINES)
    assert all("cafè" in line for part in other for line in part)
    assert changed.key != found.key


def test_a_file_so_fresh_that_its_time_may_not_tell_a_change_is_hashed_again(tmp_path):
    file = write(tmp_path / "texts", age=0.0)
    read(file)
    before = file.stat()
    file.write_bytes(file.read_bytes().replace(b"line", b"Line"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert all(line.startswith("Line") for part in read(file)[0] for line in part)


def test_documents_and_lines_of_one_file_are_kept_apart(tmp_path):
    file = write(tmp_path / "texts")
    assert len(read(file, a_line=True)[0][0]) == 180
    assert len(read(file, a_line=False)[0][0]) == 1


@pytest.mark.parametrize("name", ["train.parquet", "test.parquet", "about.json"])
@pytest.mark.parametrize("damage", ["gone", "cut", "empty", "other"])
def test_what_is_damaged_in_the_cache_is_made_again(tmp_path, name, damage):
    file = write(tmp_path / "texts")
    first, _ = read(file)
    (kept,) = (cache_folder() / "own-texts").glob(f"*/{name}")
    whole = kept.read_bytes()
    damaged = {"cut": whole[:-20], "empty": b"", "other": b"x" * len(whole)}
    kept.unlink()
    if damage != "gone":
        kept.write_bytes(damaged[damage])
    assert read(file)[0] == first
    assert kept.read_bytes() == whole


def test_a_damaged_note_of_a_files_hash_is_none(tmp_path):
    file = write(tmp_path / "texts")
    first, _ = read(file)
    (note,) = (cache_folder() / "corpora" / "verified").iterdir()
    note.write_text("é" * 64, encoding="utf-8")
    assert read(file)[0] == first
    assert len(note.read_text(encoding="ascii")) == 64


def test_a_text_that_changes_while_it_is_read_is_told_and_not_kept(tmp_path, monkeypatch):
    file = write(tmp_path / "texts")
    divide = kept_documents._write

    def while_another_writes(*given):
        about = divide(*given)
        write(tmp_path / "texts", lines=[*LINES, "one more"], age=30.0)
        return about

    monkeypatch.setattr(kept_documents, "_write", while_another_writes)
    with pytest.raises(ReplicationError, match="changed while they were read"):
        read(file)
    monkeypatch.undo()
    assert not list((cache_folder() / "own-texts").glob("*/about.json"))


def test_a_bad_line_is_told_as_of_a_small_text_and_nothing_is_kept(tmp_path):
    file = write(tmp_path / "texts")
    file.write_bytes(b"good\n" * 50 + b"\xff\n")
    with pytest.raises(ReplicationError, match="line 51: byte 1 is no UTF-8"):
        read(file)
    assert not list((cache_folder() / "own-texts").rglob("*.*"))


@pytest.mark.parametrize(("lines", "told"), [([" ", ""], "holds no text"), (["a"], "nothing is")])
def test_too_little_text_is_told(tmp_path, lines, told):
    with pytest.raises(ReplicationError, match=told):
        read(write(tmp_path / "texts", lines=lines), a_line=False)


def test_a_cache_that_cannot_be_written_to_is_told(tmp_path):
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(ReplicationError, match="REPLICATIONS_CACHE"):
        read(write(tmp_path / "texts"))


def test_words_are_kept_too_and_are_those_that_would_be_in_memory(tmp_path, monkeypatch):
    folder = write_documents(tmp_path / "texts")
    first = own_words(0, path=str(folder), min_count=2)
    monkeypatch.setattr(words, "tokenise", refuse)
    again = own_words(0, path=str(folder), min_count=2)
    monkeypatch.undo()
    monkeypatch.setattr(files, "LARGE", 1 << 30)
    in_memory = own_words(0, path=str(folder), min_count=2)
    assert first.key == again.key != in_memory.key is None
    for found in (again, in_memory):
        assert found.vocabulary == first.vocabulary
        assert (found.raw_words, found.identity) == (first.raw_words, first.identity)
        for one, other in ((first, found), (first.held_out, found.held_out)):
            assert torch.equal(one.ids, other.ids)
            assert torch.equal(one.document, other.document)
            assert one.raw_words == other.raw_words


def test_words_of_another_vocabulary_are_other_words(tmp_path):
    folder = write_documents(tmp_path / "texts")
    found = [own_words(0, path=str(folder), min_count=1, max_size=size) for size in (15, 20, None)]
    assert [len(each.vocabulary) for each in found[:2]] == [15, 20]
    assert len({each.key for each in found}) == 3


def test_damaged_words_are_told_with_the_file(tmp_path):
    folder = write_documents(tmp_path / "texts")
    own_words(0, path=str(folder))
    (kept,) = (cache_folder() / "encoded").glob("*.train.safetensors")
    kept.write_bytes(kept.read_bytes()[:-9])
    with pytest.raises(ReplicationError, match=r"train\.safetensors is damaged.*Delete it"):
        own_words(0, path=str(folder))
    kept.unlink()
    assert len(own_words(0, path=str(folder)).ids)


def test_a_book_is_numbered_in_stretches_as_it_would_be_whole(tmp_path, monkeypatch):
    file = write(tmp_path / "texts", lines=LINES * 20)
    whole = own_words(0, path=str(file), min_count=1)
    cut = words.stretches
    monkeypatch.setattr(words, "stretches", lambda text: cut(text, shortest=50))
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "another"))
    parted = own_words(0, path=str(file), min_count=1)
    assert torch.equal(whole.ids, parted.ids)
    assert whole.document.unique().tolist() == parted.document.unique().tolist() == [0]
    assert whole.raw_words == parted.raw_words
