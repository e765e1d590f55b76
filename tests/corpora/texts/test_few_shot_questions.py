"""Questions with examples: those of GPT-3's sets, those of the world's episodes, and practice."""

from __future__ import annotations

import re

import pytest

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts import few_shot_questions, practice_documents
from replications.corpora.texts.documents import Documents
from replications.corpora.texts.episode_texts import episode_documents, episode_questions
from replications.corpora.texts.few_shot_questions import Question, corpus_questions
from replications.corpora.texts.practice_documents import (
    SUMS,
    WORDS,
    common_words,
    pairs_in_sets,
    sum_line,
    word_line,
)
from replications.errors import ReplicationError

FAMILIES = ("dictionary", "copy", "compose")


def identity(name: str) -> CorpusIdentity:
    return CorpusIdentity(name, "test", "real", name, 1, "", True)


class Rows(dict):
    """Columns by name."""


SUM_LINES = [sum_line(a, "plus", b) for a in range(30, 42) for b in range(5)]
WORD_LINES = [("\nelppa =", " apple"), ("\ntaefed =", " defeat")]


@pytest.fixture(autouse=True)
def corpora(monkeypatch):
    """A few sums and two words in place of the sets, and sentences in place of the articles."""

    def load(name: str, split: str):
        if name == few_shot_questions.SETS:
            lines = SUM_LINES + WORD_LINES
            tasks = ["sums"] * len(SUM_LINES) + ["words"] * len(WORD_LINES)
            contexts, completions = zip(*lines, strict=True)
            return Rows(task=tasks, context=contexts, completion=completions), identity(name)
        inner = "abcdefghijklmnopqrstuvwxyz"
        words = [f"so{a}{b}ing" for a in inner for b in inner if a != b]
        return Rows(text=[" ".join(words * 3) + " defeat defeat defeat"]), identity(name)

    monkeypatch.setattr(few_shot_questions, "load_corpus", load)
    monkeypatch.setattr(practice_documents, "load_corpus", load)


def test_a_prompt_shows_the_last_examples_then_the_question():
    question = Question(("one\n", "two\n"), "three ->", " 3\n")
    assert [question.prompt(k) for k in (0, 1, 2)] == [
        "three ->",
        "two\nthree ->",
        "one\ntwo\nthree ->",
    ]
    with pytest.raises(ReplicationError, match="give 0 to 2"):
        question.prompt(3)


def test_examples_are_other_questions_of_the_same_set_each_once_with_their_own_answers():
    found = corpus_questions(0, tasks=("sums",), items=20, shots=8)
    known = {context + answer for context, answer in SUM_LINES}
    assert len({question.context for question in found.tasks["sums"]}) == 20
    for question in found.tasks["sums"]:
        assert len(set(question.examples)) == 8
        assert set(question.examples) <= known - {question.context + question.answer.rstrip("\n")}
        assert question.answer.endswith("\n")


def test_the_questions_are_the_same_for_every_seed_and_when_shuffled():
    one, other = (corpus_questions(seed, tasks=("sums",), items=20) for seed in (0, 5))
    assert one.tasks == other.tasks
    control = corpus_questions(0, tasks=("sums",), items=20, demonstrations="shuffled")
    for true, shuffled in zip(one.tasks["sums"], control.tasks["sums"], strict=True):
        assert true[1:] == shuffled[1:]
        asked, answers = (
            [[text.partition("A:")[part] for text in each.examples] for each in (true, shuffled)]
            for part in (0, 2)
        )
        assert asked[0] == asked[1]
        assert sorted(answers[0]) == sorted(answers[1])
        assert answers[0] != answers[1]


@pytest.mark.parametrize(
    ("knobs", "message"),
    [
        ({"tasks": ("primes",)}, "tasks is 'primes'"),
        ({"tasks": ("words",), "items": 2, "shots": 8}, "has 2 questions"),
        ({"tasks": ("sums",), "demonstrations": "false"}, "demonstrations is 'false'"),
    ],
)
def test_what_the_sets_have_not_is_refused(knobs, message):
    with pytest.raises(ReplicationError, match=message):
        corpus_questions(0, **knobs)


def test_an_episode_is_a_document_of_whole_lines_and_held_out_families_are_in_none_of_training():
    documents = episode_documents(
        0, episodes=300, validation_episodes=30, families=FAMILIES, held_out=("compose",)
    )
    for text in documents.train:
        lines = text.removesuffix("\n").split("\n")
        assert 1 <= len(lines) <= 9
        assert all(len(line.split(" -> ")) == 2 for line in lines)
        assert not any(re.search(r"\d", line) for line in lines)  # as compose's lines have
    assert documents.key != episode_documents(1, episodes=300, families=FAMILIES).key


