import math
from types import SimpleNamespace

import pytest
import torch
from tiny_language_model import Bigrams, Counting, Letters

from replications.errors import ReplicationError
from replications.metrics.language.text_likelihood import (
    bits_per_byte,
    text_likelihood,
    token_losses,
)

TEXTS = ("abcad", "b", "dd cab abba dcab")


def nats_by_hand(model, texts):
    log_p = model.table.detach().double().log_softmax(-1)
    total = 0.0
    for text in texts:
        ids = [5, *Letters().encode(text), 5]
        total -= sum(float(log_p[a, b]) for a, b in zip(ids, ids[1:], strict=False))
    return total


@pytest.mark.parametrize("length, overlap", [(1, 0), (3, 0), (4, 2), (7, 6), (64, 0), (64, 63)])
def test_every_token_is_predicted_once_whatever_the_windows(length, overlap):
    # A model that sees one token back finds the same probabilities in every window.
    model = Bigrams()
    found = text_likelihood(model, Letters(), TEXTS, length=length, overlap=overlap)
    assert found.tokens == sum(len(text) + 1 for text in TEXTS)
    assert found.nats == pytest.approx(nats_by_hand(model, TEXTS), rel=1e-6)
    assert found.bytes == sum(map(len, TEXTS))
    assert found.bits_per_byte == pytest.approx(found.nats / math.log(2) / found.bytes)
    assert found.nats_per_token == pytest.approx(found.nats / found.tokens)


def test_an_overlap_gives_a_window_tokens_to_go_on_from():
    # After "<end>abcd <end>" the counting model expects b: it has been shown seven tokens.
    class Places(Counting):
        seen = []

        def forward(self, ids):
            self.seen.append(ids.shape[1])
            return super().forward(ids)

    model = Places()
    text_likelihood(model, Letters(), ["abcd abcd"], length=4, overlap=0, sequences_per_batch=1)
    assert sorted(model.seen) == [2, 4, 4]
    model.seen.clear()
    text_likelihood(model, Letters(), ["abcd abcd"], length=4, overlap=3, sequences_per_batch=1)
    assert model.seen == [4] * 7


def test_neither_batches_nor_companions_change_the_likelihood():
    model = Bigrams()
    one = text_likelihood(model, Letters(), TEXTS, length=3, sequences_per_batch=1)
    many = text_likelihood(model, Letters(), TEXTS, length=3, sequences_per_batch=64)
    assert one.nats == pytest.approx(many.nats, rel=1e-9)


def test_bytes_are_those_of_utf_8():
    class Accents(Letters):
        symbols = ("é", "a", "b", "c", "d", "<end>")

    assert text_likelihood(Bigrams(), Accents(), ["éa"], length=8).bytes == 3


def test_the_loss_of_a_uniform_guess_is_the_logarithm_of_the_choices():
    losses = token_losses(torch.zeros(2, 3, 6), torch.zeros(2, 3, dtype=torch.long))
    torch.testing.assert_close(losses, torch.full((2, 3), math.log(6)))


def test_the_metric_names_the_part():
    data = SimpleNamespace(
        vocabulary=Letters(), length=4, text=SimpleNamespace(test=TEXTS, validation=TEXTS[:1])
    )
    objective = SimpleNamespace(model=Bigrams())
    found = bits_per_byte(objective, data, part="validation", prefix="validation_")
    assert set(found) == {"validation_bits_per_byte", "validation_nats_per_token"}
    nats = nats_by_hand(objective.model, TEXTS[:1])
    assert found["validation_bits_per_byte"] == pytest.approx(nats / math.log(2) / 5, rel=1e-6)


@pytest.mark.parametrize("overlap", [-1, 4])
def test_an_overlap_without_room_is_an_error(overlap):
    with pytest.raises(ReplicationError, match="give 0 to 3"):
        text_likelihood(Bigrams(), Letters(), TEXTS, length=4, overlap=overlap)


@pytest.mark.parametrize("texts", [(), ("", "")])
def test_no_text_is_an_error(texts):
    with pytest.raises(ReplicationError, match="no text to measure"):
        text_likelihood(Bigrams(), Letters(), texts, length=4)
