from functools import partial

import numpy as np
import pytest
import torch
from tiny_text import IDENTITY

from replications.corpora.batches.masking import IGNORE_INDEX, masked, next_token
from replications.corpora.batches.single_texts import SingleTexts
from replications.corpora.texts.documents import Documents
from replications.errors import ReplicationError
from replications.tokens.wordpiece import SPECIAL, WordPiece

WORDS = [f"w{number}" for number in range(40)]
VOCABULARY = WordPiece((*SPECIAL, *WORDS))
TEXTS = tuple(" ".join(WORDS[number : number + 3 + number % 4]) for number in range(30))


def texts(seed, *, documents=TEXTS):
    return Documents(documents, documents[:5], documents[5:12], (IDENTITY,))


def rows_of(seed=0, **options):
    settings = {"length": 8, "sequences_per_batch": 4} | options
    documents = settings.pop("documents", TEXTS)
    data = SingleTexts(
        seed,
        text=partial(texts, documents=documents),
        tokenizer=lambda documents: VOCABULARY,
        **settings,
    )
    data.setup()
    return data


def shown(batches):
    """The rows as text, with what is hidden put back."""
    for batch in batches:
        ids = torch.where(batch.labels == IGNORE_INDEX, batch.ids, batch.labels)
        yield from (VOCABULARY.decode(row.tolist()) for row in ids)


def test_an_epoch_reads_each_document_once_between_its_marks():
    data = rows_of()
    batches = data.batches(0)
    assert sorted(shown(batches)) == sorted(TEXTS)
    assert {len(batch.ids) for batch in batches} == {4, 2}
    for batch in batches:
        assert (batch.ids[:, 0] == VOCABULARY.start).all()
        assert ((batch.ids == VOCABULARY.separator).sum(1) == 1).all()
        assert not batch.segments.any() and not batch.next_sentence_label.any()


def test_the_rest_of_a_row_is_padding_and_not_asked_about():
    data = rows_of()
    for batch in data.batches(0):
        ends = (batch.ids == VOCABULARY.separator).int().argmax(1)
        behind = torch.arange(batch.ids.shape[1]) > ends[:, None]
        assert (batch.ids[behind] == VOCABULARY.padding).all()
        assert (batch.labels[behind] == IGNORE_INDEX).all()
    read = sum(int((batch.ids != VOCABULARY.padding).sum()) for batch in data.batches(0))
    assert data.tokens_per_epoch == read


def test_seed_and_epoch_decide_the_order_and_what_is_hidden():
    one, same, other = rows_of(0), rows_of(0), rows_of(1)
    ids = [[batch.ids.tolist() for batch in data.batches(0)] for data in (one, same, other)]
    assert ids[0] == ids[1] != ids[2]
    assert [batch.ids.tolist() for batch in one.batches(1)] != ids[0]


def test_rows_to_measure_with_are_the_same_for_every_seed():
    parts = [[b.ids.tolist() for b in rows_of(seed).batches_of("test", 1)] for seed in (0, 1)]
    assert parts[0] == parts[1]
    assert len(parts[0]) == 1


@pytest.mark.parametrize(("masking", "most"), [(masked, 1), (next_token, 6)])
def test_what_is_asked_is_up_to_hide(masking, most):
    batches = rows_of(masking=masking).batches(0)
    asked = np.concatenate([(batch.labels != IGNORE_INDEX).sum(1).numpy() for batch in batches])
    assert asked.max() == most and asked.min() >= 1


@pytest.mark.parametrize("text", ["", " ".join(WORDS[:7])])
def test_a_document_without_pieces_or_with_too_many_is_an_error_that_names_it(text):
    with pytest.raises(ReplicationError, match="Document 2 .*'train'.* give 1 to 6"):
        rows_of(documents=("w1 w2", text, *TEXTS)).batches(0)
