from __future__ import annotations

import hashlib
from collections import Counter

import numpy as np
import pytest

from replications.corpora.world.analogies import make_words
from replications.corpora.world.words import FAMILIES, PROBES, filler_words, throne_room
from replications.errors import ReplicationError


def counted(world) -> np.ndarray:
    """Measured P(c|w): each sentence is six contexts around its middle word."""
    row = {word: index for index, word in enumerate(world.words)}
    column = {context: index for index, context in enumerate(world.contexts)}
    counts = np.zeros(world.distribution.shape)
    for sentence in world.sentences:
        for context in sentence[:3] + sentence[4:]:
            if context in column:
                counts[row[sentence[3]], column[context]] += 1
    return counts


def test_the_first_thousand_tokens_never_change():
    world = make_words(0, 30_000)
    tokens = [token for sentence in world.sentences for token in sentence][:1000]
    digest = hashlib.sha256(" ".join(tokens).encode()).hexdigest()
    assert digest == "0ea3576ce5db13c0f62418a61406660236b2e271d4199671273daca05c28d4a6"


def test_the_same_seed_gives_the_same_world_and_another_seed_another():
    same, again, other = (make_words(seed, 2_000) for seed in (1, 1, 2))
    assert same.sentences == again.sentences
    assert same.identity == again.identity
    assert other.identity.sha256 != same.identity.sha256


def test_no_more_tokens_are_made_than_asked_for():
    assert make_words(0, 60_000).tokens == 59_997


def test_no_word_has_two_roles_and_the_vocabulary_is_large_enough():
    world = make_words(0, 60_000)
    roles = Counter([*world.words, *world.contexts])
    assert max(roles.values()) == 1
    assert len({token for sentence in world.sentences for token in sentence}) >= 300
    assert len(filler_words()) == 200


def test_every_family_has_twelve_stems_and_all_ordered_pairs_of_them_as_questions():
    questions = make_words(0, 700).analogies
    assert Counter(question[0] for question in questions) == {
        family.name: 12 * 11 for family in FAMILIES
    }
    assert ("gender", "king", "queen", "man", "woman") in questions
    assert ("capital", "france", "paris", "japan", "tokyo") in questions


@pytest.mark.parametrize(
    "knobs",
    [
        {},
        {"ordered": True},
        {"shuffled": True},
        {"head_noise": 0.5},
        {"irregular_share": 0.1},
        {"attribute_strength": {"gender": 0.2}},
        {"ordered": True, "attribute_strength": 0.5},
        {"filler_share": 0.6, "stem_exponent": 1.0},
    ],
    ids=str,
)
def test_the_planted_distribution_is_the_one_that_sentences_show(knobs):
    world = make_words(3, 140_000, **knobs)
    assert np.allclose(world.distribution.sum(axis=1), 1)
    counts = counted(world)
    expected = world.distribution * counts.sum(axis=1, keepdims=True)
    spread = np.sqrt(np.maximum(expected * (1 - world.distribution), 1))
    deviations = (counts - expected) / spread
    assert np.abs(deviations).max() < 6.5
    assert deviations.std() < 1.05


def test_offsets_of_planted_distributions_solve_every_analogy():
    world = make_words(0, 700)
    row = {word: index for index, word in enumerate(world.words)}
    for _, a, b, c, d in world.analogies:
        difference = world.distribution[[row[b], row[a], row[c], row[d]]].T @ [1, -1, 1, -1]
        assert np.abs(difference).max() < 1e-12


def test_shuffling_keeps_the_frequencies_and_leaves_no_truth_to_find():
    world, shuffled = (make_words(0, 7_000, shuffled=each) for each in (False, True))
    assert [sentence[3] for sentence in world.sentences] == [
        sentence[3] for sentence in shuffled.sentences
    ]
    assert np.ptp(shuffled.distribution, axis=0).max() < 1e-12
    assert all(ratio == pytest.approx(0) for ratio in shuffled.log_ratios.values())


