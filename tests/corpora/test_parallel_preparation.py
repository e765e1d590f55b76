"""Rows of parallel corpora out of raw files: tiny made-up ones in the published formats."""

from __future__ import annotations

import gzip
import zipfile

import pytest

from replications.corpora.preparation import prepare_rows
from replications.corpora.raw.parallel_lines import parallel_line_rows, read_lines
from replications.corpora.raw.tatoeba import split_of, tatoeba_rows
from replications.corpora.raw.word_alignments import aligned_pair_rows, czenali_rows
from replications.corpora.store.registry import Origin
from replications.errors import ReplicationError


def write(folder, name, content):
    file = folder / name
    content = content if isinstance(content, bytes) else content.encode()
    file.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return file


def test_line_n_of_every_file_becomes_row_n_with_a_column_for_each_language(tmp_path):
    files = {
        f"raw/val.{language}.gz": write(tmp_path, f"val.{language}.gz", text)
        for language, text in {
            "en": "A dog.\nTwo  cats. \n",
            "de": "Ein Hund.\nZwei Katzen.",
        }.items()
    }
    assert list(parallel_line_rows(files)) == [
        {"en": "A dog.", "de": "Ein Hund."},
        {"en": "Two  cats.", "de": "Zwei Katzen."},
    ]


def test_a_line_separator_inside_a_sentence_ends_no_line(tmp_path):
    assert read_lines(write(tmp_path, "a", "one\u2028two\x0cthree\r\nfour\n")) == [
        "one\u2028two\x0cthree",
        "four",
    ]


def test_files_of_different_length_are_named_with_their_counts(tmp_path):
    files = {
        name: write(tmp_path, name, text)
        for name, text in {"a.en": "1\n2\n", "a.de": "1\n"}.items()
    }
    with pytest.raises(ReplicationError, match=r"a\.en has 2 lines, .*a\.de has 1 lines"):
        list(parallel_line_rows(files))


def test_a_truncated_gzip_file_is_named(tmp_path):
    file = write(tmp_path, "a.en.gz", "one\n" * 1000)
    file.write_bytes(file.read_bytes()[:-12])
    with pytest.raises(ReplicationError, match=r"a\.en\.gz: cannot be read"):
        read_lines(file)


def aligned(folder, sentences, gold):
    return {
        "examples/enfr.gold": write(folder, "enfr.gold", gold),
        "examples/enfr.src-tgt": write(folder, "enfr.src-tgt", sentences),
    }


def test_aligned_pairs_count_from_nought_and_keep_sure_and_possible_apart(tmp_path):
    files = aligned(tmp_path, "I  see .   ||| je vois .  \n", "1-1 2p2 3-3 1p2\n")
    assert list(aligned_pair_rows(files)) == [
        {"en": "I see .", "fr": "je vois .", "sure": "0-0 2-2", "possible": "1-1 0-1"}
    ]


@pytest.mark.parametrize(
    ("sentences", "gold", "complaint"),
    [
        ("I see\n", "1-1\n", r"src-tgt: line 1 is not two sentences"),
        ("I ||| je\n", "1:1\n", r"gold: line 1 has '1:1'"),
        ("I ||| je\n", "1-2\n", r"gold: line 1 links words 1 and 2"),
        ("I ||| je\n", "0-1\n", r"gold: line 1 links words 0 and 1"),
        ("I ||| je\nI ||| je\n", "1-1\n", r"src-tgt has 2 lines, .*gold has 1"),
    ],
)
def test_an_alignment_that_cannot_be_is_named(tmp_path, sentences, gold, complaint):
    with pytest.raises(ReplicationError, match=complaint):
        list(aligned_pair_rows(aligned(tmp_path, sentences, gold)))


def test_czenali_drops_a_link_that_leaves_its_sentence(tmp_path):
    file = write(tmp_path, "czenali.gz", "a b\tc d\t1-1 2-3\t2-2\ne\tf\t1-1\t\n")
    assert list(czenali_rows({"czenali.gz": file})) == [
        {"en": "a b", "cs": "c d", "sure": "0-0", "possible": "1-1"},
        {"en": "e", "cs": "f", "sure": "0-0", "possible": ""},
    ]


def test_a_line_of_czenali_without_its_four_fields_is_named(tmp_path):
    file = write(tmp_path, "czenali.gz", "a b\tc d\t1-1\n")
    with pytest.raises(ReplicationError, match=r"czenali\.gz: line 1 has 3 fields"):
        list(czenali_rows({"czenali.gz": file}))


def archive(folder, text, name="fra.txt"):
    file = folder / "fra-eng.zip"
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr(name, text)
    return {"fra-eng.zip": file}


def test_every_pair_of_the_archive_stands_in_exactly_one_split(tmp_path):
    lines = [f"Sentence {n}.\tPhrase {n}." for n in range(300)]
    files = archive(tmp_path, "\n".join(lines) + "\n")
    splits = {name: list(tatoeba_rows(files, name)) for name in ("train", "validation", "test")}
    assert all(splits.values())
    together = [f"{row['en']}\t{row['fr']}" for rows in splits.values() for row in rows]
    assert sorted(together) == sorted(lines)
    assert len(splits["train"]) > 280


def test_case_and_punctuation_do_not_change_the_split():
    sentences = [f"Is it {n} o'clock?" for n in range(200)]
    assert {split_of(sentence) for sentence in sentences} == {"train", "validation", "test"}
    assert all(split_of(text) == split_of(text.upper().strip("?") + " !") for text in sentences)


@pytest.mark.parametrize(
    ("text", "name", "complaint"),
    [
        ("Go.\tVa !\textra\n", "fra.txt", "line 1 of fra.txt"),
        ("Go.\t\n", "fra.txt", "line 1 of fra.txt"),
        ("Go.\tVa !\n", "deu.txt", "no zip archive with a UTF-8 file fra.txt"),
    ],
)
def test_an_archive_of_another_form_is_refused(tmp_path, text, name, complaint):
    with pytest.raises(ReplicationError, match=complaint):
        list(tatoeba_rows(archive(tmp_path, text, name), "train"))


def test_a_preparation_by_split_is_reached_by_its_name(tmp_path):
    files = archive(tmp_path, "Go.\tVa !\n")
    origin = Origin(
        splits=("train",),
        preparation="tatoeba-archive",
        files={"fra-eng.zip": "0" * 64},
        package="none",
    )
    assert list(prepare_rows(origin, split_of("Go."), files)) == [{"en": "Go.", "fr": "Va !"}]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_any_system_ends_them(tmp_path, end):
    assert read_lines(write(tmp_path, "a", f"one{end}two{end}")) == ["one", "two"]
