"""A text is not read where only its tokenizer or its token ids are wanted, and these are there."""

from __future__ import annotations

import os

import pyarrow
import pyarrow.parquet
import pytest

from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.store.fingerprint import fingerprint_rows
from replications.corpora.store.rows import FileRows
from replications.corpora.texts.documents import corpus_documents
from replications.corpora.texts.learned_tokenizers import byte_level

ROWS = [{"text": f"the cat number {number} sat on the mat"} for number in range(60)]


@pytest.fixture
def cats(tiny):
    """The registered corpus becomes one of three splits of texts."""
    tiny.entry["splits"] = {}
    for split, rows in (("train", ROWS), ("validation", ROWS[:3]), ("test", ROWS[3:6])):
        file = tiny.mirror / f"cats-{split}.parquet"
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), file)
        os.utime(file, (0, 0))
        tiny.entry["splits"][split] = {
            "rows": len(rows),
            "fingerprint": fingerprint_rows(rows, ["text"]),
            "columns": {"text": "string"},
            "prepared": {file.name: "0" * 64},
        }
    tiny.entry["origins"] = []
    tiny.register()


def text(seed):
    return corpus_documents(seed, corpus="tiny")


def tokenizer(documents):
    return byte_level(documents, merges=20)


def stream():
    data = TokenStream(0, text=text, tokenizer=tokenizer, length=8, sequences_per_batch=2)
    data.setup()
    return data


def test_the_second_run_reads_no_row(cats, monkeypatch):
    first = stream()
    batches = [batch.ids.tolist() for batch in first.train_dataloader()]

    def read(*arguments):
        raise AssertionError("rows were read")

    # One value may be read: the tests check the types of what functions are given.
    for name in ("batches", "table"):
        monkeypatch.setattr(FileRows, name, read)
    again = stream()
    assert [batch.ids.tolist() for batch in again.train_dataloader()] == batches
    assert again.vocabulary.symbols == first.vocabulary.symbols
    assert again.identities == first.identities


def test_documents_are_those_of_the_rows(cats):
    found = text(0)
    assert list(found.train) == [row["text"] for row in ROWS]
    assert list(corpus_documents(0, corpus="tiny", stride=7).train) == [
        row["text"] for row in ROWS[::7]
    ]
    assert found.test[1] == ROWS[4]["text"]
