"""Word pieces: the splitting, the longest match and the trainer of the field's implementation."""

from __future__ import annotations

import pickle
import unicodedata

import numpy as np
import pytest
import tokenizers
from hypothesis import given, settings
from hypothesis import strategies as st
from learned_wordpiece import LEARNED, SYLLABLES, TEXTS, THEIRS, theirs_with

from replications.errors import ReplicationError
from replications.tokens.wordpiece import (
    CONTINUED,
    MASK,
    SPECIAL,
    UNKNOWN,
    WordPiece,
    _strip_accents,
    split_uncased,
)


def split_as_they_do(text: str) -> list[str]:
    text = THEIRS.normalizer.normalize_str(text)
    return [word for word, _ in THEIRS.pre_tokenizer.pre_tokenize_str(text)]


def is_settled(character: str) -> bool:
    """Whether all versions of Unicode since 3.2 agree on a character and both codes may be asked.

    Theirs drops the private use area and knows no final sigma: tests below say what we do.
    """
    category = unicodedata.category(character)
    same = unicodedata.ucd_3_2_0.category(character) == category
    return same and category not in ("Cs", "Co", "Cn") and character != "Σ"


SETTLED = [character for character in map(chr, range(0x30000)) if is_settled(character)]
MIXED = st.lists(
    st.sampled_from([*SYLLABLES, *" \n\t\0.,-'", "  "])
    | st.text(st.sampled_from(SETTLED), max_size=8)
).map("".join)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, World!", "hello , world !"),
        ("Über naïve ÉCOLE İstanbul", "uber naive ecole istanbul"),
        ("it's 3.50€ a_b $x^2", "it ' s 3 . 50€ a _ b $ x ^ 2"),
        ("東京tower", "東 京 tower"),
        ("[MASK] ##ing", "[ mask ] # # ing"),
        ("a\0b\ufffd\u200bc\x85d\x1ce", "abcde"),
        ("two\u00a0blanks\u2028line\t\r\n", "two blanks line"),
        ("ΟΔΟΣ ΣΑΣ. \ue000", "οδος σας . \ue000"),
        (" \n", ""),
        ("", ""),
    ],
)
def test_words_lose_case_and_accents_and_marks_stand_alone(text, words):
    assert split_uncased(text) == words.split()


@settings(max_examples=150, deadline=None)
@given(MIXED)
def test_any_text_has_the_words_and_numbers_of_hugging_faces_tokenizers(text):
    assert split_uncased(text) == split_as_they_do(text)
    ids = LEARNED.encode(text)
    assert ids == THEIRS.encode(text).ids
    assert [piece for word in LEARNED.segment(text) for piece in word] == [
        LEARNED.symbols[number] for number in ids
    ]


def test_each_character_is_treated_as_by_hugging_faces_tokenizers():
    for start in range(0, len(SETTLED), 2_000):
        text = " ".join(f"a{c}b {c} x{c}" for c in SETTLED[start : start + 2_000])
        assert split_uncased(text) == split_as_they_do(text)


@settings(max_examples=100, deadline=None)
@given(
    st.text(st.sampled_from("aé가ﬁ\u0300\u0315\u0323\u034f\u302e\u0fb7\U0001d15e\U0001d16d\u05b0"))
)
def test_accents_are_those_of_canonical_decomposition(text):
    decomposed = unicodedata.normalize("NFD", text)
    assert _strip_accents(text) == "".join(
        character for character in decomposed if unicodedata.category(character) != "Mn"
    )


def test_the_longest_piece_goes_first():
    pieces = WordPiece((*SPECIAL, "un", "una", "##ff", "##aff", "##able", "##a", "##b", "u"))
    assert pieces.segment("unaffable") == [["una", "##ff", "##able"]]
    # The longest piece first is not always a way to the end.
    assert pieces.segment("Unaff unaffa unafff") == [
        ["una", "##ff"],
        ["una", "##ff", "##a"],
        [UNKNOWN],
    ]
    assert pieces.encode("unaffable") == [6, 7, 9]
    assert pieces.segment("able") == [[UNKNOWN]]


