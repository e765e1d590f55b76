"""Words with joiners where they were joined to their neighbours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replications.errors import ReplicationError
from replications.tokens.marked_words import JOINER, join_words, split_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a man's hat.", "a man ￭'￭ s hat ￭."),
        ("Three-year", "Three ￭-￭ year"),
        ('He said: "Wait...", (twice)!', 'He said ￭: "￭ Wait ￭. ￭. ￭. ￭" ￭, (￭ twice ￭) ￭!'),
        ("Zwei Männer – 3,50 €", "Zwei Männer – 3 ￭,￭ 50 €"),
        ("snake_case", "snake ￭_￭ case"),
        ("  two\u00a0blanks\n", "two blanks"),
        ("", ""),
    ],
)
def test_a_mark_carries_the_joiner_where_it_touches_its_neighbour(text, words):
    assert split_words(text) == words.split()


@given(st.text(st.characters(exclude_characters=JOINER)))
def test_joining_is_the_inverse_of_splitting_up_to_white_space(text):
    assert join_words(split_words(text)) == " ".join(text.split())


@given(st.text("ab.'-_ ").map(str.strip))
def test_a_word_is_a_run_of_letters_or_one_mark(text):
    for word in split_words(text):
        assert word.isalnum() or len(word.strip(JOINER)) == 1


def test_words_that_no_text_is_split_into_are_joined_wherever_a_joiner_stands():
    assert join_words(["a￭", "￭b", "￭", "c", "d￭e"]) == "abc de"
    assert join_words([]) == ""


def test_a_text_that_contains_the_joiner_is_refused_with_its_place():
    with pytest.raises(ReplicationError, match=r"U\+FFED\) at character 4"):
        split_words("ab ￭")
