from functools import partial

import numpy as np
import pytest
import torch

from replications.corpora.batches.translation_batches import (
    TranslationBatches,
    joint,
    padded,
    separate,
)
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.parallel_text import Pairs, ParallelText
from replications.errors import ReplicationError
from replications.tokens.languages import reversed_order
from replications.tokens.shortlist import Shortlist
from replications.tokens.special import BEGIN, END, PAD

WORDS = ["eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben"]
learn = partial(Shortlist.learn, size=50)


def some_pairs(count=60):
    draw = np.random.default_rng(0)
    source = tuple(" ".join(draw.choice(WORDS, draw.integers(1, 9))) for _ in range(count))
    return Pairs(source, tuple(line.upper() + " ende" for line in source))


def some_text(seed, pairs=None):
    identity = CorpusIdentity("counting", "train", "synthetic", "0" * 64, 60, "generated", True)
    pairs = pairs or some_pairs()
    held_out = Pairs(("eins acht",), ("EINS ACHT ende",))
    return ParallelText(pairs, held_out, held_out, (identity,))


def batches(seed=0, tokenizers=None, **changes):
    tokenizers = tokenizers or partial(joint, learn=learn)
    text = changes.pop("text", some_text)
    data = TranslationBatches(
        seed, text=text, tokenizers=tokenizers, **{"tokens_per_batch": 40} | changes
    )
    data.setup()
    return data


def test_every_pair_is_in_just_one_batch_of_an_epoch():
    data = batches()
    for epoch in (0, 1):
        assert sorted(np.concatenate(data.batches(epoch))) == list(range(60))


def test_no_batch_holds_more_than_its_tokens_on_either_side():
    data = batches()
    for rows in data.batches(0):
        batch = data.batch(rows)
        assert batch.target.numel() <= 40 and batch.source.numel() <= 40


def test_a_pair_longer_than_a_batch_has_a_batch_of_its_own():
    data = batches(tokens_per_batch=6)
    assert max(data.lengths[:, 1]) > 6
    assert sorted(np.concatenate(data.batches(0))) == list(range(60))


def test_the_same_seed_and_epoch_give_the_same_batches_and_others_do_not():
    def of(seed, epoch):
        return batches(seed).batches(epoch)

    assert of(1, 2) == of(1, 2)
    assert of(1, 2) != of(1, 3)
    assert of(1, 2) != of(2, 2)


def test_little_of_a_batch_is_padding():
    data = batches(tokens_per_batch=60)
    parts = [data.batch(rows) for rows in data.batches(0)]
    filled = sum(int((part.target != PAD).sum()) for part in parts)
    assert filled > 0.85 * sum(part.target.numel() for part in parts)


def test_a_source_ends_and_a_target_begins_and_ends():
    data = batches()
    batch = data.batch([0, 1, 2])
    for source, target in zip(*batch, strict=True):
        source, target = source[source != PAD], target[target != PAD]
        assert source[-1] == END and (source == END).sum() == 1
        assert target[0] == BEGIN and target[-1] == END
        assert len(target) == len(source) + 2  # BEGIN and the word "ende"


def test_a_reversed_source_still_ends_with_end():
    plain, turned = batches().encoded, batches(order=reversed_order).encoded
    assert [s[:-1][::-1] + s[-1:] for s, _ in plain] == [s for s, _ in turned]
    assert [t for _, t in plain] == [t for _, t in turned]


def test_tokenizers_may_be_joint_or_separate():
    together = batches().vocabulary
    apart = batches(tokenizers=partial(separate, learn=learn)).vocabulary
    assert together.source is together.target
    assert len(apart.source) == 4 + len(WORDS)
    assert len(apart.target) == 4 + len(WORDS) + 1
    assert len(together.source) == 4 + 2 * len(WORDS) + 1


def test_tokens_are_counted_without_begin_and_padding():
    data = batches()
    words = sum(
        len(s.split()) + len(t.split())
        for s, t in zip(data.text.train.source, data.text.train.target, strict=True)
    )
    assert data.tokens_per_epoch == words + 2 * 60


def test_longer_pairs_are_left_out_and_none_left_is_an_error():
    assert max(len(source) for source, _ in batches(max_length=4).encoded) <= 5
    with pytest.raises(ReplicationError, match="None of the 60 training pairs .* 1 tokens"):
        _ = batches(max_length=1).encoded


def test_an_empty_training_sentence_is_an_error():
    broken = Pairs(("eins", " "), ("EINS", "ZWEI"))
    with pytest.raises(ReplicationError, match="empty"):
        _ = batches(text=partial(some_text, pairs=broken)).encoded


def test_held_out_words_that_training_lacks_become_unknown():
    data = batches()
    source, target = data.encode_pairs(data.text.test)[0]
    assert source == [data.vocabulary.source.encode("eins")[0], 3, END]
    assert target[2] == 3


def test_rows_are_filled_up_on_the_right():
    assert padded([[5, 2], [6, 7, 2]]).tolist() == [[5, 2, PAD], [6, 7, 2]]
    assert padded([[5, 2]]).dtype == torch.int64
