"""One update of ours, pair by pair, is gensim's: the same initial weights, codes and noise."""

from __future__ import annotations

from functools import partial

import gensim.models
import numpy as np
import pytest
import torch
from torch.testing import assert_close

from replications.corpora.batches.word_blocks import WordBatch
from replications.models.window_predictors import ContinuousBagOfWords, SkipGram
from replications.objectives.hierarchical_softmax import HierarchicalSoftmax
from replications.objectives.negative_sampling import NegativeSampling
from replications.objectives.word_vectors import WordVectorObjective
from replications.tokens.words import Vocabulary

VOCABULARY = Vocabulary(("a", "b", "c", "d", "e"), (97, 50, 26, 11, 4))
NOISE, DIMENSION, RATE = 4, 7, 0.05
# gensim (and word2vec.c) feed the context's vector and predict the centre word, in this order.
SKIP_GRAM_OF_A_B = ((1, [0]), (0, [1]))
BAGS_OF_C_A_B = ((2, [0, 1]), (0, [2, 1]), (1, [2, 0]))


def table_sigmoid_(scores: torch.Tensor) -> torch.Tensor:
    """word2vec.c's sigmoid: 1,000 values between -6 and 6, of which the divisor picks 83 a unit."""
    assert scores.abs().max() < 6, "beyond its table word2vec.c leaves an update out"
    place = ((scores + 6) * (1000 // 6 // 2)).long()
    return scores.copy_(((place / 1000 * 2 - 1) * 6).sigmoid())


def ours(predictor, output):
    model = WordVectorObjective(
        VOCABULARY, 0, predictor=predictor, output=output, dimension=DIMENSION
    )
    generator = torch.Generator().manual_seed(0)
    for weight in model.parameters():
        weight.data.uniform_(-0.9, 0.9, generator=generator)
    if isinstance(model.output, NegativeSampling):
        model.output.cumulative_noise = torch.eye(5).double()[NOISE].cumsum(0)
    model.on_train_epoch_start()
    return model


def train_gensim(model, sentence, *, skip_gram):
    """gensim's input and output weights after one pass over the sentence, from those of `model`."""
    tree = isinstance(model.output, HierarchicalSoftmax)
    theirs = gensim.models.Word2Vec(
        vector_size=DIMENSION,
        window=2,
        min_count=1,
        sample=0,
        workers=1,
        sg=int(skip_gram),
        hs=int(tree),
        negative=0 if tree else 1,
        shrink_windows=False,
        cbow_mean=1,
        alpha=RATE,
        min_alpha=RATE,
    )
    theirs.build_vocab_from_freq(dict(zip(VOCABULARY.words, VOCABULARY.occurrences, strict=True)))
    assert theirs.wv.index_to_key == list(VOCABULARY.words)
    theirs.wv.vectors[:] = model.vectors.numpy()
    outputs = theirs.syn1 if tree else theirs.syn1neg
    outputs[: len(model.output.weight)] = model.output.weight.detach().numpy()
    if not tree:
        # Every draw falls on the last word.
        theirs.cum_table = np.array([0] * NOISE + [2**31 - 1], dtype=np.uint32)
    theirs.train([sentence], total_words=len(sentence), epochs=1)
    return theirs.wv.vectors.copy(), outputs[: len(model.output.weight)].copy()


def train_ours(model, windows):
    """One update for each (centre, context words)."""
    for centre, context in windows:
        in_window = torch.tensor([[[True] * len(context) + [False]]])
        batch = WordBatch(torch.tensor([[centre]]), torch.tensor([[*context, centre]]), in_window)
        with torch.no_grad():
            model.apply_gradients(batch, *model.decide(batch), RATE)


@pytest.mark.parametrize(
    "output",
    [partial(NegativeSampling, negatives=1, shared_negatives=1), HierarchicalSoftmax],
    ids=["negative sampling", "hierarchical softmax"],
)
@pytest.mark.parametrize(
    ("predictor", "sentence", "windows"),
    [
        (SkipGram, ["a", "b"], SKIP_GRAM_OF_A_B),
        (ContinuousBagOfWords, ["c", "a", "b"], BAGS_OF_C_A_B),
    ],
    ids=["skip-gram", "bag of words"],
)
def test_a_sentence_moves_the_weights_as_in_gensim(
    predictor, sentence, windows, output, monkeypatch
):
    model = ours(predictor, output)
    before = [weight.detach().clone() for weight in model.parameters()]
    theirs = train_gensim(model, sentence, skip_gram=predictor is SkipGram)
    exact = ours(predictor, output)
    train_ours(exact, windows)
    with monkeypatch.context() as patched:
        patched.setattr(torch.Tensor, "sigmoid_", table_sigmoid_)
        train_ours(model, windows)
    for weight, true, their, old in zip(
        model.parameters(), exact.parameters(), theirs, before, strict=True
    ):
        their = torch.from_numpy(their)
        assert (their - old).abs().max() > 0.01
        assert_close(weight.detach(), their, atol=1e-6, rtol=0)
        # The true sigmoid differs from the table by less than 0.01.
        assert_close(true.detach(), their, atol=0.01 * RATE * 2, rtol=0)
