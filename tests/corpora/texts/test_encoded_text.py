from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from tiny_text import IDENTITY, text_of

from replications.corpora.store import cached_tensors
from replications.corpora.texts import encoded_text
from replications.corpora.texts.encoded_text import corpus_text, world_text
from replications.errors import ReplicationError

ARTICLES = ["The cat, the dog; the cat!", "", "A dog.", "the END of THE cat"]


@pytest.fixture
def shelf(monkeypatch, tmp_path):
    """A corpus by the name of "shelf"; what it holds, and its fingerprint, can be changed."""
    texts = list(ARTICLES)
    identity = [IDENTITY]

    def load(name, split):
        return {"text": texts}, identity[0]

    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path))
    monkeypatch.setattr(encoded_text, "load_corpus", load)
    return texts, identity


def cached(tmp_path):
    return sorted(tmp_path.rglob("*"), key=lambda path: path.name)


def refuse_to_tokenise(text):
    raise AssertionError("the cached text should have been read")


def test_a_corpus_becomes_ids_in_reading_order_with_the_number_of_each_document(shelf):
    text = corpus_text(0, corpus="shelf", min_count=2)
    assert text.vocabulary.words == ("the", "cat", "dog")
    assert text.vocabulary.occurrences == (5, 3, 2)
    assert text.ids.tolist() == [0, 1, 0, 2, 0, 1, 2, 0, 0, 1]
    assert text.document.tolist() == [0, 0, 0, 0, 0, 0, 2, 3, 3, 3]
    assert text.identity is IDENTITY


def test_raw_words_count_those_outside_the_vocabulary_too(shelf):
    assert corpus_text(0, corpus="shelf", min_count=2).raw_words == 13


def test_every_second_document_is_read_with_the_vocabulary_of_all(shelf):
    text = corpus_text(0, corpus="shelf", min_count=2, stride=2)
    assert text.vocabulary.words == ("the", "cat", "dog")
    assert text.vocabulary.decode(text.ids) == ["the", "cat", "the", "dog", "the", "cat", "dog"]
    assert text.document.tolist() == [0, 0, 0, 0, 0, 0, 1]
    assert text.raw_words == 8


def test_the_cached_text_is_read_in_place_of_the_corpus_and_is_the_same(shelf, monkeypatch):
    fresh = corpus_text(0, corpus="shelf", min_count=1)
    monkeypatch.setattr(encoded_text, "tokenise", refuse_to_tokenise)
    again = corpus_text(7, corpus="shelf", min_count=1)
    assert torch.equal(again.ids, fresh.ids)
    assert torch.equal(again.document, fresh.document)
    assert again.vocabulary == fresh.vocabulary
    assert again.raw_words == fresh.raw_words == 13


@pytest.mark.parametrize("options", [{"min_count": 2}, {"max_size": 2}, {"stride": 3}], ids=str)
def test_a_text_made_with_other_options_is_not_taken_from_the_cache(shelf, options):
    before = corpus_text(0, corpus="shelf", min_count=1)
    after = corpus_text(0, corpus="shelf", **{"min_count": 1, **options})
    assert (after.vocabulary, after.ids.tolist()) != (before.vocabulary, before.ids.tolist())


def test_a_corpus_with_another_fingerprint_is_not_taken_from_the_cache(shelf):
    texts, identity = shelf
    corpus_text(0, corpus="shelf", min_count=1)
    texts[:] = ["another book"]
    identity[0] = replace(IDENTITY, sha256="1" * 64)
    assert corpus_text(0, corpus="shelf", min_count=1).vocabulary.words == ("another", "book")


@pytest.mark.parametrize("articles", [[], ["", "...", "\n"]])
def test_an_empty_corpus_is_an_error_that_names_it_and_leaves_no_file(shelf, tmp_path, articles):
    shelf[0][:] = articles
    with pytest.raises(ReplicationError, match=r"shelf \(train\) holds no words"):
        corpus_text(0, corpus="shelf")
    assert cached(tmp_path) == []


def test_a_corpus_of_one_word_is_an_error(shelf, tmp_path):
    shelf[0][:] = ["echo echo", "Echo"]
    with pytest.raises(ReplicationError, match="The vocabulary has 1 words"):
        corpus_text(0, corpus="shelf", min_count=1)
    assert cached(tmp_path) == []


@pytest.mark.parametrize("kept", [0, 5, 0.5, 0.99])
def test_a_cached_text_cut_short_is_named_in_the_error(shelf, tmp_path, kept):
    corpus_text(0, corpus="shelf", min_count=1)
    (file,) = tmp_path.rglob("*.safetensors")
    content = file.read_bytes()
    file.write_bytes(content[: kept if isinstance(kept, int) else int(kept * len(content))])
    with pytest.raises(ReplicationError, match=f"(?s){file.name} is damaged.*Delete it"):
        corpus_text(0, corpus="shelf", min_count=1)


def test_a_full_disk_is_a_clear_error_and_leaves_no_half_written_text(shelf, tmp_path, monkeypatch):
    def fill_the_disk(tensors, path, metadata):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cached_tensors, "save_file", fill_the_disk)
    with pytest.raises(ReplicationError, match="No space left on device.*REPLICATIONS_CACHE"):
        corpus_text(0, corpus="shelf", min_count=1)
    assert not [path for path in cached(tmp_path) if path.is_file()]


def test_sentences_give_the_text_back_without_joining_documents():
    text = text_of("a b c d e", "", "b a", "c")
    assert list(text.sentences()) == [["a", "b", "c", "d", "e"], ["b", "a"], ["c"]]
    assert list(text.sentences(max_length=2)) == [["a", "b"], ["c", "d"], ["e"], ["b", "a"], ["c"]]


def test_a_world_text_holds_the_sentences_and_the_truth_of_the_world_of_that_seed():
    text = world_text(3, tokens=700)
    assert list(text.sentences()) == text.world.sentences
    assert text.raw_words == len(text.ids) == 700
    assert text.identity == text.world.identity
    assert world_text(4, tokens=700).identity.sha256 != text.identity.sha256


def test_the_world_knobs_reach_the_generator():
    plain, shuffled = (world_text(3, tokens=700, shuffled=knob) for knob in (False, True))
    assert plain.vocabulary.counts.sum() == shuffled.vocabulary.counts.sum() == 700
    assert list(plain.sentences()) != list(shuffled.sentences())
