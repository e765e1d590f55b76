from __future__ import annotations

from functools import partial

import gensim.models
import pytest
import torch
from tiny_text import IDENTITY
from torch.testing import assert_close

from replications.baselines.gensim_word2vec import train_with_gensim
from replications.corpora.batches.word_blocks import WordBlocks
from replications.corpora.texts.encoded_text import EncodedText, world_text
from replications.metrics.word_vectors.analogies import world_analogy_accuracy
from replications.recipes import Workspace
from replications.tokens.words import Vocabulary


def rarest_first(seed: int) -> EncodedText:
    """Four words whose ids run against gensim's order, which is by falling frequency."""
    words, times = ("d", "c", "b", "a"), (3, 9, 27, 81)
    ids = torch.cat([torch.full((n,), i, dtype=torch.int32) for i, n in enumerate(times)])
    ids = ids[torch.randperm(len(ids), generator=torch.Generator().manual_seed(seed))]
    document = torch.zeros(len(ids), dtype=torch.int32)
    return EncodedText(ids, document, Vocabulary(words, times), len(ids), IDENTITY)


@pytest.fixture
def made(monkeypatch) -> list:
    """The gensim models that the learner makes."""
    models = []

    def make(**settings):
        models.append(original(**settings))
        return models[-1]

    original = gensim.models.Word2Vec
    monkeypatch.setattr(gensim.models, "Word2Vec", make)
    return models


def data_of(text, **settings) -> WordBlocks:
    data = WordBlocks(0, text=text, **settings)
    data.setup("fit")
    return data


@pytest.mark.parametrize("hierarchical", [False, True])
def test_each_word_has_the_vector_that_gensim_gave_it(made, hierarchical):
    data = data_of(rarest_first, window=2, subsample=None)
    learned = train_with_gensim(
        data, (), Workspace(0), hierarchical=hierarchical, dimension=6, epochs=2, workers=1
    )
    (model,) = made
    assert model.wv.index_to_key != list(data.vocabulary.words)
    for word, vector in zip(data.vocabulary.words, learned.model.vectors, strict=True):
        assert_close(vector, torch.tensor(model.wv[word]))
    outputs = 4 - hierarchical
    assert learned.parameters == {"embedding": 4 * 6, "other": outputs * 6}


def test_the_settings_are_those_of_the_data_module(made):
    data = data_of(rarest_first, window=3, subsample=1e-2)
    train_with_gensim(data, (), Workspace(4), skip_gram=False, learning_rate=0.05, workers=1)
    (model,) = made
    assert (model.window, model.sample, model.sg, model.alpha) == (3, 1e-2, 0, 0.05)
    assert model.corpus_count == len(list(data.text.sentences())) == 1
    assert {word: model.wv.get_vecattr(word, "count") for word in "abcd"} == {
        "d": 3,
        "c": 9,
        "b": 27,
        "a": 81,
    }


def test_each_epoch_is_on_the_trajectory():
    data = data_of(rarest_first, window=2, subsample=None)
    learned = train_with_gensim(data, (), Workspace(0), dimension=6, epochs=3, workers=1)
    assert [point["epoch"] for point in learned.trajectory] == [1, 2, 3]
    assert [point["tokens"] for point in learned.trajectory] == [120, 240, 360]
    assert learned.seconds == learned.trajectory[-1]["seconds"] > 0


def test_gensim_solves_the_worlds_analogies_too():
    data = data_of(partial(world_text, tokens=30_000), subsample=3e-3)
    learned = train_with_gensim(data, (), Workspace(0), dimension=32, epochs=15, workers=1)
    assert world_analogy_accuracy(learned.model, data)["world_analogies"] > 50
