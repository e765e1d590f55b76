"""Pairs of sentences and labelled sentences out of tiny raw files in the published formats."""

from __future__ import annotations

import json

import pytest

from replications.corpora.raw.labelled_sentences import labelled_sentence_rows
from replications.corpora.raw.minimal_pairs import minimal_pair_rows
from replications.errors import ReplicationError

PAIR = {
    "sentence_good": "They are.",
    "sentence_bad": "They is.",
    "field": "morphology",
    "linguistics_term": "subject_verb_agreement",
    "UID": "plural",
}


def written(folder, text, name="some.jsonl"):
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return {name: file}


def test_a_pairs_number_becomes_a_number_and_other_columns_are_left_out(tmp_path):
    line = json.dumps({**PAIR, "pairID": "7", "crucial_item": "is"})
    assert list(minimal_pair_rows(written(tmp_path, line + "\n"))) == [{**PAIR, "pairID": 7}]


@pytest.mark.parametrize("line", ["{", json.dumps(PAIR), json.dumps({**PAIR, "pairID": "x"})])
def test_a_line_that_is_no_pair_is_named(tmp_path, line):
    with pytest.raises(ReplicationError, match=r"some.jsonl: line 1 is no pair"):
        list(minimal_pair_rows(written(tmp_path, line + "\n")))


def test_a_quoted_sentence_keeps_its_commas_and_marks(tmp_path):
    table = 'label,sentence\n1,"Good, ""really"" good."\n0,Bad.\n'
    assert list(labelled_sentence_rows(written(tmp_path, table))) == [
        {"sentence": 'Good, "really" good.', "label": 1},
        {"sentence": "Bad.", "label": 0},
    ]


def test_another_label_is_named_with_its_line(tmp_path):
    with pytest.raises(ReplicationError, match="line 2 has no sentence labelled 0 or 1"):
        list(labelled_sentence_rows(written(tmp_path, "label,sentence\n2,So so.\n")))
