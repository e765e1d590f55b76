from __future__ import annotations

import hashlib
from collections import Counter
from functools import cache

import pytest

from replications.corpora import load_corpus
from replications.corpora.texts.parallel_text import world_pairs
from replications.corpora.world.language import make_translations
from replications.corpora.world.language_grammar import Grammar, lexicon, noun_named
from replications.corpora.world.language_words import (
    ADJECTIVES,
    ARTICLES,
    CIPHER,
    NAME_FIRST,
    NAME_SECOND,
    NOUNS,
    SYNONYMS,
    VERBS,
)
from replications.errors import ReplicationError

NAMES = {first + second for first in NAME_FIRST for second in NAME_SECOND}
WORD_BY_WORD = {"order": "monotone", "fertility": False, "agreement": False}


@cache
def small(pairs=200, seed=0, **knobs):
    given = {"validation_pairs": 44, "test_pairs": 88, **knobs}
    return make_translations(seed, pairs, **given)


def every_pair(world):
    return (*world.train, *world.validation, *world.test)


def translated(text, **knobs):
    pair = Grammar(**knobs).translate(text.split())
    return " ".join(pair.target)


def is_compound(word):
    noun = noun_named(word)
    return noun is not None and len(noun.source) > 1


def test_the_first_sentences_never_change():
    lines = [f"{' '.join(p.source)}\t{' '.join(p.target)}" for p in small(100).train]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    assert digest == "c6fa8e0ae166180365d61f0a6dd5d9e6652aa31328e038fa641b6e454ecbdb61"


def test_sentences_are_translated_as_by_hand():
    assert translated("the old fox sees the red house") == "do fosan santo do lokun solto fopi"
    assert translated("a fox sleeps and the girl sees an old tower today") == (
        "fosan baze ol do dedus por santa lesh mi fopi"
    )
    assert translated("mara finds the small snowriverbell near a cat") == (
        "mara do tillesuzirek motno ele rimal rule ek"
    )


def test_each_knob_takes_one_property_away():
    text = "the old young fox finds a red house today"
    assert translated(text) == "do fosan santo tikro lokun solto lesh mi rule ek"
    assert translated(text, order="local") == "do fosan santo tikro rule ek lokun solto lesh mi"
    assert translated(text, order="monotone") == "do santo tikro fosan rule ek solto lokun lesh mi"
    assert translated(text, agreement=False) == "du fosan santu tikru lokun soltu lesh mi rule ek"
    assert translated(text, fertility=False) == "do fosan santo tikro mo lokun solto lesh rule"
    assert translated(text, reverse=True) == "ek rule mi lesh solto lokun tikro santo fosan do"
    assert translated(text, **WORD_BY_WORD) == "du santu tikru fosan rule mu soltu lokun lesh"
    assert translated("mara sleeps", names="ciphered") == "pete baze"


def test_links_join_each_target_word_to_the_word_it_translates():
    pair = Grammar().translate("the old fox finds a house".split())
    assert pair.target == ("do", "fosan", "santo", "lokun", "rule", "ek")
    assert pair.links == {(0, 0), (2, 1), (1, 2), (5, 3), (3, 4), (3, 5)}
    assert pair.possible - pair.links == {(2, 0), (2, 2)}  # the fox gives the article its gender
    assert pair.moved == {1, 2, 3, 4, 5}


def test_the_oracle_and_the_links_agree_with_every_pair():
    world = small()
    for pair in every_pair(world):
        assert world.translate(pair.source) == (pair.target, pair.links)
        linked = Counter(j for _, j in pair.links)
        assert linked == dict.fromkeys(range(len(pair.target)), 1)
        for i, j in pair.links:
            word, form = pair.source[i], pair.target[j]
            if word == "the":
                assert form in {"do", "da", "de"}
            elif word in ADJECTIVES:
                assert form[:-1] == ADJECTIVES[word][0]
            elif is_compound(word):
                assert form == "".join(noun_named(word).target)
            else:
                assert form in world.lexicon.get(word, (word,))
        silent = set(range(len(pair.source))) - {i for i, _ in pair.links}
        assert {pair.source[i] for i in silent} <= {"a", "an"}
        for i, word in enumerate(pair.source):
            words = {"a": 0, "an": 0}.get(word, len(world.lexicon.get(word, (word,))))
            assert sum(k == i for k, _ in pair.links) == words


