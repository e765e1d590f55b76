from __future__ import annotations

import pytest

from replications.metrics.translation.bleu import Translations
from replications.metrics.translation.rare_words import rare_word_f1, words_of


def test_words_are_what_they_are_whatever_they_touch():
    assert list(words_of("A man's hat, <unk>.")) == ["A", "man", "'", "s", "hat", ",", "<unk>", "."]


def test_f1_is_the_harmonic_mean_of_clipped_precision_and_recall():
    translations = Translations(
        source=("1", "2"),
        #           rare: the hats seen once, `new` never
        reference=("the the hat new", "the old hat"),
        hypothesis=("the hat hat", "the the the new old <unk>"),
        training=("the the the the the hat", "the old old"),
    )
    # Frequencies: the 6, old 2, hat 1, new 0, <unk> 0. Right in sentence 1: the 1, hat 1; in
    # sentence 2: the 1, old 1. `new` is produced in the wrong sentence.
    numbers = rare_word_f1(translations, edges=(1, 5), rare=2)
    assert numbers == pytest.approx(
        {
            "f1:all": 100 * 2 * 4 / (9 + 7),
            "words:all": 7,
            "f1:rare": 100 * 2 * 2 / (5 + 4),
            "words:rare": 4,
            "f1:oov": 0,
            "words:oov": 1,
            "f1:1": 100 * 2 * 1 / (2 + 2),
            "words:1": 2,
            "f1:2-5": 100,
            "words:2-5": 1,
            "f1:6+": 100 * 2 * 2 / (4 + 3),
            "words:6+": 3,
        }
    )


def test_copying_an_unseen_name_is_right():
    translations = Translations(
        ("x",), ("Zork is here",), ("Zork is there",), ("is here", "is there")
    )
    numbers = rare_word_f1(translations)
    assert numbers["f1:oov"] == 100
    assert numbers["f1:rare"] == pytest.approx(100 * 2 / 3)


def test_case_makes_another_word():
    translations = Translations(("x",), ("Hat",), ("hat",), ("Hat hat",))
    assert rare_word_f1(translations)["f1:all"] == 0


def test_a_bin_without_words_is_left_out():
    numbers = rare_word_f1(Translations(("x",), ("a",), ("a",), ("a a",)), edges=(5,))
    assert numbers.keys() == {
        "f1:all", "words:all", "f1:rare", "words:rare", "f1:1-5", "words:1-5"
    }  # fmt: skip
