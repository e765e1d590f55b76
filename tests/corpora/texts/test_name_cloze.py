"""Names that are left out of sentences."""

from __future__ import annotations

import pytest
from tiny_text import IDENTITY

from replications.corpora.texts import name_cloze as module
from replications.corpora.texts.name_cloze import corpus_name_cloze, name_questions, names_of
from replications.errors import ReplicationError

KNOBS = {"characters": 120, "max_length": 80, "fewest": 3, "most": 10}
BOOK = (
    "In the morning young Ann saw old Tom. Later Mr. Fox met with Ann and with Tom again. "
    "After that the two met Ben in town. Then all looked at Ann for a while. "
    "Rose is a name here, and a rose is not."
)


def test_names_are_written_with_a_capital_within_sentences_and_nowhere_without():
    assert names_of(BOOK) == {"Ann", "Tom", "Fox", "Ben"}
    assert names_of("I met Rose. The rose was red.") == frozenset()
    assert names_of("The end. Some begin so. Others: So do these.") == frozenset()


def test_a_question_is_a_name_of_the_passage_left_out_within_a_sentence():
    (question,) = name_questions(BOOK, **KNOBS)
    assert question.answer == "Ann"
    assert question.before.endswith("Then all looked at")
    assert question.after == " for a while."
    # A title ends no sentence and is no name; Tom is the one that stands in the passage twice.
    assert set(question.candidates) == {"Tom", "Fox", "Ann", "Ben"}
    assert question.before.startswith("Later Mr. Fox")
    assert f"{question.before} {question.answer}{question.after}" in BOOK


def test_the_most_frequent_name_is_the_first_candidate():
    book = BOOK.replace("met Ben", "met Ben and Tom and Tom")
    (question,) = name_questions(book, **KNOBS | {"characters": 160, "fewest": 4})
    assert question.candidates[0] == "Tom"


@pytest.mark.parametrize("changed", [{"fewest": 5}, {"max_length": 20}, {"characters": 400}])
def test_sentences_that_do_not_suit_are_left_out(changed):
    assert list(name_questions(BOOK, **KNOBS | changed)) == []


def test_most_limits_the_candidates():
    (question,) = name_questions(BOOK, **KNOBS | {"most": 3})
    assert len(question.candidates) == 3


def test_questions_are_spread_over_the_books(monkeypatch):
    books = {"text": [BOOK, BOOK.replace("Ann", "Eve"), BOOK.replace("Ann", "Zoe\ufeff")]}
    monkeypatch.setattr(module, "load_corpus", lambda name, split: (books, IDENTITY))
    knobs = {**KNOBS, "removed": "\ufeff"}
    found = corpus_name_cloze(0, corpus="tiny", questions=3, **knobs)
    assert [question.answer for question in found.questions] == ["Ann", "Eve", "Zoe"]
    assert found.identities == (IDENTITY,)
    (first,) = corpus_name_cloze(4, corpus="tiny", questions=1, **knobs).questions
    assert first == found.questions[0]
    with pytest.raises(ReplicationError, match="give 1 to 3"):
        corpus_name_cloze(0, corpus="tiny", questions=4, **knobs)