def test_articles_and_adjectives_show_the_gender_of_the_noun_they_stand_with():
    genders = Counter()
    for pair in every_pair(small()):
        for i, j in pair.links:
            if pair.source[i] == "the" or pair.source[i] in ADJECTIVES:
                following = next(
                    k for k in range(i, len(pair.source)) if noun_named(pair.source[k])
                )
                gender = noun_named(pair.source[following]).gender
                assert pair.target[j][-1] == gender
                assert (following, j) in pair.possible - pair.links
                genders[gender] += 1
    assert min(genders[gender] for gender in "oae") > 0.2 * genders.total()
    # A compound has its last noun's gender, and no form tells it.
    assert noun_named("snowfox").gender == noun_named("fox").gender == NOUNS["fox"][1]


def test_verbs_end_their_clauses():
    for pair in small(50).train:
        ends = {j for i, j in pair.links if pair.source[i] in VERBS}
        joints = {j for i, j in pair.links if pair.target[j] in {"ol", "ir", "ul", "per"}}
        for end in (*(j - 1 for j in joints), len(pair.target) - 1):
            assert end in ends


def test_training_lengths_are_uniform_and_every_test_length_has_equally_many():
    world = make_translations(
        0, 1100, shortest=3, max_length=24, test_pairs=220, validation_pairs=44
    )
    trained = Counter(len(pair.source) for pair in world.train)
    assert set(trained) == set(range(3, 25))
    assert min(trained.values()) > 25 and max(trained.values()) < 80
    assert Counter(len(pair.source) for pair in world.test) == dict.fromkeys(range(3, 25), 10)


def test_sentences_can_be_long_and_the_test_longer_than_the_training():
    assert max(len(pair.source) for pair in small(300, max_length=60).train) == 60
    world = small(100, max_length=12, test_max_length=24)
    assert max(len(pair.source) for pair in world.train) == 12
    assert max(len(pair.source) for pair in world.test) == 24


def test_no_sentence_is_in_two_parts_nor_twice_among_those_held_out():
    world = make_translations(3, 1000, max_length=8, validation_pairs=120, test_pairs=240)
    train, validation, test = (
        [pair.source for pair in part] for part in (world.train, world.validation, world.test)
    )
    assert len(set(validation) | set(test)) == len(validation) + len(test)
    assert not set(train) & (set(validation) | set(test))


def test_the_seed_changes_the_training_sentences_alone():
    same, again, other = (small.__wrapped__(50, seed) for seed in (1, 1, 2))
    assert same == again
    assert other.identity.sha256 != same.identity.sha256
    assert (other.validation, other.test) == (same.validation, same.test)
    assert other.identities[1:] == same.identities[1:]


def test_unseen_compounds_and_names_are_in_the_test_made_of_seen_parts():
    world = make_translations(0, 2000, test_pairs=400, validation_pairs=44)
    seen = {word for pair in world.train for word in pair.source}
    tested = [word for pair in world.test for word in pair.source]
    compounds = [word for word in tested if is_compound(word)]
    names = [word for word in tested if word in NAMES]
    for open_class in (compounds, names):
        unseen = sum(word not in seen for word in open_class) / len(open_class)
        assert 0.45 < unseen < 0.75
    assert not {word for word in tested if word not in seen} - set(compounds) - set(names)
    parts = {part for word in seen if is_compound(word) for part in noun_named(word).source}
    assert {part for word in compounds for part in noun_named(word).source} <= parts
    for word, morphemes in world.morphemes.items():
        assert "".join(morphemes) == word and len(morphemes) in (2, 3)