def test_episode_questions_repeat_the_form_of_the_documents_and_know_the_best_accuracy():
    found = episode_questions(0, items=30, families=FAMILIES, held_out=("compose",))
    assert found.held_out == ("compose",)
    assert {name: len(asked) for name, asked in found.tasks.items()} == dict.fromkeys(FAMILIES, 30)
    for question in found.tasks["copy"]:
        for line in (*question.examples, question.context + question.answer):
            given, _, output = line.partition(" -> ")
            assert output == f"{given}\n"
    assert found.best("dictionary", 0) == pytest.approx(1 / 16)
    assert found.best("dictionary", 8) > 0.9
    # Nobody knows more than what the lines shown tell: a key not shown has no known letter.
    told = [
        any(line.startswith(f"{q.context} ") for line in q.examples)
        for q in found.tasks["dictionary"]
    ]
    assert 0.7 < sum(told) / 30 <= 1


def test_no_document_has_a_question_of_the_episodes_that_test_families_with_held_out_inputs():
    documents = episode_documents(0, episodes=2000, families=("copy",))
    asked = episode_questions(0, items=50, families=("copy",)).tasks["copy"]
    lines = {line for text in documents.train for line in text.splitlines()}
    assert not lines & {(each.context + each.answer).strip() for each in asked}


def practice(**knobs: object) -> Documents:
    return practice_documents.practice_documents(
        0, documents=400, validation_documents=60, stride=1, **knobs
    )


def test_practice_has_no_pair_and_no_word_of_the_sets():
    documents = practice()
    asked = pairs_in_sets(context for context, _ in SUM_LINES)
    assert ("plus", 33, 4) in asked
    assert ("plus", 4, 41) in asked
    assert ("minus", 33, 4) not in asked
    for part in (documents.train, documents.validation, documents.test):
        assert not pairs_in_order(part) & asked
        assert not any("defeat" in text for text in part)
    assert len(pairs_in_order(documents.train)) > 100


def pairs_in_order(texts: list[str]) -> set[tuple[str, int, int]]:
    """The pairs as they are asked, sums in the order that they have."""
    found = re.findall(r"What is (\d+) (plus|minus) (\d+)\?", "".join(texts))
    return {(operation, int(a), int(b)) for a, operation, b in found}


def test_practice_keeps_pairs_and_words_of_validation_out_of_training():
    documents = practice()
    pairs = [pairs_in_order(part) for part in (documents.train, documents.validation)]
    answers = [set(re.findall(r"= (\w+)", "".join(p))) for p in (documents.train, documents.test)]
    assert pairs[1]
    assert not pairs[0] & pairs[1]
    # A word is kept by its place among those of its task, so that one task tells of itself alone.
    one = practice(tasks=("reversal",))
    answers = [set(re.findall(r"= (\w+)", "".join(p))) for p in (one.train, one.test)]
    assert answers[1]
    assert not answers[0] & answers[1]


def test_practice_sums_are_right_and_scrambled_words_have_the_words_letters():
    for text in practice(tasks=SUMS).train:
        for a, operation, b, result in re.findall(r"is (\d+) (\w+) (\d+)\?\n\nA: (-?\d+)", text):
            sign = 1 if operation == "plus" else -1
            assert int(a) + sign * int(b) == int(result)
    for text in practice(tasks=WORDS).train:
        assert text.endswith("\n")
        for line in text.strip().split("\n"):
            scrambled, _, word = line.partition(" = ")
            assert sorted(re.sub(r"[^a-z]", "", scrambled)) == sorted(word)
            assert scrambled != word


def test_lines_are_those_of_the_published_sets():
    assert sum_line(98, "plus", 45) == ("\n\nQ: What is 98 plus 45?\n\nA:", " 143")
    assert sum_line(33, "minus", 88) == ("\n\nQ: What is 33 minus 88?\n\nA:", " -55")
    assert word_line("asinoc", "casino") == ("\nasinoc =", " casino")


def test_common_words_are_whole_small_and_frequent_enough():
    texts = ["House houses house well-known house's", "house Paris paris 12house"]
    assert common_words(texts, least=2) == ["house"]
    assert common_words(texts, least=1) == ["house", "houses", "paris"]


def test_unknown_practice_is_refused_and_so_is_a_text_without_words():
    with pytest.raises(ReplicationError, match="no practice 'division'"):
        practice(tasks=("division",))
    with pytest.raises(ReplicationError, match="nothing is left"):
        practice(tasks=("cycle",), least=99)
