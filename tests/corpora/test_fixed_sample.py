"""A fixed sample of a text: so many different tokens, the same in every epoch, others by seed."""

from __future__ import annotations

import pytest
from tiny_language_model import Letters

from replications.corpora.batches.fixed_sample import FixedSample
from replications.corpora.texts.documents import Documents
from replications.errors import ReplicationError

TEXT = Documents(["abcd" * 60], ["abcd"], ["dcba"], ())


def sample(seed: int = 0, **changed) -> FixedSample:
    given = {"unique_tokens": 20, "length": 4, "sequences_per_batch": 5, "tokens_per_epoch": 40}
    data = FixedSample(
        seed, text=lambda seed: TEXT, tokenizer=lambda documents: Letters(), **{**given, **changed}
    )
    data.setup("fit")
    return data


def test_an_epoch_goes_round_the_sample_and_never_leaves_it():
    data = sample()
    read = (
        data.sample[data.sequence_indices(0)].tolist()
        + data.sample[data.sequence_indices(1)].tolist()
    )
    assert data.sequences == 5 and set(read) == set(data.sample.tolist())
    assert sorted(read) == sorted(data.sample.tolist() * 4)


def test_a_batch_is_made_of_the_sampled_sequences():
    data = sample()
    first = data.sequence_indices(0)[:2]
    starts = data.sample[first] * 4
    expected = [data.tokens.ids[start : start + 5].tolist() for start in starts.tolist()]
    assert data.batch(first).ids.tolist() == expected


def test_each_seed_draws_its_own_sample_and_always_the_same():
    assert sample(0).sample.tolist() == sample(0).sample.tolist() != sample(1).sample.tolist()


@pytest.mark.parametrize("tokens", [3, 10_000])
def test_a_sample_of_nothing_or_of_more_than_there_is_is_an_error(tokens):
    with pytest.raises(ReplicationError, match="different tokens are .* give more text"):
        _ = sample(unique_tokens=tokens).sequences
