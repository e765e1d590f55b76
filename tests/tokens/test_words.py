from __future__ import annotations

import pytest

from replications.errors import ReplicationError
from replications.tokens.words import Vocabulary, tokenise


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It's 3 o'clock.", "it s 3 o clock"),
        ("snake_case, and-hyphens", "snake case and hyphens"),
        ("Ærøskøbing Ωμέγα 東京", "ærøskøbing ωμέγα 東京"),
        ("x²+½  \n\t...", "x² ½"),
        ("", ""),
    ],
)
def test_words_are_lower_cased_runs_of_letters_and_digits_of_any_script(text, words):
    assert tokenise(text) == words.split()


def test_the_most_frequent_word_is_number_nought_and_ties_follow_the_alphabet():
    vocabulary = Vocabulary.from_sentences([["b", "c", "a"], ["c", "d", "c"], ["d"]])
    assert vocabulary.words == ("c", "d", "a", "b")
    assert vocabulary.occurrences == (3, 2, 1, 1)
    assert vocabulary.counts.tolist() == [3, 2, 1, 1]


def test_the_order_of_the_text_does_not_change_the_ids():
    sentences = [["b", "c", "a"], ["c", "d", "c"], ["d"]]
    assert Vocabulary.from_sentences(sentences) == Vocabulary.from_sentences(sentences[::-1])


def test_rare_words_are_left_out_and_a_full_vocabulary_keeps_the_most_frequent():
    counts = {"a": 1, "b": 4, "c": 2, "d": 3}
    assert Vocabulary.from_counts(counts, min_count=2).words == ("b", "d", "c")
    assert Vocabulary.from_counts(counts, min_count=2, max_size=2).words == ("b", "d")


def test_encoding_drops_strange_words_and_decoding_gives_the_others_back():
    vocabulary = Vocabulary.from_counts({"the": 9, "king": 5, "rules": 2})
    ids = vocabulary.encode("the wise king rules the realm".split())
    assert ids.tolist() == [0, 1, 2, 0]
    assert vocabulary.decode(ids) == ["the", "king", "rules", "the"]
    assert vocabulary.encode([]).tolist() == []
    assert vocabulary.encode(["wise"]).tolist() == []


def test_each_word_has_one_id_and_membership_agrees_with_it():
    vocabulary = Vocabulary.from_counts({"the": 9, "king": 5, "rules": 2})
    assert [vocabulary.id(word) for word in vocabulary.words] == [0, 1, 2]
    assert len(vocabulary) == 3
    assert "king" in vocabulary
    assert "King" not in vocabulary


def test_a_word_outside_the_vocabulary_is_named_in_the_error():
    vocabulary = Vocabulary.from_counts({"the": 9, "king": 5})
    with pytest.raises(ReplicationError, match="'emperor' is not among the 2 words"):
        vocabulary.id("emperor")


@pytest.mark.parametrize(
    ("counts", "min_count"), [({}, 1), ({"alone": 9}, 1), ({"a": 4, "b": 4, "c": 5}, 5)]
)
def test_nothing_can_be_learned_from_fewer_than_two_words(counts, min_count):
    with pytest.raises(ReplicationError, match="smaller min_count"):
        Vocabulary.from_counts(counts, min_count=min_count)


def test_a_limit_of_one_word_is_refused_too():
    with pytest.raises(ReplicationError, match="has 1 words"):
        Vocabulary.from_counts({"a": 4, "b": 3}, max_size=1)


def test_a_text_in_place_of_words_is_refused_and_not_counted_letter_by_letter():
    with pytest.raises(ReplicationError, match="give tokenise"):
        Vocabulary.from_sentences(["a text"])


def test_an_id_without_a_word_is_refused_in_decoding():
    vocabulary = Vocabulary.from_counts({"a": 2, "b": 1})
    with pytest.raises(ReplicationError, match="^-1, id 1 of those to decode"):
        vocabulary.decode([-1])
