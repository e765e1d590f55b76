"""Text that was seen in training, and text that was not."""

from __future__ import annotations

import math
from functools import partial
from types import SimpleNamespace

import pytest
import torch
from tiny_language_model import Bigrams, Letters

from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.documents import Documents
from replications.corpora.texts.held_out_texts import HeldOutTexts
from replications.errors import ReplicationError
from replications.metrics.language.domains import domain_likelihood
from replications.metrics.language.seen_text import seen_likelihood

DOCUMENTS = Documents(("abcd" * 6, "dcba" * 6), (), (), identities=())
OTHERS = HeldOutTexts(("bbbbbbbbbbbb",), ())


def data_of(length=4):
    data = TokenStream(
        0,
        text=lambda seed: DOCUMENTS,
        tokenizer=lambda documents: Letters(),
        length=length,
        sequences_per_batch=2,
        tokens_per_epoch=16,
        eval_sets={"others": lambda seed: OTHERS},
    )
    data.setup()
    return data


def bits(model, ids, size):
    log_p = model.table.detach().double().log_softmax(-1)
    nats = -sum(float(log_p[a, b]) for a, b in zip(ids, ids[1:], strict=False))
    return nats / (size * math.log(2))


def test_both_are_bits_per_byte_of_whole_sequences():
    data, model = data_of(), Bigrams()
    measure = partial(seen_likelihood, SimpleNamespace(model=model), data, epochs=2)
    found = measure(unseen="others", sequences=3)
    # 12 letters and end-of-text: three sequences of four.
    assert found["unseen_bits_per_byte"] == pytest.approx(bits(model, [*[1] * 12, 5], 11), rel=1e-5)


def test_the_seen_sequences_are_those_that_the_epochs_drew():
    data, model = data_of(), Bigrams()
    rows = torch.cat([data.sequence_indices(0), data.sequence_indices(1)])
    count = len(rows)
    found = seen_likelihood(
        SimpleNamespace(model=model), data, epochs=2, unseen="others", sequences=3
    )
    chosen = rows[[0, count // 3, 2 * count // 3]]
    sequences = data.batch(chosen).ids.tolist()
    size = sum(number != 5 for block in sequences for number in block[1:])
    nats = sum(bits(model, block, 1.0) for block in sequences)
    assert found["seen_bits_per_byte"] == pytest.approx(nats / size, rel=1e-5)


def test_too_few_sequences_are_an_error():
    with pytest.raises(ReplicationError, match="9 unseen sequences .* there are 3"):
        seen_likelihood(
            SimpleNamespace(model=Bigrams()), data_of(), epochs=3, unseen="others", sequences=9
        )


def test_a_domain_has_its_bits_a_byte_and_its_perplexity_of_a_word():
    data = data_of()
    data.eval_sets["words"] = HeldOutTexts(("ab cd", "d"), ())
    model = Bigrams()
    found = domain_likelihood(SimpleNamespace(model=model), data, domains=("words",))
    total = sum(bits(model, ids, 1.0) for ids in ([5, 0, 1, 4, 2, 3], [3, 5], [5, 3, 5]))
    assert found["bits_per_byte:words"] == pytest.approx(total / 6, rel=1e-5)
    assert found["word_perplexity:words"] == pytest.approx(2 ** (total / 3), rel=1e-5)
