"""Token ids in a memory-mapped file."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial

import numpy as np
import pytest
import torch
from deadly_tokenizer import Deadly
from tiny_text import IDENTITY

from replications.corpora.texts import encoding
from replications.corpora.texts.documents import Documents
from replications.corpora.texts.encoding import encode_in_order
from replications.corpora.texts.joined_documents import joined_documents
from replications.corpora.texts.mixed_documents import mixed_documents
from replications.corpora.texts.token_ids import token_ids
from replications.errors import ReplicationError
from replications.paths import cache_folder
from replications.tokens.byte_level import ByteLevelBPE
from replications.tokens.special_tokens import WithSpecialTokens
from replications.tokens.wordpiece import WordPiece

TEXTS = ["the cat sat on the mat", "", "a café, and the naïve cat", "the end"]
BYTES = ByteLevelBPE.learn(TEXTS, merges=12)
PIECES = WordPiece.learn(TEXTS, size=60)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path))
    return tmp_path


@pytest.fixture
def small_portions(monkeypatch):
    monkeypatch.setattr(encoding, "PORTION", 30)
    monkeypatch.setattr(encoding, "FEW_PORTIONS", 2)


def documents(*, train=TEXTS, validation=TEXTS[:1], key="cats"):
    return Documents(train, validation, TEXTS[1:2], (IDENTITY,), key)


@pytest.mark.parametrize("key", [None, "cats"])
@pytest.mark.parametrize("tokenizer", [BYTES, PIECES, WithSpecialTokens(BYTES)], ids=type)
def test_each_document_has_the_ids_that_the_tokenizer_gives(tokenizer, key):
    tokens = token_ids(documents(key=key), tokenizer)
    assert [ids.tolist() for ids in tokens] == [tokenizer.encode(text) for text in TEXTS]
    assert tokens.documents == len(TEXTS)
    assert tokens.ids.dtype == np.uint16
    assert tokens.lengths.tolist() == [len(tokenizer.encode(text)) for text in TEXTS]


def test_the_mark_of_the_end_belongs_to_its_document():
    tokens = token_ids(documents(), BYTES, end=BYTES.end_of_text)
    assert [ids.tolist() for ids in tokens] == [
        [*BYTES.encode(text), BYTES.end_of_text] for text in TEXTS
    ]
    assert BYTES.decode(tokens.ids) == "".join(text + "<|endoftext|>" for text in TEXTS)


def test_every_part_has_its_own_ids():
    for part, texts in (("train", TEXTS), ("validation", TEXTS[:1]), ("test", [""])):
        tokens = token_ids(documents(), PIECES, part=part)
        assert [ids.tolist() for ids in tokens] == [PIECES.encode(text) for text in texts]
    assert len(token_ids(documents(), PIECES, part="test")) == 0


def test_a_changed_validation_part_is_not_mistaken_for_the_old_one():
    first = token_ids(documents(), BYTES, part="validation")
    other = token_ids(documents(validation=TEXTS[3:]), BYTES, part="validation")
    assert BYTES.decode(first.ids) == TEXTS[0]
    assert BYTES.decode(other.ids) == TEXTS[3]


def test_ids_are_on_a_device_whole():
    tokens = token_ids(documents(), BYTES)
    ids, offsets = tokens.on("cpu")
    assert (ids.dtype, offsets.dtype) == (torch.int32, torch.int64)
    assert ids.tolist() == tokens.ids.tolist()
    assert offsets.tolist() == tokens.offsets.tolist()


class Wide:
    """More symbols than two bytes can number."""

    symbols = range(1 << 17)

    def __len__(self):
        return 1 << 17

    def encode(self, text):
        return [(1 << 17) - 1 - ord(letter) for letter in text]


def test_a_large_vocabulary_takes_four_bytes_an_id():
    tokens = token_ids(documents(train=["ab"]), Wide())
    assert tokens.ids.dtype == np.int32
    assert tokens.ids.tolist() == [(1 << 17) - 98, (1 << 17) - 99]
    assert tokens.on("cpu")[0].tolist() == tokens.ids.tolist()


def test_another_tokenizer_another_text_and_another_mark_make_another_file():
    other = ByteLevelBPE.learn(TEXTS, merges=5)
    for tokenizer, key, end in (
        (BYTES, "cats", None),
        (other, "cats", None),
        (BYTES, "dogs", None),
        (BYTES, "cats", BYTES.end_of_text),
    ):
        token_ids(documents(key=key), tokenizer, end=end)
    assert len(list((cache_folder() / "token-ids").glob("*.uint16"))) == 4


def test_what_is_in_the_cache_is_not_encoded_again():
    first = token_ids(documents(), BYTES)
    again = token_ids(documents(train=["never read"]), BYTES)
    assert again.ids.tolist() == first.ids.tolist()
    assert isinstance(again.ids, np.memmap)


@pytest.mark.parametrize("what", ["*.uint16", "*.offsets.npy"])
def test_a_damaged_file_is_named_with_the_way_out(cache, what):
    token_ids(documents(), BYTES)
    file = next((cache / "token-ids").glob(what))
    file.write_bytes(file.read_bytes()[:-2])
    with pytest.raises(ReplicationError, match=r"uint16 is damaged .* Delete it"):
        token_ids(documents(), BYTES)


def test_a_text_that_cannot_be_encoded_leaves_no_file(cache):
    with pytest.raises(ReplicationError, match="half a character"):
        token_ids(documents(train=["good", "\ud800"]), BYTES)
    assert list((cache / "token-ids").iterdir()) == []


def test_a_cache_that_takes_no_file_is_named_with_the_way_out(cache):
    (cache / "token-ids").write_text("a file where the folder should be")
    with pytest.raises(ReplicationError, match="REPLICATIONS_CACHE"):
        token_ids(documents(), BYTES)


@pytest.mark.parametrize("tokenizer", [BYTES, PIECES], ids=type)
def test_several_processes_give_the_ids_that_one_gives(small_portions, tokenizer):
    texts = [f"{text} {number}" for number in range(20) for text in TEXTS]
    alone = list(encode_in_order(texts, tokenizer, end=3, workers=1))
    eval_sets = list(encode_in_order(texts, tokenizer, end=3, workers=3))
    assert len(alone) == len(eval_sets) > 10
    for (ids, lengths), (same_ids, same_lengths) in zip(alone, eval_sets, strict=True):
        assert ids.tolist() == same_ids.tolist()
        assert lengths.tolist() == same_lengths.tolist()
        assert ids.dtype == same_ids.dtype == np.uint16


def test_an_error_in_another_process_is_the_one_that_this_process_would_have_had(small_portions):
    texts = [*TEXTS * 5, "\ud800", *TEXTS * 5]
    with pytest.raises(ReplicationError, match="half a character"):
        list(encode_in_order(texts, BYTES, workers=2))


def test_a_process_that_dies_is_an_error_with_the_way_out(small_portions):
    with pytest.raises(ReplicationError, match=r"status 7.*run this again"):
        list(encode_in_order(TEXTS * 20, Deadly(), workers=2))


def test_a_script_without_a_guard_is_run_once(tmp_path):
    script = tmp_path / "unguarded.py"
    script.write_text(
        "from replications.corpora.texts import encoding\n"
        "from replications.tokens.byte_level import ByteLevelBPE\n"
        "print('begins')\n"
        "encoding.PORTION, encoding.FEW_PORTIONS = 30, 2\n"
        "bytes_ = ByteLevelBPE.learn(['a cat'], merges=1)\n"
        "texts = ['a cat sat on a mat'] * 20\n"
        "print(sum(len(n) for _, n in encoding.encode_in_order(texts, bytes_, workers=2)))\n"
    )
    paths = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert done.stdout.split() == ["begins", "20"], done.stderr


def source(seed, *, letter, count):
    part = [f"{letter}{number}" for number in range(count)]
    return Documents(part, part[:1], part[1:2], (IDENTITY,), key=f"{letter}{count}")


MANY, FEW = partial(source, letter="a", count=8), partial(source, letter="b", count=2)


def test_joined_documents_are_all_documents_spread_evenly():
    joined = joined_documents(0, sources={"many": MANY, "few": FEW})
    expected = "a0 a1 b0 a2 a3 a4 a5 b1 a6 a7".split()
    assert list(joined.train) == expected
    assert [joined.train[number] for number in range(-10, 0)] == expected
    assert joined.train[2:5] == expected[2:5]
    assert list(joined.validation) == ["a0", "b0"]
    assert joined.identities == (IDENTITY,)


def test_joined_documents_of_other_sources_have_another_key():
    keys = [
        joined_documents(0, sources=sources).key
        for sources in ({"a": MANY}, {"a": FEW}, {"a": MANY, "b": FEW}, {"a": FEW, "b": MANY})
    ]
    assert len(set(keys)) == 4
    without = partial(mixed_documents, sources={"a": MANY}, shares={"a": 1.0})
    assert joined_documents(0, sources={"mix": without}).key not in (None, *keys)


def test_joining_nothing_is_an_error():
    with pytest.raises(ReplicationError, match="give 1 to 256"):
        joined_documents(0, sources={})


def test_joined_documents_are_encoded_in_their_order():
    joined = joined_documents(0, sources={"many": MANY, "few": FEW})
    tokens = token_ids(joined, BYTES)
    assert [BYTES.decode(ids) for ids in tokens] == list(joined.train)
