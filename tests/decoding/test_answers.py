"""Answers as rows: where they end, what fills them up, and that the cache changes nothing."""

import torch

from replications.decoding.answers import as_answers, sample_answers, texts_of
from replications.models.presets import GPT2
from replications.tokens.chat import WordList

END, PADDING = 9, 8


def test_an_answer_keeps_its_end_and_one_without_an_end_is_told():
    answers = as_answers([[1, 2], [], [3, 4, 5, 6]], tokens=4, end=END, padding=PADDING)
    assert answers.ids.tolist() == [[1, 2, 9, 8], [9, 8, 8, 8], [3, 4, 5, 6]]
    assert answers.lengths.tolist() == [3, 1, 4]
    assert list(answers.ended) == [True, True, False]


def test_without_an_end_all_answers_have_one_length_and_have_ended():
    answers = as_answers([[1, 2, 3], [3, 2, 1]], tokens=3, end=None, padding=0)
    assert answers.mask.all() and all(answers.ended)


def test_the_text_of_an_answer_has_no_end():
    words = WordList(("red", "dog", "cup"))
    answers = as_answers([[0, 1], [2, 2, 2]], tokens=3, end=words.end, padding=words.end_of_text)
    assert texts_of(answers, words, words.end) == ["red dog", "cup cup cup"]


def test_each_token_is_drawn_from_the_models_own_distribution():
    torch.manual_seed(0)
    model = GPT2(10, d_model=16, layers=2, heads=2, d_ff=32, max_length=8).eval()
    with torch.no_grad():
        model.embedding.weight.mul_(20)
        expected = model(torch.tensor([[1, 2]]))[0, -1].softmax(-1)
    draw = torch.Generator().manual_seed(0)
    prompts = torch.tensor([[1, 2]]).repeat(20_000, 1)
    answers = sample_answers(model, prompts, tokens=1, end=None, padding=0, generator=draw)
    counts = torch.bincount(answers.ids[:, 0], minlength=10) / 20_000
    assert (counts - expected).abs().max() < 0.012
