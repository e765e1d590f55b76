from functools import partial

import numpy as np
import pytest
import torch
from tiny_text import IDENTITY

from replications.corpora.batches.masking import IGNORE_INDEX, masked, next_token
from replications.corpora.batches.text_pairs import IS_NEXT, NOT_NEXT, TextPairs
from replications.corpora.texts.documents import Documents
from replications.errors import ReplicationError
from replications.tokens.wordpiece import SPECIAL, WordPiece

# Each document counts upwards through words of its own, so that its place in a row can be told.
WORDS = [f"{letter}{number}" for letter in "abc" for number in range(200, 300)]
DOCUMENTS = tuple(" ".join(WORDS[start : start + 100]) for start in (0, 100, 200))
VOCABULARY = WordPiece((*SPECIAL, *WORDS))


def texts(seed, *, documents=DOCUMENTS):
    return Documents(documents, documents, documents, (IDENTITY,))


def pairs(seed=0, *, documents=DOCUMENTS, **options):
    settings = {"length": 23, "sequences_per_batch": 4, "tokens_per_epoch": 23 * 4 * 50} | options
    data = TextPairs(
        seed,
        text=partial(texts, documents=documents),
        tokenizer=lambda documents: VOCABULARY,
        **settings,
    )
    data.setup()
    return data


def rows(data, part="train"):
    """Of each row the first text, the second, and what is said of them, with nothing hidden."""
    for batch in data.draw(part, 50, 0, data.length):
        for ids, segments, labels, next_sentence_label in zip(*batch, strict=True):
            ids = torch.where(labels == IGNORE_INDEX, ids, labels)
            first = ids[(segments == 0) & (ids >= len(SPECIAL))]
            second = ids[(segments == 1) & (ids >= len(SPECIAL))]
            yield first.tolist(), second.tolist(), int(next_sentence_label)


def test_a_row_is_two_texts_between_marks():
    batch = pairs().batches(0)[0]
    ids = torch.where(batch.labels == IGNORE_INDEX, batch.ids, batch.labels)
    for row, segments in zip(ids.tolist(), batch.segments.tolist(), strict=True):
        ends = [position for position, number in enumerate(row) if number == VOCABULARY.separator]
        assert row[0] == VOCABULARY.start and len(ends) == 2 and ends[1] == 22
        assert segments == [0] * (ends[0] + 1) + [1] * (22 - ends[0])
        assert 5 <= ends[0] - 1 <= 15


