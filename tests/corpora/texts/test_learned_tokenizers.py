from pathlib import Path

import pytest
from tiny_text import IDENTITY

from replications.corpora.texts.documents import Documents
from replications.corpora.texts.learned_tokenizers import (
    byte_level,
    byte_level_with_special_tokens,
    first_documents,
    wordpiece,
)
from replications.errors import ReplicationError
from replications.paths import cache_folder
from replications.tokens.byte_level import ByteLevelBPE
from replications.tokens.wordpiece import WordPiece

TEXTS = ("low lower lowest low", "new newer newest new", "wide wider widest wide")


def documents(key="tiny"):
    return Documents(TEXTS, TEXTS, TEXTS, (IDENTITY,), key)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "tokenizers"


def test_the_first_documents_end_before_there_are_too_many_characters():
    assert list(first_documents(documents(), 45)) == list(TEXTS[:2])
    assert list(first_documents(documents(), 1)) == [TEXTS[0]]


def test_it_is_the_one_that_its_class_learns():
    found = byte_level(documents(), merges=5, characters=45)
    assert found == ByteLevelBPE.learn(TEXTS[:2], merges=5)
    assert byte_level_with_special_tokens(documents(), merges=5, characters=45).tokenizer == found
    assert wordpiece(documents(), size=30) == WordPiece.learn(TEXTS, size=30)


def test_it_is_learned_once(monkeypatch):
    first = byte_level(documents(), merges=5), wordpiece(documents(), size=30)

    def learn(*_, **__):
        raise AssertionError("it was learned before")

    monkeypatch.setattr(ByteLevelBPE, "learn", learn)
    monkeypatch.setattr(WordPiece, "learn", learn)
    assert (byte_level(documents(), merges=5), wordpiece(documents(), size=30)) == first


def test_other_settings_and_other_documents_have_another(cache):
    byte_level(documents(), merges=5)
    byte_level(documents(), merges=6)
    byte_level(documents(), merges=5, characters=45)
    byte_level(documents("other"), merges=5)
    assert len(list(cache.iterdir())) == 4


def test_without_a_key_nothing_is_kept():
    byte_level(documents(None), merges=5)
    assert not cache_folder().exists()


def test_a_damaged_one_is_named(cache):
    byte_level(documents(), merges=5)
    file = next(cache.iterdir()) / "vocab.json"
    file.write_text(file.read_text()[:-9])
    with pytest.raises(ReplicationError, match="Or delete"):
        byte_level(documents(), merges=5)


def test_a_cache_that_cannot_be_written_to_is_named(cache):
    cache.parent.mkdir()
    cache.write_text("a file where the folder should be")
    with pytest.raises(ReplicationError, match="REPLICATIONS_CACHE"):
        byte_level(documents(), merges=5)
