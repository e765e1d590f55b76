from functools import partial

import pytest
import torch
from tiny_text import IDENTITY

from replications.corpora.batches.arrangements import cut_to, in_reading_order, in_segments
from replications.corpora.batches.labelled_batches import LabelledBatches
from replications.corpora.texts.documents import Documents
from replications.corpora.texts.labelled_texts import Labelled, LabelledTexts
from replications.errors import ReplicationError
from replications.tokens.byte_level import ByteLevelBPE
from replications.tokens.special_tokens import WithSpecialTokens
from replications.tokens.wordpiece import SPECIAL, WordPiece

TEXTS = ("good good film", "bad film", "a film")


def marked(documents):
    return WithSpecialTokens(ByteLevelBPE.learn(TEXTS, merges=5))


VOCABULARY = marked(())
START, DELIMITER, EXTRACT = VOCABULARY.start, VOCABULARY.delimiter, VOCABULARY.extract


def task(seed=0, *, pairs=False, symmetric=False):
    texts = [(text, "film") if pairs else (text,) for text in TEXTS]
    part = Labelled(texts, [1.0, 0.0, 1.0])
    return LabelledTexts(part, part, part, 2, symmetric, (IDENTITY,))


def arranged(texts, *, symmetric=False, **options):
    arrange = in_reading_order(VOCABULARY, task(symmetric=symmetric), **options)
    return arrange([VOCABULARY.encode(text) for text in texts])


def test_the_marks_are_the_last_numbers_and_no_text_has_them():
    assert tuple(range(len(VOCABULARY) - 3, len(VOCABULARY))) == (START, DELIMITER, EXTRACT)
    spelled = VOCABULARY.encode("<start> good <extract>")
    assert not {START, DELIMITER, EXTRACT} & set(spelled)
    assert VOCABULARY.decode([START, *spelled, EXTRACT]) == "<start> good <extract>"


def test_one_text_stands_between_start_and_extract():
    (row,) = arranged(["good film"])
    assert row.ids == [START, *VOCABULARY.encode("good film"), EXTRACT]
    assert row.position == len(row.ids) - 1
    assert row.segments == [0] * len(row.ids)


def test_two_texts_are_told_apart_by_the_delimiter():
    (row,) = arranged(["good", "bad film"])
    a, b = VOCABULARY.encode("good"), VOCABULARY.encode("bad film")
    assert row.ids == [START, *a, DELIMITER, *b, EXTRACT]


def test_where_the_order_means_nothing_there_is_a_row_for_each():
    one, other = arranged(["good", "bad film"], symmetric=True)
    a, b = VOCABULARY.encode("good"), VOCABULARY.encode("bad film")
    assert one.ids == [START, *a, DELIMITER, *b, EXTRACT]
    assert other.ids == [START, *b, DELIMITER, *a, EXTRACT]


def test_the_longer_text_is_cut_first():
    assert cut_to([[1] * 9, [2] * 3], 8) == [[1] * 5, [2] * 3]
    assert cut_to([[1] * 9, [2] * 8], 6) == [[1] * 3, [2] * 3]
    assert cut_to([[1] * 2], 8) == [[1] * 2]
    (row,) = arranged(["good good film", "bad"], max_length=8)
    assert len(row.ids) == 8 and row.ids[-1] == EXTRACT and row.ids[0] == START


def test_no_room_for_texts_is_an_error():
    with pytest.raises(ReplicationError, match="give 5"):
        arranged(["good"], max_length=4)


def batches(seed=0, **options):
    pairs, symmetric = options.pop("pairs", False), options.pop("symmetric", False)
    text = partial(task, pairs=pairs, symmetric=symmetric)
    settings = {"examples_per_batch": 2, "text": text} | options
    data = LabelledBatches(
        seed,
        pretraining=lambda seed: Documents(TEXTS, TEXTS, TEXTS, (IDENTITY,)),
        tokenizer=marked,
        arrange=in_reading_order,
        **settings,
    )
    data.setup()
    return data


def test_a_batch_is_filled_up_on_the_right():
    first, second = batches().batches_of("test")
    lengths = [len(VOCABULARY.encode(text)) + 2 for text in TEXTS]
    assert first.lengths.tolist() == lengths[:2] and second.lengths.tolist() == lengths[2:]
    assert first.ids.shape == (2, max(lengths[:2]))
    assert first.ids[1, lengths[1] :].eq(0).all()
    assert first.ids[torch.arange(2), first.positions].tolist() == [EXTRACT, EXTRACT]
    assert first.labels.tolist() == [1.0, 0.0]


def test_the_rows_of_an_example_stand_one_by_one():
    (first, _) = batches(pairs=True, symmetric=True).batches_of("test")
    assert len(first.ids) == 4 and len(first.labels) == 2
    assert first.lengths[0] == first.lengths[1]


def test_an_epoch_has_all_examples_in_an_order_of_its_own():
    data = batches(examples_per_batch=3, repeats=2)
    one, two = data.train_dataloader()
    for batch in (one, two):
        rows = {tuple(row.tolist()) for row in batch.ids}
        assert len(rows) == 3 and batch.labels.sum() == 2
    assert data.tokens_per_epoch == 2 * sum(len(VOCABULARY.encode(t)) + 2 for t in TEXTS)
    assert data.identities == (IDENTITY, IDENTITY)


def many_lengths(seed):
    texts = [("a" + " good" * (number % 30),) for number in range(70)]
    part = Labelled(texts, [float(number % 2) for number in range(70)])
    return LabelledTexts(part, part, part, classes=2, symmetric=False, identities=(IDENTITY,))


def test_a_batch_has_examples_of_like_length_and_a_pass_has_each_once():
    data = batches(text=many_lengths, examples_per_batch=4)
    read = list(data.train_dataloader())
    assert [len(batch.labels) for batch in read] == [4] * 17 + [2]
    rows = torch.cat([batch.lengths for batch in read]).sort().values
    assert rows.tolist() == sorted(len(row.ids) for (row,) in data.encoded["train"])
    filled_up = sum(batch.ids.numel() - int(batch.lengths.sum()) for batch in read)
    assert filled_up < 0.1 * sum(batch.ids.numel() for batch in read)
    widths = [batch.ids.shape[1] for batch in read]
    assert widths != sorted(widths)


PIECES = WordPiece((*SPECIAL, *"good bad film a".split()))


def segmented(texts, **options):
    arrange = in_segments(PIECES, task(), **options)
    (row,) = arrange([PIECES.encode(text) for text in texts])
    return row


def test_a_text_stands_between_class_and_separator_in_the_first_segment():
    row = segmented(["good film"])
    assert row.ids == [PIECES.start, *PIECES.encode("good film"), PIECES.separator]
    assert row.segments == [0] * 4 and row.position == 0


def test_a_second_text_and_its_separator_are_the_second_segment():
    row = segmented(["good film", "a"])
    a, b = PIECES.encode("good film"), PIECES.encode("a")
    assert row.ids == [PIECES.start, *a, PIECES.separator, *b, PIECES.separator]
    assert row.segments == [0] * 4 + [1] * 2


def test_a_row_that_is_read_from_left_to_right_is_read_at_its_last_place():
    assert segmented(["good film", "a"], read_at=-1).position == 5


def test_rows_in_segments_are_cut_too():
    row = segmented(["good bad film a", "a"], max_length=6)
    assert row.ids == [
        PIECES.start,
        *PIECES.encode("good bad"),
        PIECES.separator,
        *PIECES.encode("a"),
        PIECES.separator,
    ]
