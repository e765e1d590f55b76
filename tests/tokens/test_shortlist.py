"""Whole words as tokens, with one symbol for all that are rare."""

from __future__ import annotations

import pickle

import pytest

from replications.errors import ReplicationError
from replications.tokens.shortlist import Shortlist
from replications.tokens.special import BEGIN, END, PAD, SPECIAL, UNKNOWN, Tokenizer

TEXTS = ["A man's hat.", "A man, a dog.", "the end."]


def test_the_most_frequent_words_are_kept_and_ties_follow_the_alphabet():
    assert Shortlist.learn(TEXTS, size=4).symbols == (*SPECIAL, "￭.", "A", "man", "a")
    assert Shortlist.learn(reversed(TEXTS), size=4) == Shortlist.learn(TEXTS, size=4)


def test_more_places_than_words_keep_them_all_and_known_text_makes_the_round_trip():
    learned = Shortlist.learn(TEXTS, size=100)
    assert len(learned) == len(SPECIAL) + 11
    for text in TEXTS:
        assert learned.decode([BEGIN, *learned.encode(text), END, PAD]) == text


def test_a_word_outside_the_list_is_an_error_with_its_name_and_place():
    learned = Shortlist.learn(TEXTS, size=100)
    with pytest.raises(ReplicationError, match="'cat', word 4 of the text, is not among the 11"):
        learned.encode("the man, cat")
    with pytest.raises(ReplicationError, match="'cat', word 2 of the text"):
        learned.encode("the cat")


def test_unknown_stands_for_each_word_outside_the_list_where_it_is_allowed():
    learned = Shortlist.learn(TEXTS, size=100)
    ids = learned.encode("A cat's hat.", unknown_allowed=True)
    assert ids.count(UNKNOWN) == 1
    assert learned.decode(ids) == "A <unk>'s hat."
    assert learned.segment("A cat.") == [["A"], ["<unk>"], ["￭."]]


@pytest.mark.parametrize(
    ("texts", "size", "message"),
    [(TEXTS, 0, "size is 0"), ([], 5, "no words"), ([" "], 5, "no words")],
)
def test_an_empty_list_and_empty_texts_are_refused(texts, size, message):
    with pytest.raises(ReplicationError, match=message):
        Shortlist.learn(texts, size=size)


def test_it_is_a_tokenizer_and_can_be_pickled():
    learned = Shortlist.learn(TEXTS, size=3)
    learned.encode("A")
    assert isinstance(learned, Tokenizer)
    assert pickle.loads(pickle.dumps(learned)) == learned


def test_one_text_in_place_of_several_is_refused_and_not_read_letter_by_letter():
    with pytest.raises(ReplicationError, match="Put it in a list"):
        Shortlist.learn("abc abc", size=2)


@pytest.mark.parametrize("strange", [-1, 10_000])
def test_an_id_without_a_symbol_is_refused(strange):
    with pytest.raises(ReplicationError, match=f"^{strange}, id 2 of those to decode"):
        Shortlist.learn(["abc abc"], size=2).decode([4, strange])
