import pytest

from replications.errors import ReplicationError
from replications.tokens.languages import Languages, reversed_order
from replications.tokens.shortlist import Shortlist
from replications.tokens.special import BEGIN, END, UNKNOWN

words = Shortlist.learn(["a b c d"], size=10)
languages = Languages(words, words, max_length=3)


def test_a_source_is_closed_and_a_target_opened_and_closed():
    a, b = words.encode("a b")
    assert languages.encode_source("a b") == [a, b, END]
    assert languages.encode_target("a b") == [BEGIN, a, b, END]


def test_only_the_source_is_reversed_and_its_end_stays_last():
    turned = Languages(words, words, reversed_order)
    a, b, c = words.encode("a b c")
    assert turned.encode_source("a b c") == [c, b, a, END]
    assert turned.encode_target("a b c") == [BEGIN, a, b, c, END]


@pytest.mark.parametrize("side", ["encode_source", "encode_target"])
def test_a_sentence_that_cannot_be_read_is_refused_with_the_reason(side):
    encode = getattr(languages, side)
    with pytest.raises(ReplicationError, match="empty"):
        encode("  ")
    with pytest.raises(ReplicationError, match="4 tokens, more than the 3"):
        encode("a b c d")
    with pytest.raises(ReplicationError, match="x"):
        encode("a x")
    assert UNKNOWN in encode("a x", unknown_allowed=True)
