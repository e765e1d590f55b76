"""Byte pairs: an open vocabulary, and the merges of the field's implementation."""

from __future__ import annotations

import json
import pickle
import random

import pytest
import tokenizers
from hypothesis import given
from hypothesis import strategies as st

from replications.errors import ReplicationError
from replications.tokens.bpe import BytePairEncoding
from replications.tokens.marked_words import JOINER, split_words
from replications.tokens.special import BEGIN, END, PAD, SPECIAL, UNKNOWN, Tokenizer

SYLLABLES = "la le lo ma mi mo sch tra ung keit er en nd ß".split()


def draw_texts(seed: int, sentences: int) -> list[str]:
    """Sentences of made-up words, some much more frequent than others, with punctuation."""
    draw = random.Random(seed)
    words = ["".join(draw.choices(SYLLABLES, k=draw.randint(1, 5))) for _ in range(300)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    return [
        " ".join(draw.choices(words, weights, k=draw.randint(2, 12))).capitalize()
        + draw.choice(".!")
        for _ in range(sentences)
    ]


TEXTS = draw_texts(0, 400) + ["Low-priced, newer 'n' wider (1,50 €)."] * 2
LEARNED = BytePairEncoding.learn(TEXTS, merges=200)
KNOWN = "".join(sorted(LEARNED.characters - {JOINER}))


def alphabet_of(ours: BytePairEncoding) -> list[str]:
    return list(ours.symbols[len(SPECIAL) : len(ours) - len(set(map("".join, ours.merges)))])


def train_theirs(texts: list[str], ours: BytePairEncoding, merges: int, min_count: int):
    """Their trainer numbers the alphabet by chance; as special tokens it has our order."""
    theirs = tokenizers.Tokenizer(tokenizers.models.BPE(end_of_word_suffix="</w>"))
    theirs.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    alphabet = alphabet_of(ours)
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=len(alphabet) + merges,
        min_frequency=min_count,
        end_of_word_suffix="</w>",
        special_tokens=alphabet,
        show_progress=False,
    )
    theirs.train_from_iterator([" ".join(split_words(text)) for text in texts], trainer)
    return [tuple(pair) for pair in json.loads(theirs.to_str())["model"]["merges"]]


@pytest.mark.parametrize(("merges", "min_count"), [(200, 2), (5_000, 2), (5_000, 7)])
def test_the_merges_are_those_of_hugging_faces_tokenizers(merges, min_count):
    ours = BytePairEncoding.learn(TEXTS, merges=merges, min_count=min_count)
    assert list(ours.merges) == train_theirs(TEXTS, ours, merges, min_count)
    # The larger numbers ask for more merges than there are.
    assert (len(ours.merges) < merges) == (merges == 5_000)


def test_unseen_words_are_segmented_as_by_hugging_faces_tokenizers():
    vocabulary = {symbol: number for number, symbol in enumerate(LEARNED.symbols)}
    theirs = tokenizers.models.BPE(vocabulary, list(LEARNED.merges), end_of_word_suffix="</w>")
    draw = random.Random(1)
    letters = "lamieotrschungkdß"
    finals = [letter for letter in letters if letter + "</w>" in vocabulary]
    for _ in range(2_000):
        word = "".join(draw.choices(letters, k=draw.randint(0, 12))) + draw.choice(finals)
        (ours,) = LEARNED.segment(word)
        assert ours == [token.value for token in theirs.tokenize(word)], word


def test_the_symbols_are_special_then_the_alphabet_then_the_merges_results():
    learned = BytePairEncoding.learn(["ab ab. ab"], merges=9)
    # The mark and its JOINER stand together once only.
    assert learned.merges == (("a", "b</w>"),)
    assert learned.symbols == (
        *SPECIAL,
        *sorted({"a", "b", "b</w>", ".", ".</w>", "</w>", JOINER}),
        "ab</w>",
    )
    assert len(learned) == len(learned.symbols) == 12


def test_without_merges_text_is_spelled():
    spelled = BytePairEncoding.learn(["new low"], merges=0)
    assert spelled.segment("owl") == [["o", "w", "l", "</w>"]]
    assert spelled.segment("now") == [["n", "o", "w</w>"]]