def test_half_of_the_second_texts_follow_and_the_others_are_of_another_document():
    of = lambda ids: {(number - len(SPECIAL)) // 100 for number in ids}  # noqa: E731
    said = []
    for first, second, next_sentence_label in rows(pairs()):
        assert first == list(range(first[0], first[0] + len(first)))
        assert second == list(range(second[0], second[0] + len(second)))
        if next_sentence_label == IS_NEXT:
            assert second[0] == first[-1] + 1
        else:
            assert of(first) != of(second)
        said.append(next_sentence_label)
    assert 0.4 < np.mean(said) < 0.6 and set(said) == {IS_NEXT, NOT_NEXT}


def test_all_may_follow():
    assert {next_sentence_label for *_, next_sentence_label in rows(pairs(random=0.0))} == {IS_NEXT}


def test_documents_are_drawn_as_often_as_they_are_long():
    data = pairs(documents=(DOCUMENTS[0], " ".join(WORDS[100:125])), random=0.0)
    long = np.mean([first[0] < len(SPECIAL) + 100 for first, *_ in rows(data)])
    assert 0.7 < long < 0.9


def test_rows_of_the_first_epochs_may_be_shorter_and_batches_read_as_much():
    data = pairs(length=64, length_schedule=(16, 32), tokens_per_epoch=64 * 4 * 5)
    shapes = [[tuple(batch.ids.shape) for batch in data.batches(epoch)] for epoch in range(4)]
    assert shapes == [[(16, 16)] * 5, [(8, 32)] * 5, [(4, 64)] * 5, [(4, 64)] * 5]
    assert {tuple(batch.ids.shape) for batch in data.batches_of("test", 3)} == {(4, 64)}


@pytest.mark.parametrize("length_schedule", [(8,), (16, 24), (128,)])
def test_lengths_that_do_not_fit_the_last_one_are_refused(length_schedule):
    with pytest.raises(ReplicationError, match="give lengths of 16 or more that divide 64"):
        pairs(length=64, length_schedule=length_schedule)


def test_short_documents_fill_a_row_with_padding():
    data = pairs(documents=tuple(" ".join(WORDS[n : n + 16]) for n in (0, 100)), random=0.0)
    batch = data.batches(0)[0]
    assert (batch.ids[:, 19:] == VOCABULARY.padding).all()
    assert (batch.labels[:, 19:] == IGNORE_INDEX).all()


def test_an_epoch_is_a_function_of_seed_and_number():
    one, same = pairs(3).batches(1), pairs(3).batches(1)
    assert all(torch.equal(a, b) for a, b in zip(one[0], same[0], strict=True))
    assert not torch.equal(one[0].ids, pairs(4).batches(1)[0].ids)
    assert not torch.equal(one[0].ids, pairs(3).batches(2)[0].ids)
    assert len(one) == 50 and pairs(3).tokens_per_epoch == 23 * 4 * 50


def test_the_rows_to_measure_with_are_the_same_for_every_seed():
    one, other = pairs(0).batches_of("test", 2), pairs(1).batches_of("test", 2)
    assert all(torch.equal(a.ids, b.ids) for a, b in zip(one, other, strict=True))


def test_one_document_is_not_enough():
    with pytest.raises(ReplicationError, match="Only 1 of the 2 documents"):
        pairs(documents=(DOCUMENTS[0], "a200 a201")).batches(0)


ROW = np.array([2, *range(5, 105), 3, *range(105, 205), 3, 0, 0])


def hidden(seed=0, **options):
    return masked(ROW, VOCABULARY, np.random.default_rng(seed), **options)


def test_fifteen_of_a_hundred_pieces_are_asked_about_and_marks_never():
    for seed in range(20):
        ids, labels = hidden(seed)
        masked_row = labels != IGNORE_INDEX
        assert masked_row.sum() == 30
        assert (labels[masked_row] == ROW[masked_row]).all()
        assert not masked_row[np.isin(ROW, (0, 2, 3))].any()
        assert (ids[~masked_row] == ROW[~masked_row]).all()


def test_of_these_eight_tenths_are_hidden_and_a_tenth_is_anything():
    fates = {"hidden": 0, "same": 0, "other": 0}
    for seed in range(100):
        ids, labels = hidden(seed)
        masked_row = labels != IGNORE_INDEX
        fates["hidden"] += (ids[masked_row] == VOCABULARY.mask).sum()
        fates["same"] += (ids[masked_row] == ROW[masked_row]).sum()
    fates["other"] = 3000 - fates["hidden"] - fates["same"]
    for name, mlm_probability in (("hidden", 0.8), ("same", 0.1), ("other", 0.1)):
        assert (
            abs(fates[name] / 3000 - mlm_probability)
            < 5 * (mlm_probability * (1 - mlm_probability) / 3000) ** 0.5
        )


def test_the_shares_may_be_others():
    ids, labels = hidden(mlm_probability=0.5, mask_probability=1.0, random=0.0)
    assert (labels != IGNORE_INDEX).sum() == 100
    assert (ids == VOCABULARY.mask).sum() == 100
    ids, _ = hidden(mask_probability=0.0, random=0.0)
    assert (ids == ROW).all()
    ids, labels = hidden(mask_probability=0.0, random=1.0)
    assert (ids[labels != IGNORE_INDEX] >= len(SPECIAL)).all()


def test_what_replaces_a_piece_is_no_mark_wherever_the_vocabulary_has_its_marks():
    late = WordPiece(("[PAD]", "ab", "cd", "ef", *SPECIAL[1:]))
    row = np.array([late.start, *[1, 2, 3] * 40, late.separator])
    for seed in range(5):
        read, labels = masked(
            row,
            late,
            np.random.default_rng(seed),
            mlm_probability=1.0,
            mask_probability=0.0,
            random=1.0,
        )
        assert set(read[labels != IGNORE_INDEX]) == {1, 2, 3}


def test_a_short_row_is_asked_about_one_piece_at_least():
    _, labels = masked(np.array([2, 9, 3]), VOCABULARY, np.random.default_rng(0))
    assert labels.tolist() == [IGNORE_INDEX, 9, IGNORE_INDEX]


@pytest.mark.parametrize(
    "wrong",
    [{"mlm_probability": 0.0}, {"mlm_probability": 1.1}, {"mask_probability": 0.8, "random": 0.3}],
)
def test_shares_that_cannot_be_are_refused(wrong):
    with pytest.raises(ReplicationError, match="give a share"):
        hidden(**wrong)


def test_left_to_right_each_place_predicts_the_next_piece():
    row = np.array([2, 7, 8, 3, 9, 3])
    ids, labels = next_token(row, VOCABULARY, np.random.default_rng(0))
    assert (ids == row).all()
    assert labels.tolist() == [7, 8, IGNORE_INDEX, 9, IGNORE_INDEX, IGNORE_INDEX]
