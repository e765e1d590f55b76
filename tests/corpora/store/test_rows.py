"""Rows that are read from files piece by piece, and fingerprints that are remembered."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time

import pyarrow
import pyarrow.parquet
import pytest
from tiny_corpus import ROWS

from replications.corpora import load_corpus, verify_corpus
from replications.corpora.store import fingerprint, prepared
from replications.corpora.store.registry import Split
from replications.corpora.store.rows import FileRows, TableRows
from replications.errors import ReplicationError

SPLIT = Split(
    name="train",
    rows=10,
    fingerprint="0" * 64,
    columns={"text": "string", "number": "integer"},
)


@pytest.fixture(params=["files", "table"])
def ten(request, tmp_path):
    """Ten rows: in two files with groups of three rows, or in memory."""
    table = pyarrow.table({"number": range(10), "text": [f"text {n}" for n in range(10)]})
    if request.param == "table":
        return TableRows(table)
    files = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    for file, part in zip(files, (table.slice(0, 7), table.slice(7)), strict=True):
        pyarrow.parquet.write_table(part, file, row_group_size=3)
    return FileRows(files, SPLIT)


def test_rows_and_columns_are_those_of_the_files_in_their_order(ten):
    assert len(ten) == 10
    assert set(ten.column_names) == {"text", "number"}
    assert list(ten["text"]) == [f"text {n}" for n in range(10)]
    assert ten[8] == ten[-2] == {"text": "text 8", "number": 8}
    assert [row["number"] for row in ten] == list(range(10))
    assert ten.table().column("number").to_pylist() == list(range(10))


@pytest.mark.parametrize(
    "cut",
    [slice(None), slice(None, None, 3), slice(1, None, 4), slice(4, 8), slice(8, 3, -2), slice(20)],
    ids=str,
)
def test_a_slice_of_a_column_is_that_of_a_list(ten, cut):
    expected = list(range(10))[cut]
    column = ten["number"][cut]
    assert list(column) == expected
    assert [column[place] for place in range(len(column))] == expected
    assert list(column[::2]) == expected[::2]


def test_an_unknown_column_or_row_is_an_error(ten):
    with pytest.raises(KeyError, match="the columns are"):
        ten["words"]
    with pytest.raises(IndexError):
        ten["text"][10]


def test_long_texts_are_read_a_few_at_a_time(tmp_path):
    file = tmp_path / "long.parquet"
    pyarrow.parquet.write_table(
        pyarrow.table({"text": ["long " * 400_000] * 40, "number": range(40)}),
        file,
        compression=None,
        use_dictionary=False,
    )
    rows = FileRows([file], SPLIT)
    assert max(len(batch) for batch in rows.batches(["text"])) <= 10
    assert sum(len(batch) for batch in rows.batches(["text"])) == 40


def old(file):
    """As if written an hour ago: the time of a file just written may not change any more."""
    hour_ago = time.time() - 3600
    os.utime(file, (hour_ago, hour_ago))


@pytest.fixture
def computed(monkeypatch):
    """How often the fingerprint of rows was computed."""
    calls = []
    plain = fingerprint.fingerprint_rows

    def counted(rows, columns):
        calls.append(columns)
        return plain(rows, columns)

    monkeypatch.setattr(prepared, "fingerprint_rows", counted)
    return calls


def test_a_fingerprint_is_computed_once_and_anew_by_verify(tiny, computed):
    old(tiny.put_prepared())
    first = load_corpus("tiny")[1]
    assert load_corpus("tiny")[1] == first
    assert len(computed) == 1
    verify_corpus("tiny")
    assert len(computed) == 2


def test_a_file_that_was_only_touched_or_moved_is_known_by_its_content(tiny, computed, monkeypatch):
    file = tiny.put_prepared()
    load_corpus("tiny")
    os.utime(file, (0, 0))
    load_corpus("tiny")
    moved = tiny.mirror.with_name("moved")
    tiny.mirror.rename(moved)
    monkeypatch.setenv("REPLICATIONS_MIRROR", str(moved))
    load_corpus("tiny")
    assert len(computed) == 1


@pytest.mark.parametrize("age", [0, 3600])
def test_a_file_with_other_rows_is_found_out(tiny, age):
    old(tiny.put_prepared())
    load_corpus("tiny")
    file = tiny.put_prepared([{**ROWS[0], "score": 1.0}, ROWS[1]])
    os.utime(file, (time.time() - age, time.time() - age))
    with pytest.raises(ReplicationError, match="is not the registered file"):
        load_corpus("tiny")


def test_a_fresh_file_is_not_known_by_its_time_alone(tiny):
    file = tiny.put_prepared()
    load_corpus("tiny")
    load_corpus("tiny")
    times = file.stat().st_atime_ns, file.stat().st_mtime_ns
    size = file.stat().st_size
    changed = file.read_bytes().replace(b"tiger", b"liger")
    assert changed != file.read_bytes() and len(changed) == size
    file.write_bytes(changed)
    os.utime(file, ns=times)
    with pytest.raises(ReplicationError):
        load_corpus("tiny")


LARGE = """
import resource, sys
import pyarrow  # What the libraries take is no part of the limit.
from pathlib import Path
from replications.corpora.store.fingerprint import fingerprint_rows
from replications.corpora.store.registry import Split
from replications.corpora.store.rows import FileRows
from replications.corpora.texts.encoding import encode_in_order
from replications.tokens.byte_level import ByteLevelBPE
limit, whole = int(sys.argv[2]), sys.argv[3] == "whole"
taken = int(Path("/proc/self/status").read_text().split("VmData:")[1].split()[0]) * 1024
resource.setrlimit(resource.RLIMIT_DATA, (taken + limit, -1))
split = Split(name="train", rows=1, fingerprint="0" * 64, columns={"text": "string"})
rows = FileRows([Path(sys.argv[1])], split)
if whole:
    texts = rows.table()["text"].to_pylist()
else:
    fingerprint_rows(rows, ["text"])
    texts = rows["text"][::2]
tokenizer = ByteLevelBPE.learn(["a few words of a text"], merges=9)
print(sum(len(ids) for ids, _ in encode_in_order(texts, tokenizer, workers=1)))
"""


@pytest.mark.parametrize("whole", [False, True], ids=["piece by piece", "whole"])
def test_a_text_is_fingerprinted_and_encoded_in_less_memory_than_it_takes(tmp_path, whole):
    """The same limit is too low for the whole text: it would have shown that it is read whole."""
    if not sys.platform.startswith("linux") or not hasattr(resource, "RLIMIT_DATA"):
        pytest.skip("limits of the memory that is written to are Linux's")
    text = "a few words of a text " * 4_000
    file = tmp_path / "large.parquet"
    pyarrow.parquet.write_table(
        pyarrow.table({"text": [f"{number} {text}" for number in range(2_000)]}),
        file,
        row_group_size=100,
        use_dictionary=False,
    )
    limit = str(170 << 20)
    done = subprocess.run(
        [sys.executable, "-c", LARGE, str(file), limit, "whole" if whole else "pieces"],
        capture_output=True,
        text=True,
        env={**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1"},
    )
    if whole:
        assert done.returncode != 0 and "emory" in done.stderr
    else:
        assert done.returncode == 0, done.stderr
        assert int(done.stdout) > 2_000 // 2 * 4_000
