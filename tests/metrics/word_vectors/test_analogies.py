from __future__ import annotations

from itertools import permutations
from types import SimpleNamespace

import pytest
import torch
from tiny_text import IDENTITY

from replications.errors import ReplicationError
from replications.metrics.word_vectors import analogies
from replications.metrics.word_vectors.analogies import (
    analogy_accuracy,
    analogy_halves,
    answerable,
    solve,
    world_analogy_accuracy,
)
from replications.tokens.words import Vocabulary

STEMS = (
    "king queen",
    "man woman",
    "prince princess",
    "quick quicker",
    "slow slower",
    "warm warmer",
)
WORDS = tuple(word for pair in STEMS for word in pair.split())
VOCABULARY = Vocabulary((*WORDS, "spare"), tuple(range(100, 87, -1)))
QUESTIONS = [
    (section, *one.split(), *other.split())
    for section, stems in (("family", STEMS[:3]), ("gram2-comparative", STEMS[3:]))
    for one, other in permutations(stems, 2)
]


def planted() -> torch.Tensor:
    """Each stem and each of two attributes is a direction: the analogies are exact."""
    vectors = torch.zeros(13, 9)
    for stem in range(6):
        vectors[2 * stem : 2 * stem + 2, stem] = 1
        vectors[2 * stem + 1, 6 + stem // 3] = 1
    vectors[12, 8] = 1
    return vectors


def irregular() -> torch.Tensor:
    """In the first section c itself lies nearest to b - a + c, and d comes next.

    The common offset is small beside what each derived word has of its own.
    """
    vectors = planted()
    vectors[:, 6] *= 0.1
    own = torch.zeros(13, 3)
    own[[1, 3, 5], [0, 1, 2]] = 0.3
    return torch.cat([vectors, own], dim=1)


def register(monkeypatch, questions):
    columns = ("category", "a", "b", "c", "d")
    rows = dict(zip(columns, map(list, zip(*questions, strict=True)), strict=True))
    monkeypatch.setattr(analogies, "load_corpus", lambda name, split: (rows, IDENTITY))
    analogies._questions.cache_clear()


@pytest.fixture(autouse=True)
def nothing_remembered():
    yield
    analogies._questions.cache_clear()


def model_of(vectors):
    return SimpleNamespace(vectors=vectors), SimpleNamespace(vocabulary=VOCABULARY)


def test_planted_vectors_solve_every_question(monkeypatch):
    register(monkeypatch, QUESTIONS)
    numbers = analogy_accuracy(*model_of(planted()), corpus="planted")
    assert numbers["total"] == numbers["semantic"] == numbers["syntactic"] == 100
    assert numbers["section:family"] == numbers["section:gram2-comparative"] == 100
    assert numbers["questions"] == 12
    assert numbers["semantic_questions"] == 6


def test_neither_length_nor_rotation_of_the_vectors_changes_an_answer():
    ids = answerable(QUESTIONS, VOCABULARY).ids
    generator = torch.Generator().manual_seed(0)
    vectors = planted() + 0.4 * torch.randn(13, 9, generator=generator)
    before = solve(vectors, ids)
    turn = torch.linalg.qr(torch.randn(9, 9, generator=generator)).Q
    lengths = torch.rand(13, 1, generator=generator) + 0.5
    assert torch.equal(solve(vectors @ turn * lengths, ids), before)
    assert 0 < (before == ids[:, 3]).sum() < 12


def test_a_section_that_fails_lowers_its_own_number_and_the_total(monkeypatch):
    register(monkeypatch, [*QUESTIONS, QUESTIONS[0], QUESTIONS[0]])
    vectors = planted()
    vectors[7] = vectors[12]
    numbers = analogy_accuracy(*model_of(vectors), corpus="planted")
    assert numbers["semantic"] == numbers["section:family"] == 100
    assert numbers["syntactic"] == numbers["section:gram2-comparative"] < 50
    right = round(6 * numbers["syntactic"] / 100)
    assert numbers["total"] == pytest.approx(100 * (8 + right) / 14)
    assert numbers["questions"] == 14


def test_the_words_of_the_question_are_no_answers():
    vectors = irregular()
    ids = answerable(QUESTIONS[:6], VOCABULARY).ids
    assert torch.equal(solve(vectors, ids), ids[:, 3])
    assert torch.equal(solve(vectors, ids, exclude_inputs=False), ids[:, 2])


def test_the_score_with_inputs_allowed_is_reported_beside_the_usual_one(monkeypatch):
    register(monkeypatch, QUESTIONS)
    vectors = irregular()
    numbers = analogy_accuracy(*model_of(vectors), corpus="planted")
    assert numbers["total"] == 100
    assert numbers["total_inputs_allowed"] == 50


def test_questions_are_lower_cased_and_those_with_rare_words_are_dropped():
    questions = [
        ("family", "King", "QUEEN", "man", "woman"),
        ("family", "king", "queen", "emperor", "empress"),
        ("family", "king", "queen", "prince", "princess"),
    ]
    found = answerable(questions, VOCABULARY, most_frequent=5)
    assert found.ids.tolist() == [[0, 1, 2, 3]]
    assert found.sections == ("family",)
    assert len(answerable(questions, VOCABULARY).ids) == 2


def test_words_beyond_the_most_frequent_are_no_answers_either(monkeypatch):
    register(monkeypatch, QUESTIONS[:1])
    vectors = planted()
    vectors[12] = vectors[1] - vectors[0] + vectors[2]  # "spare" is the perfect answer
    vectors[3] += 0.2
    everything, frequent = (
        analogy_accuracy(*model_of(vectors), corpus="planted", most_frequent=limit)
        for limit in (None, 12)
    )
    assert everything["total"] == 0
    assert frequent["total"] == 100


def test_a_text_without_any_of_the_words_is_an_error_that_says_what_to_do():
    with pytest.raises(ReplicationError, match="among the 2 most frequent.*smaller min_count"):
        answerable(QUESTIONS, VOCABULARY, most_frequent=2)
    with pytest.raises(ReplicationError, match="No analogy question"):
        answerable([], VOCABULARY)


def test_more_questions_than_fit_one_product_are_answered_in_their_order():
    ids = answerable(QUESTIONS, VOCABULARY).ids.repeat(200, 1)
    assert torch.equal(solve(planted(), ids), ids[:, 3])


def test_the_worlds_questions_are_asked_of_all_words():
    model, data = model_of(planted())
    data.text = SimpleNamespace(world=SimpleNamespace(analogies=QUESTIONS))
    expected = {"world_analogies": 100.0, "world_questions": 12.0}
    assert world_analogy_accuracy(model, data) == expected
    model.vectors[3] = model.vectors[12]
    assert world_analogy_accuracy(model, data)["world_analogies"] < 100


def test_the_two_halves_hold_every_other_question(monkeypatch):
    register(monkeypatch, QUESTIONS)
    vectors = planted()
    vectors[7] = vectors[12]
    model, data = model_of(vectors)
    ids = answerable(QUESTIONS, VOCABULARY).ids
    right = (solve(vectors, ids) == ids[:, 3]).double()
    assert analogy_halves(model, data, corpus="planted") == {
        "analogies_chosen_by": 100 * right[::2].mean().item(),
        "analogies_judged": 100 * right[1::2].mean().item(),
    }
    assert right[::2].mean() != right[1::2].mean()
