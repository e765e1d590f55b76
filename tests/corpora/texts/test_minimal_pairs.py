"""Minimal pairs out of the columns of BLiMP."""

from __future__ import annotations

import pyarrow
import pytest
from tiny_text import IDENTITY

from replications.corpora.store.rows import TableRows
from replications.corpora.texts import minimal_pairs
from replications.corpora.texts.minimal_pairs import MinimalPair, corpus_minimal_pairs
from replications.errors import ReplicationError


def row(good, paradigm, *, field="syntax", term="ellipsis"):
    return {
        "sentence_good": good,
        "sentence_bad": good.upper(),
        "field": field,
        "linguistics_term": term,
        "UID": paradigm,
    }


@pytest.fixture(autouse=True)
def corpus(monkeypatch):
    listed = [
        row("a", "one"),
        row("b", "one"),
        row("c", "two", field="syntax/semantics", term="s-selection"),
        row("d", "two"),
    ]
    rows = TableRows(pyarrow.Table.from_pylist(listed))
    monkeypatch.setattr(minimal_pairs, "load_corpus", lambda name, split: (rows, IDENTITY))


def test_the_first_of_each_paradigm_are_taken():
    assert [pair.good for pair in corpus_minimal_pairs(0).pairs] == ["a", "b", "c", "d"]
    few = corpus_minimal_pairs(5, pairs_per_paradigm=1)
    assert [pair.good for pair in few.pairs] == ["a", "c"]
    assert few.identities == (IDENTITY,)


def test_a_field_has_one_spelling_and_phenomena_are_those_of_the_papers_tables():
    assert corpus_minimal_pairs(0).pairs[2] == MinimalPair(
        "c", "C", "syntax_semantics", "argument_structure", "two"
    )


@pytest.mark.parametrize("count", [0, 3])
def test_more_pairs_than_a_paradigm_has_are_an_error(count):
    with pytest.raises(ReplicationError, match=rf"{count} pairs per paradigm.* give 1 to 2"):
        corpus_minimal_pairs(0, pairs_per_paradigm=count)