def test_rare_words_follow_zipfs_law_roughly():
    world = small(1000, compound_share=0.5)
    counts = Counter(word for p in world.train for word in p.source if is_compound(word))
    ordered = [count for _, count in counts.most_common()]
    assert ordered[0] > 15 and ordered[len(ordered) // 2] <= 5
    assert sum(ordered[: len(ordered) // 10]) > 0.35 * sum(ordered)


def test_without_compounds_and_names_the_vocabulary_is_closed():
    world = small(500, compound_share=0.0, name_share=0.0)
    seen = {word for pair in world.train for word in pair.source}
    assert seen == set(lexicon()) | set(ARTICLES)
    assert len(seen) == 76
    assert {word for pair in world.test for word in pair.source} <= seen


def test_the_map_of_words_is_one_to_one_and_no_word_has_two_meanings():
    forms = [form for word, found in lexicon().items() if word not in ADJECTIVES for form in found]
    forms += [ADJECTIVES[word][0] + vowel for word in ADJECTIVES for vowel in "oaeu"]
    forms += [first + vowel for first in "dm" for vowel in "oaeu"] + list(SYNONYMS.values())
    compounds = ["".join(noun.target) for noun in map(noun_named, all_compounds())]
    for names in (NAMES, {name.translate(CIPHER) for name in NAMES}):
        target = [*forms, *compounds, *names]
        assert len(set(target)) == len(target)
    source = [*lexicon(), *ARTICLES, *all_compounds(), *NAMES]
    assert len(set(source)) == len(source)


def all_compounds():
    from replications.corpora.world.language_grammar import _nouns

    return [word for word in _nouns() if is_compound(word)]


def test_most_words_move_in_the_full_order_fewer_in_the_local_and_none_in_the_monotone():
    shares = {}
    for order in ("full", "local", "monotone"):
        pairs = small(order=order).train
        shares[order] = sum(len(p.moved) for p in pairs) / sum(len(p.target) for p in pairs)
    assert 0.5 < shares["full"] < 0.8
    assert 0.2 < shares["local"] < 0.45
    assert shares["monotone"] == 0


def test_word_by_word_the_links_are_the_diagonal():
    for pair in small(**WORD_BY_WORD).train:
        assert pair.links == {(i, i) for i in range(len(pair.source))} == pair.possible


def test_reversal_turns_the_target_and_its_links_around_and_changes_nothing_else():
    for forward, backward in zip(small().train, small(reverse=True).train, strict=True):
        last = len(forward.target) - 1
        assert backward.source == forward.source
        assert backward.target == forward.target[::-1]
        assert backward.links == {(i, last - j) for i, j in forward.links}


def test_knobs_of_the_target_leave_the_source_as_it_is():
    plain = [pair.source for pair in small().train]
    for knobs in (WORD_BY_WORD, {"synonyms": True}, {"names": "ciphered"}):
        assert [pair.source for pair in small(**knobs).train] == plain


def test_two_fifths_of_the_words_with_synonyms_take_them():
    plain, varied = small(500), small(500, synonyms=True)
    counts = Counter()
    for one, other in zip(plain.train, varied.train, strict=True):
        assert one.links == other.links
        for word, form in zip(one.target, other.target, strict=True):
            assert form in (word, SYNONYMS.get(word))
            counts[form != word] += word in SYNONYMS
    assert counts[True] / counts.total() == pytest.approx(0.4, abs=0.05)


def test_names_are_copied_or_ciphered_and_no_letter_stays():
    copied, ciphered = small(), small(names="ciphered")
    found = 0
    for one, other in zip(copied.train, ciphered.train, strict=True):
        for i, j in one.links:
            if one.source[i] in NAMES:
                assert one.target[j] == one.source[i]
                assert other.target[j] == one.source[i].translate(CIPHER)
                assert all(a != b for a, b in zip(other.target[j], one.source[i], strict=True))
                found += 1
            else:
                assert one.target[j] == other.target[j]
    assert found > 50


def test_the_pairs_of_the_world_are_texts_with_links():
    text = world_pairs(0, pairs=100, validation_pairs=44, test_pairs=88)
    assert (len(text.train), len(text.validation), len(text.test)) == (100, 44, 88)
    assert text.train.source[0].split(" ") == list(text.world.train[0].source)
    assert text.test.target[5].split(" ") == list(text.world.test[5].target)
    assert text.test.sure[5] == text.world.test[5].links <= text.test.possible[5]
    assert [identity.split for identity in text.identities] == ["train", "validation", "test"]
    assert all(
        line == line.lower() and line.replace(" ", "").isalpha() for line in text.train.source
    )


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_the_default_world_is_the_registered_one(own_cache, split):
    rows, identity = load_corpus("world-translation", split)
    assert identity.expected
    assert (identity.kind, identity.origin) == ("synthetic", "generated")
    links = [tuple(map(int, link.split("-"))) for link in rows[0]["sure"].split()]
    assert {j for _, j in links} == set(range(len(rows[0]["target"].split())))


@pytest.mark.parametrize(
    "knobs",
    [
        {"shortest": 2},
        {"shortest": 9, "max_length": 8},
        {"max_length": 12, "test_max_length": 2},
        {"compound_share": 1.5},
        {"name_share": 1.0},
        {"pairs": 0},
        {"seed": -1},
        {"order": "free"},
        {"names": "shouted"},
        {"max_length": 3, "test_pairs": 200, "compound_share": 0.0, "name_share": 0.0},
    ],
    ids=str,
)
def test_impossible_knobs_are_refused(knobs):
    with pytest.raises(ReplicationError, match="make_translations"):
        small(**knobs)


@pytest.mark.parametrize(
    ("text", "named"),
    [("the fox sees the zebra", "zebra"), ("the old sees mara", "old"), ("the fox sees a", "'a'")],
)
def test_what_the_language_does_not_have_is_named(text, named):
    with pytest.raises(ReplicationError, match=named):
        Grammar().translate(text.split())
