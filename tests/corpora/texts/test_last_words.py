"""Passages without their last word."""

from __future__ import annotations

import pytest

from replications.corpora.texts.last_words import LastWord, without_last_word, world_last_words
from replications.corpora.world.stories_last_word import make_last_words
from replications.errors import ReplicationError


@pytest.mark.parametrize(
    ("text", "last_sentence"),
    [
        ("He left. She stayed at home", "She stayed at"),
        ('"Why?" she asked. "Come here, Ann', '"Come here,'),
        ('He said "no." They went out', "They went"),
        ("A line\nanother line of text", "another line of"),
        ("We saw Mr. Smith and Mrs. Jones at noon", "We saw Mr. Smith and Mrs. Jones at"),
        ("No end of a sentence here", "No end of a sentence"),
        ("Who knows… He does not", "He does"),
    ],
)
def test_the_last_sentence_begins_after_the_last_end(text, last_sentence):
    found = without_last_word(text)
    assert found.last_sentence == last_sentence
    assert f"{found.context} {found.word}" == text
    assert found.context.endswith(last_sentence)


def test_blanks_at_the_end_are_no_word():
    assert without_last_word("one two \n") == LastWord("one", "two", "one")


def test_a_single_word_cannot_be_guessed():
    with pytest.raises(ReplicationError, match="'alone' has a single word"):
        without_last_word("alone")


def test_the_worlds_passages_are_its_test_part_whatever_the_seed():
    one, other = (world_last_words(seed, passages=5) for seed in (0, 3))
    assert one == other
    world = make_last_words(9, 2, test_passages=5)
    assert [p.context for p in one.passages] == [p.context for p in world.test]
    assert all(p.context.endswith(p.last_sentence) for p in one.passages)
    assert one.identities == world.identities[-1:]
