"""Byte-level pairs: any text makes the round trip, with the numbers of the field's library."""

from __future__ import annotations

import json
import pickle
import random
import unicodedata

import numpy as np
import pytest
import tokenizers
from hypothesis import given, settings
from hypothesis import strategies as st
from learned_bytes import LEARNED, SYLLABLES, TEXTS, THEIRS, theirs_without_model

from replications.errors import ReplicationError
from replications.tokens.byte_level import (
    ALPHABET,
    END_OF_TEXT,
    ByteLevelBPE,
    split_by_category,
)
from replications.tokens.pair_merges import find_merges, learn_merges, merge_all, merge_steps
from replications.tokens.readable_text import readable, stretches

# A character that this Python's Unicode has not yet is a symbol here and may be a letter there.
ASSIGNED = st.characters(exclude_categories=["Cs", "Cn"])
# Whatever it draws, some of it is made of what was learned.
MIXED = st.lists(st.sampled_from([*SYLLABLES, " ", "  ", "\n", "\t"]) | st.text(ASSIGNED)).map(
    "".join
)


def train_theirs(texts: list[str], symbols: int, min_count: int) -> tokenizers.Tokenizer:
    theirs = theirs_without_model(tokenizers.models.BPE())
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=symbols,
        min_frequency=min_count,
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    theirs.train_from_iterator(texts, trainer)
    return theirs


def merges_of(theirs: tokenizers.Tokenizer) -> list[tuple[str, str]]:
    return [tuple(pair) for pair in json.loads(theirs.to_str())["model"]["merges"]]


def test_without_merges_a_byte_has_gpt_2s_number():
    spelled = ByteLevelBPE.learn(["any"], merges=0)
    assert spelled.encode("!A a\n") == [0, 32, 220, 64, 198]
    assert spelled.encode("é\0\u00ad") == [127, 102, 188, 126, 255]
    assert spelled.segment("a é\n") == [["a"], ["Ġ", "Ã", "©"], ["Ċ"]]
    assert spelled.symbols == (*ALPHABET, END_OF_TEXT)
    assert len(set(ALPHABET)) == 256
    assert spelled.end_of_text == 256


def test_the_symbols_are_the_bytes_then_the_merges_results_then_the_end_of_text():
    learned = ByteLevelBPE.learn(["low low lower"], merges=3)
    assert learned.merges == (("l", "o"), ("lo", "w"), ("Ġ", "low"))
    assert learned.symbols[256:] == ("lo", "low", "Ġlow", END_OF_TEXT)
    assert learned.encode("lower low") == [257, 68, 81, 258]
    assert len(learned) == 260


@pytest.mark.parametrize(("merges", "min_count"), [(200, 2), (5_000, 2), (5_000, 7)])
def test_the_merges_and_their_numbers_are_those_of_hugging_faces_tokenizers(merges, min_count):
    ours = ByteLevelBPE.learn(TEXTS, merges=merges, min_count=min_count)
    theirs = train_theirs(TEXTS, 256 + merges, min_count)
    assert list(ours.merges) == merges_of(theirs)
    assert ours.index == {**theirs.get_vocab(), END_OF_TEXT: len(ours) - 1}
    # The larger numbers ask for more merges than there are.
    assert (len(ours.merges) < merges) == (merges == 5_000)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text("ab 'sé1", max_size=30), min_size=1, max_size=6).filter(any))
def test_few_and_much_tied_pairs_are_learned_in_the_same_order(texts):
    ours = ByteLevelBPE.learn(texts, merges=30, min_count=1)
    theirs = merges_of(train_theirs(texts, len(ours) - 1, 1))
    # Theirs count symbols: they stop before a merge whose result is there already.
    assert theirs == list(ours.merges[: len(theirs)])
    assert {*map("".join, theirs)} == {*map("".join, ours.merges)}


@settings(max_examples=150, deadline=None)
@given(MIXED)
def test_any_text_has_the_numbers_of_hugging_faces_tokenizers(text):
    ids = LEARNED.encode(text)
    assert ids == THEIRS.encode(text).ids
    assert [symbol for word in LEARNED.segment(text) for symbol in word] == [
        LEARNED.symbols[number] for number in ids
    ]


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_makes_the_round_trip(text):
    assert LEARNED.decode(LEARNED.encode(text)) == text


def test_control_characters_make_the_round_trip():
    text = "".join(map(chr, range(256))) + "\ufeff\ufffd\u2028"
    assert LEARNED.decode(LEARNED.encode(text)) == text


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, len(LEARNED) - 1)))
def test_any_numbers_can_be_decoded_as_hugging_faces_tokenizers_do(ids):
    assert LEARNED.decode(ids) == THEIRS.decode(ids, skip_special_tokens=False)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello world", "Hello| world"),
        ("it's they'll IT'S", "it|'s| they|'ll| IT|'|S"),
        ("a  b   \n", "a| | b|   \n"),
        ("x\n\ny", "x|\n|\n|y"),
        ("3.50 €!? x2²", "3|.|50| €!?| x|2²"),
        ("東京 é e\u0301", "東京| é| e|\u0301"),
        ("<|endoftext|>", "<||endoftext||>"),
        ("", ""),
    ],
)
def test_words_are_runs_of_one_category_with_the_space_before_them(text, words):
    found = split_by_category(text)
    assert "|".join(found) == words
    assert "".join(found) == text


