from functools import partial

import numpy as np
import pytest
import torch
from tiny_text import IDENTITY

from replications.corpora.batches.segment_pairs import (
    SegmentPairs,
    mask_tokens,
    predict_next,
)
from replications.corpora.batches.text_pairs import IS_NEXT, NOT_NEXT
from replications.corpora.texts.documents import Documents
from replications.errors import ReplicationError
from replications.tokens.wordpiece import SPECIAL, WordPiece

WORDS = [f"w{number}" for number in range(300)]
VOCABULARY = WordPiece((*SPECIAL, *WORDS))
FIRST = len(SPECIAL)
# Each document counts on, so that an id says which document it is of and where it stands there.
DOCUMENTS = (" ".join(WORDS[:100]), " ".join(WORDS[100:140]), " ".join(WORDS[140:300]), "w1 w2")


def texts(seed):
    return Documents(DOCUMENTS, DOCUMENTS, DOCUMENTS, (IDENTITY,))


def vocabulary(documents):
    return VOCABULARY


def plain(ids, separators, vocabulary, generator):
    """Nothing masked: what the sequences are made of."""
    return predict_next(ids, separators, vocabulary, generator)


def data_of(seed=0, **changes):
    data = SegmentPairs(
        seed,
        **{
            "text": partial(texts),
            "tokenizer": vocabulary,
            "length": 32,
            "sequences_per_batch": 64,
            "tokens_per_epoch": 32 * 64 * 3,
            "targets": plain,
        }
        | changes,
    )
    data.setup()
    return data


def document_of(ids):
    return np.searchsorted([100, 140, 300], ids - FIRST, side="right")


def test_a_sequence_is_a_segment_and_what_follows_it_or_one_of_another_document():
    seen = set()
    for batch in data_of().batches(0):
        assert batch.ids.shape == (64, 32)
        for ids, segments, next_sentence_label in zip(
            batch.ids, batch.segments, batch.next_sentence_label, strict=True
        ):
            (separator, last) = (ids == VOCABULARY.separator).nonzero()[:, 0].tolist()
            assert ids[0] == VOCABULARY.start and last == 31
            first, second = ids[1:separator].numpy(), ids[separator + 1 : last].numpy()
            assert 29 // 4 <= len(first) <= 3 * 29 // 4 and len(first) + len(second) == 29
            assert (np.diff(first) == 1).all() and (np.diff(second) == 1).all()
            assert segments.tolist() == [0] * (separator + 1) + [1] * (31 - separator)
            if next_sentence_label == IS_NEXT:
                assert second[0] == first[-1] + 1
            else:
                assert document_of(second[0]) != document_of(first[0])
            assert len({*document_of(first)}) == len({*document_of(second)}) == 1
            seen.add((int(document_of(first[0])), int(next_sentence_label)))
    assert seen == {(document, kind) for document in range(3) for kind in (IS_NEXT, NOT_NEXT)}


def test_half_of_the_second_segments_follow_and_with_random_zero_all_do():
    next_sentence_label = torch.cat(
        [batch.next_sentence_label for batch in data_of(tokens_per_epoch=1 << 16).batches(0)]
    )
    assert (next_sentence_label == IS_NEXT).double().mean() == pytest.approx(0.5, abs=0.04)
    assert all(
        (batch.next_sentence_label == IS_NEXT).all() for batch in data_of(random=0.0).batches(0)
    )


def test_every_start_is_equally_likely():
    data = data_of(random=0.0, tokens_per_epoch=1 << 20)
    firsts = torch.cat([batch.ids[:, 1] for batch in data.batches(0)]) - FIRST
    counts = torch.bincount(firsts, minlength=300)
    # A document of n ids has n - 28 starts: 72, 12 and 132 of them.
    possible = torch.cat([torch.arange(72), 100 + torch.arange(12), 140 + torch.arange(132)])
    assert counts.sum() == counts[possible].sum()
    expected = len(firsts) / len(possible)
    assert ((counts[possible] - expected).abs() < 6 * expected**0.5).all()


def test_masked_are_fifteen_per_cent_and_of_them_a_tenth_is_random_and_a_tenth_stays():
    data = data_of(targets=mask_tokens, random=0.0, tokens_per_epoch=1 << 18)
    masked = stayed = total = 0
    for batch in data.batches(0):
        assert batch.masked_positions.shape == batch.labels.shape == (64, round(0.15 * 29))
        read = batch.ids.gather(1, batch.masked_positions)
        assert all(len(set(row.tolist())) == len(row) for row in batch.masked_positions)
        assert (batch.labels >= FIRST).all() and (read != VOCABULARY.separator).all()
        masked += int((read == VOCABULARY.mask).sum())
        stayed += int((read == batch.labels).sum())
        total += read.numel()
        # What is not asked about is as it was: labels put back make the text whole.
        whole = batch.ids.scatter(1, batch.masked_positions, batch.labels)
        separators = (whole == VOCABULARY.separator).int().argmax(1)
        for row, separator in zip(whole, separators, strict=True):
            assert (row[1:separator].diff() == 1).all()
    assert masked / total == pytest.approx(0.8, abs=0.02)
    assert stayed / total == pytest.approx(0.1, abs=0.02)


def test_a_causal_network_predicts_each_ordinary_token_but_the_first():
    for batch in data_of().batches(0):
        for ids, asked, labels in zip(batch.ids, batch.masked_positions, batch.labels, strict=True):
            expected = [n for n in range(31) if ids[n + 1] >= FIRST]
            assert asked.tolist() == expected
            assert labels.tolist() == ids[1:][expected].tolist()


def test_an_epoch_is_a_function_of_seed_and_epoch():
    def first(seed, epoch):
        return next(iter(data_of(seed, targets=mask_tokens).batches(epoch)))

    assert all(map(torch.equal, first(0, 1), first(0, 1)))
    for other in (first(1, 1), first(0, 2)):
        assert not torch.equal(first(0, 1).ids, other.ids)


def test_what_is_measured_is_the_same_for_every_seed():
    one, other = (next(iter(data_of(seed).batches_of("test"))) for seed in (0, 1))
    assert torch.equal(one.ids, other.ids)


def test_scheduled_lengths_hold_as_many_ids():
    data = data_of(length_schedule=(16,))
    short, whole = (next(iter(data.batches(epoch))) for epoch in (0, 1))
    assert short.ids.shape == (128, 16) and whole.ids.shape == (64, 32)
    assert data.tokens_per_epoch == 3 * 64 * 32


@pytest.mark.parametrize("length", [8, 24])
def test_a_scheduled_length_that_does_not_fit_is_refused(length):
    with pytest.raises(ReplicationError, match="length_schedule"):
        data_of(length_schedule=(length,))


def test_documents_that_are_too_short_are_refused():
    with pytest.raises(ReplicationError, match="Fewer than two documents of the part 'train'"):
        next(iter(data_of(length=256).batches(0)))
