"""Sums: right, of one length, in one part alone, and asked as they are written."""

from __future__ import annotations

import pytest

from replications.corpora.texts.arithmetic.sums import sum_documents, sum_questions
from replications.errors import ReplicationError

KNOBS = {"documents": 40, "validation_documents": 2, "test_sums": 50, "digits": 2}


def sums_of(texts):
    return [line for text in texts for line in text.splitlines()]


def test_every_line_is_a_sum_that_is_right_and_as_long_as_the_others():
    text = sum_documents(0, **KNOBS)
    lines = sums_of([*text.train, *text.validation, *text.test])
    assert len(sums_of(text.train)) == 40 * 16 and len(sums_of(text.test)) == 50
    for line in lines:
        question, answer = line.split("=")
        a, b = question.split("+")
        assert int(a) + int(b) == int(answer) and len(line) == len("12+34=046")


def test_no_sum_that_is_asked_is_in_the_training_text_of_any_seed():
    asked = {question[-6:] for question, _ in sum_questions(0, test_sums=50, digits=2).questions}
    for seed in (0, 1, 2):
        training = {line[:6] for line in sums_of(sum_documents(seed, **KNOBS).train)}
        assert len(asked) == 50 and not asked & training


def test_of_a_sum_that_is_asked_the_other_order_may_be_in_the_training_text():
    made = sum_documents(0, documents=15_000, validation_documents=150, digits=2)
    training = {line[:5] for line in sums_of(made.train)}
    asked = [line[:5] for line in sums_of(made.test)]
    assert len(asked) == 500 and not training & set(asked)
    assert sum(f"{pair[3:]}+{pair[:2]}" in training for pair in asked) == 335


def test_a_question_comes_after_other_sums_with_their_answers():
    question, answer = sum_questions(5, test_sums=50, digits=2, shown=3).questions[7]
    before = question.splitlines()
    assert len(before) == 4 and before[3].endswith("=") and len(answer) == 3
    assert sum(map(int, before[3][:-1].split("+"))) == int(answer)
    assert sum_questions(0, test_sums=50, digits=2, shown=3).questions[7] == (question, answer)


def test_numbers_without_digits_are_an_error():
    with pytest.raises(ReplicationError, match="numbers of 0 digits; give 1 or more"):
        sum_questions(0, digits=0)
