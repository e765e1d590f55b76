"""Rows of the GLUE tasks out of raw files: tiny tables in the published formats."""

from __future__ import annotations

import pytest

from replications.corpora.raw.glue import (
    cola_rows,
    entailment_rows,
    mrpc_rows,
    sst2_rows,
    stsb_rows,
)
from replications.errors import ReplicationError


def table(folder, text, name="dev.tsv"):
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return {f"glue_data/{name}": file}


def test_sentences_keep_their_blanks_and_quotation_marks(tmp_path):
    files = table(tmp_path, "sentence\tlabel\n\"good \t1\nit 's bad \t0\n")
    assert list(sst2_rows(files)) == [
        {"sentence": '"good ', "label": 1},
        {"sentence": "it 's bad ", "label": 0},
    ]


def test_labels_that_are_not_published_stand_as_minus_one(tmp_path):
    files = table(tmp_path, "index\tsentence\n0\tgood\n")
    assert list(sst2_rows(files)) == [{"sentence": "good", "label": -1}]


def test_acceptability_has_no_header(tmp_path):
    files = table(tmp_path, "gj04\t1\t\tHe ran.\ncj99\t0\t*\tHim ran.\n")
    assert list(cola_rows(files)) == [
        {"sentence": "He ran.", "label": 1},
        {"sentence": "Him ran.", "label": 0},
    ]


PAIRS = (
    "\ufeffQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\r\n1\t7\t8\tA .\tB .\r\n0\t8\t9\tC\tD\r\n"
)


def test_paraphrases_of_the_validation_part_are_left_out_of_training(tmp_path):
    files = table(tmp_path, PAIRS, "msr_paraphrase_train.txt")
    rows = list(mrpc_rows(files))
    assert rows == [
        {"sentence1": "A .", "sentence2": "B .", "label": 1},
        {"sentence1": "C", "sentence2": "D", "label": 0},
    ]
    assert list(mrpc_rows(files | table(tmp_path, "7\t8\n", "dev_ids.tsv"))) == rows[1:]


def test_likeness_is_a_number(tmp_path):
    files = table(tmp_path, "index\tsentence1\tsentence2\tscore\n0\tA\tB\t3.800\n")
    assert list(stsb_rows(files)) == [{"sentence1": "A", "sentence2": "B", "label": 3.8}]


@pytest.mark.parametrize("columns", [("sentence1", "sentence2"), ("question", "sentence")])
def test_entailment_is_nought_and_the_texts_keep_their_columns(tmp_path, columns):
    one, two = columns
    text = f"index\t{one}\t{two}\tlabel\n0\tA\tB\tentailment\n1\tC\tD\tnot_entailment\n"
    assert list(entailment_rows(table(tmp_path, text))) == [
        {one: "A", two: "B", "label": 0},
        {one: "C", two: "D", "label": 1},
    ]


@pytest.mark.parametrize(
    ("prepare", "text", "complaint"),
    [
        (sst2_rows, "sentence\tlabel\ngood\t2\n", "line 2 has the label '2', not one of 0, 1"),
        (sst2_rows, "sentence\tlabel\ngood\n", "line 2 has 1 fields between tabs, not 2"),
        (sst2_rows, "text\tlabel\ngood\t1\n", "line 2 has no field 'sentence'"),
        (cola_rows, "gj04\t1\tHe ran.\n", "line 1 has 3 fields between tabs, not 4"),
        (cola_rows, "gj04\tyes\t\tHe ran.\n", "line 1 has the label 'yes'"),
        (mrpc_rows, PAIRS.replace("Quality", "index"), "line 2 has no field 'Quality'"),
        (stsb_rows, "sentence1\tsentence2\tscore\nA\tB\tnan\n", "line 2 has the score 'nan'"),
        (stsb_rows, "sentence1\tsentence2\tscore\nA\tB\thigh\n", "line 2 has the score 'high'"),
        (entailment_rows, "sentence1\tsentence2\nA\tB\n", "line 2 has no field 'label'"),
        (entailment_rows, "a\tb\tlabel\nA\tB\tcontradiction\n", "has the label 'contradiction'"),
        (sst2_rows, b"sentence\tlabel\ncaf\xe9\t1\n", "line 2 is not UTF-8"),
        (sst2_rows, "", "empty"),
    ],
)
def test_a_table_that_is_not_the_task_is_named_with_its_line(tmp_path, prepare, text, complaint):
    with pytest.raises(ReplicationError, match=rf"dev\.tsv: .*{complaint}"):
        list(prepare(table(tmp_path, text)))
