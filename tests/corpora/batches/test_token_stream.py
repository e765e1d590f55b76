from functools import partial

import numpy as np
import pytest
import torch
from tiny_language_model import Letters
from tiny_text import IDENTITY

from replications.corpora.batches.token_stream import TokenStream, joined_ids
from replications.corpora.texts.documents import Documents, corpus_documents, world_documents
from replications.errors import ReplicationError

TEXTS = ("abcd", "b", "", "dd cab abba dcab", "a b c d")


def texts(seed, *, documents=TEXTS, key=None):
    return Documents(documents, documents[:1], documents[1:2], (IDENTITY,), key)


def letters(documents):
    return Letters()


def stream(seed=0, *, documents=TEXTS, key=None, **options):
    options = {"length": 4, "sequences_per_batch": 2} | options
    data = TokenStream(
        seed, text=partial(texts, documents=documents, key=key), tokenizer=letters, **options
    )
    data.setup()
    return data


def test_documents_stand_one_after_the_other_each_with_its_end():
    ids = joined_ids(TEXTS, Letters())
    assert Letters().decode(ids.tolist()) == "".join(text + "<end>" for text in TEXTS)
    assert ids.dtype == torch.int32


def test_a_block_reads_a_token_less_than_it_holds_and_the_next_begins_with_it():
    data = stream()
    ids = torch.from_numpy(data.tokens.ids.astype("int64"))
    assert data.sequences == (len(ids) - 1) // 4
    batch = data.batch(torch.tensor([0, 1, 5])).ids
    assert batch.shape == (3, 5)
    assert torch.equal(batch[0], ids[:5])
    assert torch.equal(batch[1], ids[4:9])
    assert torch.equal(batch[2], ids[20:25])
    assert batch[0, -1] == batch[1, 0]


def test_a_pass_predicts_each_token_once():
    data = stream()
    batches = [data.batch(rows) for rows in data.sequence_indices(0).split(3)]
    predicted = torch.cat([batch.ids[:, 1:].flatten() for batch in batches])
    whole = joined_ids(TEXTS, Letters())[1 : 1 + 4 * data.sequences].long()
    assert torch.equal(predicted.sort().values, whole.sort().values)
    assert data.tokens_per_epoch == len(predicted)


def test_epochs_go_on_where_the_last_one_ended_and_shuffle_each_pass_anew():
    data = stream(tokens_per_epoch=4 * 2 * 2)
    assert data.sequences == 8 and data.sequences_per_epoch == 4
    first, second = (
        torch.cat([data.sequence_indices(n), data.sequence_indices(n + 1)]) for n in (0, 2)
    )
    assert sorted(first.tolist()) == sorted(second.tolist()) == list(range(8))
    assert not torch.equal(first, second)


def test_an_epoch_may_span_passes():
    data = stream(tokens_per_epoch=4 * 2 * 3)
    rows = torch.cat([data.sequence_indices(n) for n in range(4)])
    assert [sorted(rows[n : n + 8].tolist()) for n in (0, 8, 16)] == [list(range(8))] * 3


def test_the_order_is_a_function_of_seed_and_epoch():
    assert torch.equal(stream(3).sequence_indices(1), stream(3).sequence_indices(1))
    assert not torch.equal(stream(3).sequence_indices(1), stream(4).sequence_indices(1))


def test_the_batches_of_an_epoch_are_its_rows():
    data = stream()
    batches = list(data.train_dataloader())
    assert [len(batch.ids) for batch in batches] == [2, 2, 2, 2]
    assert torch.equal(
        torch.cat([batch.ids for batch in batches]), data.batch(data.sequence_indices(0)).ids
    )


@pytest.mark.parametrize("key", [None, "some-text"])
def test_batches_are_those_of_the_joined_documents(tmp_path, monkeypatch, key):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path))
    data, joined = stream(3, key=key), joined_ids(TEXTS, Letters())
    for rows, batch in zip(data.sequence_indices(0).split(2), data.train_dataloader(), strict=True):
        expected = torch.stack([joined[4 * row : 4 * row + 5] for row in rows.tolist()])
        assert batch.ids.dtype == torch.int64
        assert torch.equal(batch.ids, expected.long())


def test_a_stream_with_a_key_is_encoded_once(tmp_path, monkeypatch):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path))
    first = stream(key="some-text").tokens

    def encode(tokenizer, text):
        raise AssertionError("it was encoded before")

    monkeypatch.setattr(Letters, "encode", encode)
    again = stream(key="some-text").tokens
    assert isinstance(again.ids, np.memmap)
    assert again.ids.tolist() == first.ids.tolist()


def test_a_text_shorter_than_a_block_is_an_error():
    with pytest.raises(ReplicationError, match="has 4 tokens, and a sequence takes 5"):
        assert stream(documents=("abc",)).sequences


def test_an_epoch_shorter_than_a_batch_is_an_error():
    with pytest.raises(ReplicationError, match="Raise `tokens_per_epoch`"):
        assert stream(tokens_per_epoch=7).sequences_per_epoch


def test_a_corpus_gives_every_nth_document(monkeypatch):
    parts = {
        "train": [f"train {n}" for n in range(7)],
        "validation": ["v0", "v1", "v2"],
        "test": ["t0", "t1", "t2"],
    }
    monkeypatch.setattr(
        "replications.corpora.texts.documents.load_corpus",
        lambda name, split, **_: ({"text": parts[split]}, IDENTITY),
    )
    found = corpus_documents(0, corpus="tiny", stride=3, test_stride=2)
    assert found.train == ["train 0", "train 3", "train 6"]
    assert found.validation == ["v0", "v2"]
    assert found.test == ["t0", "t2"]
    assert len(found.identities) == 3
    assert found.key != corpus_documents(0, corpus="tiny", stride=2).key
    with pytest.raises(ReplicationError, match="give 1"):
        corpus_documents(0, corpus="tiny", stride=0)


def test_the_world_gives_stories():
    found = world_documents(0, stories=5, validation_stories=2, test_stories=3)
    assert [len(part) for part in (found.train, found.validation, found.test)] == [5, 2, 3]
    assert all(text.endswith((".", "?")) for text in found.train)
    assert {identity.kind for identity in found.identities} == {"synthetic"}
    assert found.test == world_documents(1, stories=5, validation_stories=2, test_stories=3).test
    assert found.key is None


def aside(seed, *, rows):
    return texts(seed, documents=rows)


def test_what_is_measured_beside_is_loaded_once_and_its_rows_are_named():
    data = stream(eval_sets={"other": partial(aside, rows=("xy", "z")), "same": texts})
    assert data.eval_sets["other"].train == ("xy", "z")
    assert data.eval_sets["same"].train == TEXTS
    assert data.identities == (IDENTITY,)
    assert data.tokens.ids.tolist() == stream().tokens.ids.tolist()