def test_the_probes_carry_the_ratios_of_the_glove_paper():
    ratios = make_words(0, 700).log_ratios
    published = {"solid": 8.9, "gas": 0.085, "water": 1.36, "fashion": 0.96}
    for probe, ratio in published.items():
        # Head words take an equal part of both rows, and so leave the ratio as it is.
        assert np.exp(ratios[probe]) == pytest.approx(ratio)
    rates = [rate for rate, _ in PROBES.values()]
    assert max(rates) / min(rates) > 20


def test_words_that_share_a_stem_or_an_attribute_are_truly_more_similar():
    world = make_words(0, 700)
    unit = world.distribution / np.linalg.norm(world.distribution, axis=1, keepdims=True)
    king, queen, man, woman = (
        unit[world.words.index(word)] for word in ("king", "queen", "man", "woman")
    )
    assert king @ queen > king @ man > king @ woman


def test_an_irregular_stem_is_taken_out_of_the_analogies():
    world = make_words(0, 7_000, irregular_share=0.1)
    assert len(world.analogies) + len(world.irregular_analogies) == 528
    broken = {word for _, a, _, c, _ in world.irregular_analogies for word in (a, c)}
    kept = {word for _, a, _, c, _ in world.analogies for word in (a, c)}
    assert len(broken - kept) == 5


def test_an_open_tail_makes_the_vocabulary_grow_with_the_corpus():
    rare = [
        len({token for sentence in world.sentences for token in sentence if token[:4] == "rare"})
        for world in (make_words(0, tokens, open_share=0.5) for tokens in (80_000, 320_000))
    ]
    assert rare[0] > 500
    # A Zipf exponent of 1.5 gives Heaps' exponent 1 / 1.5: four times the tokens, 2.52 the words.
    assert rare[1] / rare[0] == pytest.approx(4 ** (1 / 1.5), rel=0.05)


def test_compositions_name_a_word_by_its_stem_and_its_attribute():
    compositions = make_words(0, 700).compositions
    assert ("throne", "she", "queen") in compositions
    assert ("throne", "he", "king") in compositions
    assert len(compositions) == 96


@pytest.mark.parametrize(
    "arguments",
    [
        {"tokens": 6},
        {"tokens": 700, "filler_share": 1.5},
        {"tokens": 700, "stem_exponent": -1.0},
        {"tokens": 700, "attribute_strength": {"colour": 1.0}},
        {"tokens": 700, "attribute_strength": -0.5},
    ],
    ids=str,
)
def test_impossible_knobs_are_refused(arguments):
    with pytest.raises(ReplicationError, match="make_words"):
        make_words(0, **arguments)


def test_the_throne_room_can_be_counted_by_hand():
    sentences = throne_room()
    assert len(sentences) == 12
    together = Counter(
        (one, other)
        for sentence in sentences
        for one in set(sentence)
        for other in set(sentence)
        if one != other
    )
    assert together["king", "throne"] == together["queen", "throne"] == 2
    assert together["king", "crown"] == together["queen", "crown"] == 2
    assert together["man", "throne"] == together["woman", "throne"] == 0


def analogy_accuracy(world) -> float:
    """Share of the analogies that gensim's skip-gram solves, inputs excluded (3CosAdd)."""
    from gensim.models import Word2Vec

    vectors = Word2Vec(
        world.sentences,
        sg=1,
        negative=5,
        vector_size=32,
        window=5,
        min_count=1,
        sample=3e-3,
        epochs=15,
        workers=1,
        seed=1,
    ).wv
    unit = vectors.get_normed_vectors()
    questions = np.array([vectors.key_to_index[word] for q in world.analogies for word in q[1:]])
    a, b, c, d = questions.reshape(-1, 4).T
    scores = (unit[b] - unit[a] + unit[c]) @ unit.T
    for given in (a, b, c):
        scores[np.arange(len(scores)), given] = -np.inf
    return float((scores.argmax(axis=1) == d).mean())


def test_skip_gram_finds_the_planted_analogies_and_none_in_the_control():
    assert analogy_accuracy(make_words(0, 30_000)) >= 0.95
    assert analogy_accuracy(make_words(0, 30_000, shuffled=True)) <= 0.05