@settings(max_examples=150, deadline=None)
@given(
    st.sets(st.text("abc", min_size=1, max_size=4)),
    st.sets(st.text("abc", min_size=1, max_size=4)),
    st.text("abc. "),
)
def test_any_vocabulary_cuts_words_as_hugging_faces_tokenizers_do(first, inside, text):
    ours = WordPiece((*SPECIAL, *sorted(first), *(CONTINUED + s for s in sorted(inside))))
    theirs = theirs_with(ours.symbols)
    assert ours.encode(text) == theirs.encode(text).ids


def test_a_word_of_over_a_hundred_characters_is_unknown():
    pieces = WordPiece((*SPECIAL, "a", "##a", "."))
    unknown = pieces.index[UNKNOWN]
    assert len(pieces.encode("a" * 100)) == 100
    assert pieces.encode("a" * 101) == [unknown]
    # Accents are stripped before characters are counted.
    assert len(pieces.encode("á" * 100 + ".")) == 101
    assert pieces.encode("a" * 1_000_000 + ".a") == [unknown, 7, 5]
    assert pieces.encode("a" + "\u0315\u0300" * 100_000) == [5]


def train_theirs(texts: list[str], ours: WordPiece, alphabet: int, min_count: int) -> list[str]:
    """Theirs numbers the alphabet by chance; as special tokens it has our order."""
    theirs = tokenizers.Tokenizer(tokenizers.models.WordPiece(unk_token=UNKNOWN))
    theirs.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    trainer = tokenizers.trainers.WordPieceTrainer(
        vocab_size=len(ours),
        min_frequency=min_count,
        special_tokens=list(ours.symbols[: len(SPECIAL) + alphabet]),
        show_progress=False,
    )
    theirs.train_from_iterator([" ".join(split_uncased(text)) for text in texts], trainer)
    vocabulary = theirs.get_vocab()
    return sorted(vocabulary, key=vocabulary.__getitem__)


def alphabet_of(ours: WordPiece) -> list[str]:
    bare = [symbol.removeprefix(CONTINUED) for symbol in ours.symbols]
    return [s for s, b in zip(ours.symbols, bare, strict=True) if len(b) == 1]


@pytest.mark.parametrize(("size", "min_count"), [(260, 2), (5_000, 2), (5_000, 7)])
def test_the_learned_pieces_are_those_of_hugging_faces_trainer(size, min_count):
    ours = WordPiece.learn(TEXTS, size=size, min_count=min_count)
    alphabet = len(alphabet_of(ours))
    assert list(ours.symbols) == train_theirs(TEXTS, ours, alphabet, min_count)
    # The larger numbers ask for more pieces than there are.
    assert (len(ours) < size) == (size == 5_000)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text("abc ", max_size=30), min_size=1, max_size=6).filter(
        lambda texts: any(text.strip() for text in texts)
    )
)
def test_a_full_vocabulary_has_the_size_asked_for_though_two_merges_may_make_one_piece(texts):
    everything = WordPiece.learn(texts, size=1_000, min_count=1)
    alphabet = len(alphabet_of(everything))
    for size in range(len(SPECIAL) + alphabet, len(everything) + 1):
        ours = WordPiece.learn(texts, size=size, min_count=1)
        assert ours.symbols == everything.symbols[:size]
    assert list(everything.symbols) == train_theirs(texts, everything, alphabet, 1)


def test_the_symbols_are_special_then_the_alphabet_then_the_merges_results():
    learned = WordPiece.learn(["Low low lower"], size=14)
    assert learned.symbols == (
        *SPECIAL,
        *["e", "l", "o", "r", "w"],
        *["##e", "##o", "##r", "##w"],
    )
    larger = WordPiece.learn(["Low low lower"], size=99)
    assert larger.symbols[14:] == ("lo", "low")
    assert larger.segment("lower rowel") == [["low", "##e", "##r"], [UNKNOWN]]
    assert learned.index[MASK] == 4


