"""Preferences, principles, scored answers and answering sentences out of tiny raw files."""

from __future__ import annotations

import gzip
import json

import pytest

from replications.corpora.raw.answering_sentences import (
    answered_question_rows,
    retrieved_sentence_rows,
)
from replications.corpora.raw.constitutions import (
    preference_principle_rows,
    revision_principle_rows,
    scored_answer_rows,
)
from replications.corpora.raw.json_lines import judged_pair_rows, preference_pair_rows
from replications.errors import ReplicationError

RETRIEVAL = {
    "questions": [" Who?", "Where? "],
    "candidates": ["She.", "There.", "Nobody."],
    "ground_truths": [[0], [1, 2]],
}


def written(folder, content, name="some.json"):
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return {f"samples/{name}": file}


def test_a_preference_keeps_both_dialogues_out_of_a_packed_file(tmp_path):
    file = tmp_path / "test.jsonl.gz"
    file.write_bytes(gzip.compress(b'{"chosen": "\\n\\nHuman: a", "rejected": "b"}\n'))
    assert list(preference_pair_rows({"test.jsonl.gz": file})) == [
        {"chosen": "\n\nHuman: a", "rejected": "b"}
    ]


def test_of_a_judged_pair_other_columns_are_left_out(tmp_path):
    line = {"prompt": "p", "text_correct": "good", "text_incorrect": "bad"}
    assert list(judged_pair_rows(written(tmp_path, line))) == [
        {"text_correct": "good", "text_incorrect": "bad"}
    ]


def test_principles_keep_their_names_and_their_order(tmp_path):
    published = {
        "second": {"prompt": ["Criticise."], "edit_request": "Rewrite."},
        "first": {"prompt": ["Find harm."], "edit_request": "Remove it."},
    }
    rows = list(revision_principle_rows(written(tmp_path, published)))
    assert [row["id"] for row in rows] == ["second", "first"]
    assert rows[1] == {
        "id": "first",
        "critique_request": "Find harm.",
        "revision_request": "Remove it.",
    }
    texts = preference_principle_rows(written(tmp_path, ["Choose.", "Compare."]))
    assert [row["text"] for row in texts] == ["Choose.", "Compare."]


def test_each_answer_of_a_model_is_a_row_with_its_score(tmp_path):
    answers = [
        {"sampled_string": text, "pm_scores": [{"pm_score": n}]} for n, text in enumerate("ab")
    ]
    line = {"rl_prompt": "q", "comparison_dataset": "PALMS", "sampled_answers": answers}
    rows = list(scored_answer_rows(written(tmp_path, line, "PALMS_RL.jsonl")))
    assert [(row["response"], row["pm_score"]) for row in rows] == [("a", 0.0), ("b", 1.0)]
    assert {row["source_file"] for row in rows} == {"PALMS_RL"}


@pytest.mark.parametrize("content", ["{", {"a": {"prompt": []}}, {"a": "text"}, [1]])
def test_principles_of_another_form_are_refused_by_name(tmp_path, content):
    with pytest.raises(ReplicationError, match=r"some.json is not of the published form"):
        list(revision_principle_rows(written(tmp_path, content)))


def test_an_answer_without_a_score_is_named_with_its_line(tmp_path):
    line = {"rl_prompt": "q", "comparison_dataset": "d", "sampled_answers": [{}]}
    with pytest.raises(ReplicationError, match=r"some.jsonl: line 1 is not of the published form"):
        list(scored_answer_rows(written(tmp_path, line, "some.jsonl")))


def test_a_question_is_paired_with_the_first_sentence_that_answers_it(tmp_path):
    files = written(tmp_path, RETRIEVAL)
    assert list(retrieved_sentence_rows(files, "validation")) == [
        {"question": "Who?", "sentence": "She.", "candidate": 0},
        {"question": "Where?", "sentence": "There.", "candidate": 1},
    ]
    assert list(retrieved_sentence_rows(files, "candidates"))[2] == {
        "candidate": 2,
        "sentence": "Nobody.",
    }
    pairs = written(tmp_path, {"questions": ["Who? "], "answers": ["She."]})
    assert list(answered_question_rows(pairs)) == [{"question": "Who?", "sentence": "She."}]


def test_lists_of_unequal_length_and_numbers_without_a_candidate_are_named(tmp_path):
    with pytest.raises(ReplicationError, match="questions and answers are not lists of one length"):
        list(answered_question_rows(written(tmp_path, {"questions": ["a"], "answers": []})))
    broken = {**RETRIEVAL, "ground_truths": [[0], [7]]}
    with pytest.raises(ReplicationError, match=r"'Where\? ' has no candidate of the number \[7\]"):
        list(retrieved_sentence_rows(written(tmp_path, broken), "validation"))