@pytest.mark.parametrize("merges", [0, 1, 37, 200, 900])
def test_fewer_merges_are_what_would_have_been_learned(merges):
    assert LEARNED.fewer(merges) == BytePairEncoding.learn(TEXTS, merges=min(merges, 200))


@given(st.text(st.sampled_from(KNOWN + " \n")))
def test_any_text_of_known_characters_makes_the_round_trip(text):
    ids = LEARNED.encode(text)
    assert LEARNED.decode(ids) == " ".join(text.split())
    assert UNKNOWN not in ids
    assert [symbol for word in LEARNED.segment(text) for symbol in word] == [
        LEARNED.symbols[number] for number in ids
    ]


def test_frequent_words_are_one_symbol_and_merges_stay_inside_words():
    learned = BytePairEncoding.learn(["the same again."] * 3, merges=1_000)
    assert learned.segment("again the same") == [["again</w>"], ["the</w>"], ["same</w>"]]
    assert learned.segment("the. same") == [["the</w>"], ["￭.</w>"], ["same</w>"]]


def test_two_languages_may_share_their_symbols():
    english, german = ["a man in a hat"] * 4, ["ein Mann mit Hut"] * 4
    joint = BytePairEncoding.learn(english + german, merges=50)
    assert joint == BytePairEncoding.learn(german + english, merges=50)
    assert joint.segment("man Mann") == [["man</w>"], ["Mann</w>"]]
    assert joint.characters == {*"amninheMut", "H", JOINER}


def test_special_symbols_are_no_text_and_unknown_is_shown():
    ids = LEARNED.encode("la mi!")
    assert LEARNED.decode([BEGIN, *ids, END, PAD, PAD]) == "la mi!"
    assert LEARNED.decode([*ids, UNKNOWN]) == "la mi! <unk>"
    assert LEARNED.decode([]) == ""


def test_an_unknown_character_is_an_error_with_its_name_and_place():
    with pytest.raises(
        ReplicationError, match=r"'я' \(U\+044F\), character 7 of the text"
    ) as error:
        LEARNED.encode("la\n miяlo ☃")
    assert "unknown_allowed=True" in str(error.value)


def test_unknown_stands_for_each_unknown_character_where_it_is_allowed():
    ids = LEARNED.encode("la mяяo ☃ tя la☃", unknown_allowed=True)
    assert ids.count(UNKNOWN) == 5
    assert LEARNED.decode(ids) == "la m<unk><unk>o <unk> t<unk> la<unk>"
    assert LEARNED.segment("tя") == [["t", "<unk>", "</w>"]]


@pytest.mark.parametrize("texts", [[], ["", " \n"]])
def test_nothing_can_be_learned_from_texts_without_words(texts):
    with pytest.raises(ReplicationError, match="no words"):
        BytePairEncoding.learn(texts, merges=3)


def test_a_negative_number_of_merges_is_refused():
    with pytest.raises(ReplicationError, match="merges is -1"):
        BytePairEncoding.learn(["a"], merges=-1)


def test_it_is_a_tokenizer_and_pickles_equal_whatever_it_has_encoded():
    assert isinstance(LEARNED, Tokenizer)
    fresh = BytePairEncoding.learn(reversed(TEXTS), merges=200)
    LEARNED.encode("la lo")
    assert fresh == LEARNED
    assert hash(fresh) == hash(LEARNED)
    assert pickle.dumps(fresh) == pickle.dumps(pickle.loads(pickle.dumps(LEARNED)))
    assert pickle.loads(pickle.dumps(LEARNED)).encode("la") == LEARNED.encode("la")


def test_one_text_in_place_of_several_is_refused_and_not_read_letter_by_letter():
    with pytest.raises(ReplicationError, match="Put it in a list"):
        BytePairEncoding.learn("abc abc", merges=2)


@pytest.mark.parametrize("strange", [-1, 10_000])
def test_an_id_without_a_symbol_is_refused(strange):
    pairs = BytePairEncoding.learn(["abc abc"], merges=2)
    with pytest.raises(ReplicationError, match=f"^{strange}, id 2 of those to decode"):
        pairs.decode([4, strange])