def test_rare_characters_are_left_out_with_the_words_that_have_them():
    texts = ["aa ab ba"] * 3 + ["az za zaba"]
    learned = WordPiece.learn(texts, size=50, characters=2)
    assert learned == WordPiece.learn(["aa ab ba"] * 3, size=50)
    assert learned.segment("za ab") == [[UNKNOWN], ["ab"]]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, len(LEARNED) - 1)))
def test_any_numbers_are_decoded_as_by_hugging_faces_tokenizers(ids):
    dropped = [LEARNED.index[symbol] for symbol in ("[PAD]", "[CLS]", "[SEP]")]
    kept = [number for number in ids if number not in dropped]
    assert LEARNED.decode(ids) == THEIRS.decode(kept, skip_special_tokens=False)
    assert LEARNED.decode(np.array(ids, dtype=np.uint16)) == LEARNED.decode(ids)


def test_known_words_make_the_round_trip_without_case_and_accents():
    number = LEARNED.index
    ids = LEARNED.encode("Láma MOLO!")
    assert LEARNED.decode(ids) == "lama molo !"
    framed = [number["[CLS]"], *ids, number[MASK], number["[SEP]"], number["[PAD]"]]
    assert LEARNED.decode(framed) == "lama molo ! [MASK]"


def test_a_special_symbol_written_in_a_text_is_text():
    assert not {LEARNED.index[s] for s in ("[CLS]", MASK)} & {*LEARNED.encode("[CLS] [MASK]")}


def test_an_array_holds_the_same_numbers_in_two_bytes_or_four():
    text = " ".join(TEXTS)
    numbers = LEARNED.encode_array(text)
    assert numbers.dtype == np.uint16
    assert numbers.tolist() == LEARNED.encode(text)
    assert LEARNED.encode_array("").tolist() == []
    large = WordPiece((*SPECIAL, *map(str, range(1 << 16))))
    assert large.encode_array("7").dtype == np.uint32


@pytest.mark.parametrize("strange", [-1, len(LEARNED)])
def test_an_id_without_a_symbol_is_refused_with_its_position(strange):
    with pytest.raises(ReplicationError, match=f"^{strange}, id 3 of"):
        LEARNED.decode([0, 1, strange])


@pytest.mark.parametrize("texts", [[], ["", " \n"], ["\0\x01"], ["a" * 101]])
def test_nothing_can_be_learned_from_texts_without_words(texts):
    with pytest.raises(ReplicationError, match="no words"):
        WordPiece.learn(texts, size=100)


def test_settings_without_room_are_refused_with_the_least_that_will_do():
    with pytest.raises(ReplicationError, match="size is 13, .* 5 characters of the text make 14"):
        WordPiece.learn(["low lower"], size=13)
    with pytest.raises(ReplicationError, match="no words of its 0 most frequent"):
        WordPiece.learn(["low"], size=50, characters=0)
    with pytest.raises(ReplicationError, match="min_count is 0"):
        WordPiece.learn(["low"], size=50, min_count=0)


def test_what_is_no_text_is_refused_with_its_place():
    with pytest.raises(ReplicationError, match=r"surrogate U\+D83D, as character 4\."):
        LEARNED.encode("la \ud83d!")
    with pytest.raises(ReplicationError, match=r"^Text 2 has .*U\+DC00"):
        WordPiece.learn(["la", "\udc00"], size=50)
    with pytest.raises(ReplicationError, match="Text 1 is bytes"):
        WordPiece.learn(iter([b"la"]), size=50)
    with pytest.raises(ReplicationError, match="Put it in a list"):
        WordPiece.learn("la", size=50)


def test_the_order_of_the_texts_does_not_matter_and_pickles_are_equal():
    fresh = WordPiece.learn(reversed(TEXTS), size=260)
    LEARNED.encode("la lo")
    assert fresh == LEARNED
    assert pickle.dumps(fresh) == pickle.dumps(pickle.loads(pickle.dumps(LEARNED)))
