"""Files of byte-level pairs: published ones are read, damaged ones are refused by name."""

from __future__ import annotations

import json

import pytest
import tokenizers
from learned_bytes import LEARNED, THEIRS

from replications.errors import ReplicationError
from replications.tokens.byte_level import END_OF_TEXT, ByteLevelBPE


@pytest.fixture
def folder(tmp_path):
    """As published: the file of merges begins with its version."""
    THEIRS.model.save(str(tmp_path))
    return tmp_path


def test_a_published_tokenizer_is_read(folder):
    assert (folder / "merges.txt").read_text(encoding="utf-8").startswith("#version")
    assert ByteLevelBPE.read(folder) == LEARNED


def test_the_numbers_are_those_of_the_file_wherever_the_end_of_text_stands(folder):
    index = {END_OF_TEXT: 0} | {s: n + 1 for n, s in enumerate(LEARNED.symbols[:-1])}
    (folder / "vocab.json").write_text(json.dumps(index), encoding="utf-8")
    moved = ByteLevelBPE.read(folder)
    assert moved.end_of_text == 0
    assert moved.encode("la mi") == [number + 1 for number in LEARNED.encode("la mi")]


@pytest.mark.parametrize("name", ["vocab.json", "merges.txt"])
def test_a_missing_or_damaged_file_is_named(folder, name):
    (folder / name).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ReplicationError, match=f"{name} is damaged: it is no UTF-8"):
        ByteLevelBPE.read(folder)
    (folder / name).unlink()
    with pytest.raises(ReplicationError, match=f"{name} cannot be read: No such file"):
        ByteLevelBPE.read(folder)


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9])
def test_a_vocabulary_that_was_cut_short_is_refused(folder, part):
    file = folder / "vocab.json"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: int(part * len(text))], encoding="utf-8")
    with pytest.raises(ReplicationError, match="vocab.json is damaged or was cut short"):
        ByteLevelBPE.read(folder)


@pytest.mark.parametrize(
    "index",
    [["a"], 0, {"a": 1}, {"a": 0, "b": 0}, {"a": 0, "b": True}, {"a": "0"}, {"a": [0]}],
)
def test_a_vocabulary_without_a_number_for_each_symbol_is_refused(folder, index):
    (folder / "vocab.json").write_text(json.dumps(index), encoding="utf-8")
    with pytest.raises(ReplicationError, match="vocab.json "):
        ByteLevelBPE.read(folder)


@pytest.mark.parametrize("lines", [1, 50, 150])
def test_merges_that_were_cut_short_at_a_line_are_refused(folder, lines):
    file = folder / "merges.txt"
    text = file.read_text(encoding="utf-8")
    file.write_text("\n".join(text.split("\n")[:lines]), encoding="utf-8")
    with pytest.raises(ReplicationError, match=r"merges.txt makes \d+ of the 457 symbols"):
        ByteLevelBPE.read(folder)


@pytest.mark.parametrize("line", ["Ġ", "Ġ ", " l", "a b c", "a  b"])
def test_a_line_that_names_no_two_symbols_is_refused_by_its_number(folder, line):
    file = folder / "merges.txt"
    lines = file.read_text(encoding="utf-8").split("\n")
    lines[6] = line
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ReplicationError, match="Line 7 of .*merges.txt is "):
        ByteLevelBPE.read(folder)


def test_a_merge_that_stands_twice_is_refused(folder):
    file = folder / "merges.txt"
    lines = file.read_text(encoding="utf-8").split("\n")
    file.write_text("\n".join([*lines[:9], lines[2], *lines[9:]]), encoding="utf-8")
    with pytest.raises(ReplicationError, match="Line 10 of"):
        ByteLevelBPE.read(folder)


def test_a_vocabulary_that_lacks_a_byte_is_refused(folder):
    symbols = [symbol for symbol in LEARNED.symbols if symbol != "Ċ"]
    index = {symbol: number for number, symbol in enumerate(symbols)}
    (folder / "vocab.json").write_text(json.dumps(index), encoding="utf-8")
    with pytest.raises(ReplicationError, match="vocab.json lacks 1 symbols .*, such as 'Ċ'"):
        ByteLevelBPE.read(folder)


def test_what_is_written_reads_back_and_other_programs_read_it(tmp_path):
    ours = ByteLevelBPE.learn(["low lower lowest, né 東京 low low"], merges=20)
    ours.write(tmp_path / "new")
    assert ByteLevelBPE.read(tmp_path / "new") == ours
    files = [str(tmp_path / "new" / name) for name in ("vocab.json", "merges.txt")]
    theirs = tokenizers.ByteLevelBPETokenizer(*files)
    assert theirs.encode("lowest né 東 slow").ids == ours.encode("lowest né 東 slow")


@pytest.mark.parametrize("old", [True, False])
def test_the_one_file_of_newer_programs_is_read_too(tmp_path, old):
    THEIRS.save(str(tmp_path / "tokenizer.json"))
    if old:
        file = tmp_path / "tokenizer.json"
        tree = json.loads(file.read_text(encoding="utf-8"))
        tree["model"]["merges"] = [" ".join(pair) for pair in LEARNED.merges]
        file.write_text(json.dumps(tree), encoding="utf-8")
    assert ByteLevelBPE.read(tmp_path) == LEARNED


def test_a_whole_tokenizer_of_another_kind_is_refused_by_its_kind(tmp_path):
    tokenizers.Tokenizer(tokenizers.models.WordPiece({"[UNK]": 0})).save(
        str(tmp_path / "tokenizer.json")
    )
    with pytest.raises(ReplicationError, match=r"tokenizer\.json is .* 'WordPiece', and 'BPE'"):
        ByteLevelBPE.read(tmp_path)


def test_a_folder_may_be_named_by_a_string(folder):
    assert ByteLevelBPE.read(str(folder)) == LEARNED
    LEARNED.write(str(folder / "copy"))
    assert ByteLevelBPE.read(str(folder / "copy")) == LEARNED


def test_a_byte_order_mark_is_no_part_of_a_file(folder):
    for name in ("vocab.json", "merges.txt"):
        file = folder / name
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert ByteLevelBPE.read(folder) == LEARNED