def test_each_character_has_the_category_that_hugging_faces_tokenizers_see():
    split = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False).pre_tokenize_str
    assigned = [c for c in map(chr, range(0x30000)) if unicodedata.category(c) not in ("Cn", "Cs")]
    for start in range(0, len(assigned), 2_000):
        text = "".join(f"a{c}1{c}!{c} {c}b" for c in assigned[start : start + 2_000])
        places = [index for _, index in split(text)]
        assert split_by_category(text) == [text[first:last] for first, last in places]


@given(st.text("ab1.' \n\t"), st.integers(1, 9))
def test_a_text_may_be_split_in_stretches(text, shortest):
    parts = list(stretches(text, shortest))
    assert "".join(parts) == text
    assert all(len(part) >= shortest for part in parts[:-1])
    assert [word for part in parts for word in split_by_category(part)] == split_by_category(text)


def test_an_array_holds_the_same_numbers_in_two_bytes_or_four():
    text = " ".join(TEXTS)
    numbers = LEARNED.encode_array(text)
    assert numbers.dtype == np.uint16
    assert numbers.tolist() == LEARNED.encode(text)
    assert LEARNED.decode(numbers) == text
    assert LEARNED.encode_array("").tolist() == []
    large = ByteLevelBPE((), (*ALPHABET, *map(str, range(10, 1 << 16)), END_OF_TEXT))
    assert large.encode_array("a").dtype == np.uint32


def test_the_end_of_text_is_the_last_symbol_and_is_read_back():
    end = LEARNED.end_of_text
    assert end == len(LEARNED) - 1
    assert LEARNED.decode([*LEARNED.encode("la mi"), end, end]) == f"la mi{END_OF_TEXT * 2}"


def test_the_end_of_text_written_in_a_text_is_text():
    ids = LEARNED.encode(f"la{END_OF_TEXT}")
    assert LEARNED.end_of_text not in ids
    assert LEARNED.decode(ids) == f"la{END_OF_TEXT}"


def test_an_unfinished_character_is_shown():
    assert LEARNED.decode(ByteLevelBPE.learn(["a"], merges=0).encode("é")[:1]) == "\ufffd"


@pytest.mark.parametrize("strange", [-1, len(LEARNED)])
def test_an_id_without_a_symbol_is_refused_with_its_position(strange):
    with pytest.raises(ReplicationError, match=f"^{strange}, id 3 of"):
        LEARNED.decode([0, 1, strange])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.text("ab", min_size=1), st.text("ab", min_size=1)), unique=True),
    st.text("abc", max_size=60),
)
def test_merging_with_a_heap_is_merging_step_by_step(pairs, word):
    ranks = {pair: rank for rank, pair in enumerate(pairs)}
    *_, expected = merge_steps(word, ranks)
    assert merge_all(word, ranks) == expected


def test_a_long_word_is_merged_as_step_by_step():
    draw = random.Random(2)
    word = "".join(draw.choices(["lala", "schung", "keiter", "mo"], k=400))
    *_, expected = merge_steps(word, LEARNED.ranks)
    assert merge_all(word, LEARNED.ranks) == expected
    assert LEARNED.segment(word) == [expected]
    assert len(expected) < len(word) / 2


def test_a_text_of_one_very_long_word_makes_the_round_trip():
    word = "lalomischung" * 10_000
    ids = LEARNED.encode(word)
    assert LEARNED.decode(ids) == word
    # The beginning does not know how long the word is.
    assert ids[:400] == LEARNED.encode("lalomischung" * 500)[:400]


def test_merges_are_found_as_they_are_asked_for():
    words = {tuple(word): 2 for word in "lower lowest newest widest".split()}
    assert list(find_merges(words)) == learn_merges(words, 1_000)
    with pytest.raises(ReplicationError, match="min_count is 0"):
        find_merges(words, 0)


@pytest.mark.parametrize("texts", [[], ["", ""]])
def test_nothing_can_be_learned_from_an_empty_text(texts):
    with pytest.raises(ReplicationError, match="training text is empty"):
        ByteLevelBPE.learn(texts, merges=3)


def test_one_text_in_place_of_several_is_refused():
    with pytest.raises(ReplicationError, match="Put it in a list"):
        ByteLevelBPE.learn("a text", merges=3)


def test_bytes_are_refused_with_the_way_to_make_them_text():
    with pytest.raises(ReplicationError, match=r"The text is bytes, not str.*\.decode\('utf-8'\)"):
        readable(b"\x00\xff")
    with pytest.raises(ReplicationError, match="Text 2 is bytes"):
        ByteLevelBPE.learn(iter(["a", b"b"]), merges=3)


def test_a_lone_surrogate_is_refused_with_its_place():
    with pytest.raises(ReplicationError, match=r"surrogate U\+D83D, as character 4\."):
        LEARNED.encode("la \ud83d!")
    with pytest.raises(ReplicationError, match=r"^Text 2 has .*U\+DC00, as character 1\."):
        ByteLevelBPE.learn(["la", "\udc00"], merges=3)
    with pytest.raises(ReplicationError, match=r"^Text 1 has"):
        ByteLevelBPE.learn(["\udfff"], merges=3)


def test_the_order_of_the_texts_does_not_matter_and_pickles_are_equal():
    fresh = ByteLevelBPE.learn(reversed(TEXTS), merges=200)
    LEARNED.encode("la lo")
    assert fresh == LEARNED
    assert hash(fresh) == hash(LEARNED)
    assert pickle.dumps(fresh) == pickle.dumps(pickle.loads(pickle.dumps(LEARNED)))
    assert pickle.loads(pickle.dumps(LEARNED)).encode("la") == LEARNED.encode("la")
