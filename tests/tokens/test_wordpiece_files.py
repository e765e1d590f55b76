"""WordPiece vocabularies are read as published, and damaged ones refused by name."""

from __future__ import annotations

import pytest
from learned_wordpiece import LEARNED, THEIRS

from replications.errors import ReplicationError
from replications.tokens.wordpiece import MASK, WordPiece

PUBLISHED = ("[PAD]", "[unused0]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "\u2028", "##a")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "vocab.txt").write_text("\n".join(PUBLISHED) + "\n", encoding="utf-8")
    return tmp_path


def test_a_published_vocabulary_is_read_from_its_file_or_folder(folder):
    pieces = WordPiece.read(folder)
    assert pieces == WordPiece.read(folder / "vocab.txt") == WordPiece(PUBLISHED)
    assert pieces.encode("Aa z") == [6, 8, 2]
    assert pieces.index[MASK] == 5


def test_what_hugging_faces_tokenizers_save_is_read(tmp_path):
    THEIRS.model.save(str(tmp_path))
    assert WordPiece.read(tmp_path) == LEARNED


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (b"", "cut short: its last line does not end"),
        (b"[PAD]\n[UN", "cut short: its last line does not end"),
        (b"[PAD]\n[UNK]\n[CLS]\n", r"lacks \[SEP\], \[MASK\]\. It was cut short"),
        (b"[PAD]\n\n[UNK]\n", "Line 2 of .*vocab.txt is empty"),
        (b"[PAD]\na\nb\na\n", "Line 4 of .*vocab.txt repeats line 2, 'a'"),
        (b"[PAD]\nThe\n", "Line 2 of .*vocab.txt is 'The': the vocabulary has upper case"),
        (b"[PAD]\n\xff\n", "vocab.txt is damaged: it is no UTF-8"),
    ],
)
def test_a_damaged_vocabulary_is_refused_by_name_and_line(folder, written, message):
    (folder / "vocab.txt").write_bytes(written)
    with pytest.raises(ReplicationError, match=message):
        WordPiece.read(folder)


def test_a_missing_vocabulary_is_named(tmp_path):
    with pytest.raises(ReplicationError, match="vocab.txt cannot be read: No such file"):
        WordPiece.read(tmp_path)
    with pytest.raises(ReplicationError, match="nowhere cannot be read: No such file"):
        WordPiece.read(tmp_path / "nowhere")


def test_what_is_written_reads_back(tmp_path):
    ours = WordPiece.learn(["low lower lowest, low low"], size=40)
    ours.write(tmp_path / "new")
    assert WordPiece.read(tmp_path / "new") == ours


def test_the_one_file_of_newer_programs_is_read_too(tmp_path):
    THEIRS.save(str(tmp_path / "tokenizer.json"))
    assert WordPiece.read(str(tmp_path)) == LEARNED


def test_a_byte_order_mark_is_no_upper_case(folder):
    file = folder / "vocab.txt"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert WordPiece.read(folder) == WordPiece(PUBLISHED)
