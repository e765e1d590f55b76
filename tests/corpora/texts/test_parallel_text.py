from __future__ import annotations

from collections import Counter

import pytest

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts import parallel_text
from replications.corpora.texts.parallel_text import (
    Pairs,
    alignment_pairs,
    corpus_pairs,
    joined_pairs,
)
from replications.errors import ReplicationError


@pytest.fixture
def captions(monkeypatch):
    """Multi30k's entry over made-up rows, so that no mirror is needed."""

    def load(corpus, split):
        rows = {
            language: [f"{language} {split} {n}" for n in range(40)]
            for language in ("en", "de", "fr")
        }
        identity = CorpusIdentity(corpus, split, "real", "0" * 64, 40, "made up", True)
        return rows, identity

    monkeypatch.setattr(parallel_text, "load_corpus", load)


def test_sentences_stand_with_their_translations_and_every_split_is_named(captions):
    text = corpus_pairs(0, source="fr", target="en")
    assert (text.train.source[3], text.train.target[3]) == ("fr train 3", "en train 3")
    assert text.validation.source[0] == "fr validation 0"
    assert [identity.split for identity in text.identities] == ["train", "validation", "test"]
    assert corpus_pairs(5, source="fr", target="en") == text


def test_another_test_split_may_be_named(captions):
    text = corpus_pairs(0, test="test_2017_mscoco")
    assert text.test.source[0] == "en test_2017_mscoco 0"
    assert text.identities[-1].split == "test_2017_mscoco"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"target": "cs"}, "no language 'cs'.*en, de, fr"),
        ({"target": "en"}, "source and target are both 'en'"),
        ({"joined": 0}, "joined is 0"),
        ({"test": "test_2019"}, "no split 'test_2019'"),
    ],
)
def test_what_the_corpus_has_not_is_refused(captions, options, complaint):
    with pytest.raises(ReplicationError, match=complaint):
        corpus_pairs(0, **options)


def numbered(count: int) -> Pairs:
    return Pairs(tuple(f"s{n}" for n in range(count)), tuple(f"t{n}" for n in range(count)))


def test_joined_pairs_use_every_sentence_once_and_in_the_same_order_on_both_sides():
    joined = joined_pairs(numbered(1000), 4)
    words = " ".join(joined.source).split()
    assert sorted(words) == sorted(numbered(1000).source)
    assert [source.replace("s", "t") for source in joined.source] == list(joined.target)
    assert words != list(numbered(1000).source)


def test_the_sizes_of_joined_pairs_are_drawn_uniformly():
    sizes = Counter(len(text.split()) for text in joined_pairs(numbered(10_000), 4).source)
    assert set(sizes) == {1, 2, 3, 4}
    # 1000 groups of each size are expected; 4 standard deviations are about 110.
    assert all(abs(count - 1000) < 120 for count in sizes.values())


def test_the_deal_is_the_same_for_every_seed_and_one_leaves_the_pairs_alone(captions):
    assert corpus_pairs(0, joined=3) == corpus_pairs(1, joined=3)
    assert corpus_pairs(0, joined=1).train.source[:2] == ("en train 0", "en train 1")
    assert joined_pairs(numbered(7), 3).source == ("s1 s4 s2", "s5 s3 s6", "s0")


def test_pairs_of_different_length_are_refused():
    with pytest.raises(ReplicationError, match="2 in source, 1 in target"):
        Pairs(("a", "b"), ("c",))
    with pytest.raises(ReplicationError, match="2 in sure"):
        Pairs(("a",), ("c",), (frozenset(), frozenset()))


def test_possible_links_include_the_sure_ones(monkeypatch):
    rows = {"en": ["a b", "c"], "fr": ["d e", "f"], "sure": ["0-0", "0-0"], "possible": ["1-1", ""]}
    identity = CorpusIdentity("gold", "en-fr", "real", "0" * 64, 2, "made up", True)
    monkeypatch.setattr(parallel_text, "load_corpus", lambda *_, **__: (rows, identity))
    pairs, named = alignment_pairs()
    assert (pairs.source, pairs.target) == (("a b", "c"), ("d e", "f"))
    assert pairs.sure == (frozenset({(0, 0)}), frozenset({(0, 0)}))
    assert pairs.possible == (frozenset({(0, 0), (1, 1)}), frozenset({(0, 0)}))
    assert named == identity


@pytest.mark.parametrize("missing", [None, "", " "])
def test_a_row_without_a_sentence_is_named_with_its_language_and_origin(monkeypatch, missing):
    def load(corpus, split):
        rows = {"en": ["a", "b"], "de": ["a", missing]}
        return rows, CorpusIdentity(corpus, split, "real", "0" * 64, 2, "mirror", False)

    monkeypatch.setattr(parallel_text, "load_corpus", load)
    with pytest.raises(ReplicationError, match=r"multi30k, split train, from mirror: row 2 .*'de'"):
        corpus_pairs(0)
