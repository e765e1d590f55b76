from __future__ import annotations

import hashlib

import pyarrow
import pytest

from replications.corpora.store.fingerprint import canonical_row, fingerprint_rows
from replications.corpora.store.prepared import fingerprint
from replications.corpora.store.registry import Split
from replications.corpora.store.rows import TableRows
from replications.errors import ReplicationError


def test_a_canonical_row_is_sorted_compact_json_with_characters_as_themselves():
    row = {"word": 'cœur "x"\n', "score": 0.1, "left out": 1}
    assert canonical_row(row, ["word", "score"]) == '{"score":0.1,"word":"cœur \\"x\\"\\n"}\n'


def test_the_fingerprint_is_the_sha256_of_the_canonical_lines():
    rows = [{"text": "a"}, {"text": "é"}]
    expected = hashlib.sha256('{"text":"a"}\n{"text":"é"}\n'.encode()).hexdigest()
    assert fingerprint_rows(rows, ["text"]) == expected


def test_order_content_and_row_boundaries_change_the_fingerprint():
    rows = [[{"text": "a"}, {"text": "b"}], [{"text": "b"}, {"text": "a"}], [{"text": "ab"}]]
    assert len({fingerprint_rows(each, ["text"]) for each in rows}) == 3


def test_the_order_in_which_columns_are_named_does_not_matter():
    rows = [{"b": "1", "a": "2"}]
    assert fingerprint_rows(rows, ["a", "b"]) == fingerprint_rows(rows, ["b", "a"])


def test_a_number_that_is_not_finite_has_no_fingerprint():
    with pytest.raises(ValueError):
        fingerprint_rows([{"score": float("nan")}], ["score"])


def test_rows_with_a_number_that_is_not_finite_are_refused_by_the_name_of_their_source():
    split = Split(name="train", rows=1, fingerprint="0" * 64, columns={"score": "double"})
    with pytest.raises(ReplicationError, match="mirror/a.parquet: holds a number that is not"):
        fingerprint(TableRows(pyarrow.table({"score": [float("nan")]})), split, "mirror/a.parquet")
