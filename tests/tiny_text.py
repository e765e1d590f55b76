"""Texts of a few words, batches and short recipes, for the tests of what is learned from them."""

from __future__ import annotations

from functools import partial

import torch

from replications.corpora.batches.word_blocks import WordBatch, WordBlocks
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.encoded_text import EncodedText, world_text
from replications.metrics.word_vectors.analogies import world_analogy_accuracy
from replications.models.window_predictors import SkipGram
from replications.objectives.negative_sampling import NegativeSampling
from replications.objectives.word_vectors import WordVectorObjective
from replications.recipes import Recipe
from replications.tokens.words import Vocabulary
from replications.training.trainers import train

IDENTITY = CorpusIdentity(
    name="tiny",
    split="train",
    kind="synthetic",
    sha256="0" * 64,
    rows=1,
    origin="generated",
    expected=True,
)


def text_of(*documents: str) -> EncodedText:
    """Documents of words between spaces, as an encoded text."""
    words = [document.split() for document in documents]
    vocabulary = Vocabulary.from_sentences(words)
    numbers = torch.arange(len(words), dtype=torch.int32)
    lengths = torch.tensor([len(document) for document in words])
    ids = torch.cat([vocabulary.encode(document) for document in words])
    return EncodedText(ids, numbers.repeat_interleave(lengths), vocabulary, len(ids), IDENTITY)


def draw_batch(words: int, *, seed: int = 0) -> WordBatch:
    """Two blocks of three words with windows of two; repeated words, and one empty window."""
    generator = torch.Generator().manual_seed(seed)
    near = torch.randint(words, (2, 7), generator=generator)
    near[0, 5] = near[0, 1]
    inside = torch.rand(2, 3, 7, generator=generator) < 0.6
    inside &= torch.tensor([abs(j - i - 2) in (1, 2) for i in range(3) for j in range(7)]).view(
        3, 7
    )
    inside[1, 2] = False
    return WordBatch(near[:, 2:5], near, inside)


def world_recipe(
    *,
    tokens: int = 3_000,
    epochs: int = 4,
    dimension: int = 8,
    shuffled: bool = False,
    watched: bool = False,
    metrics: tuple = (world_analogy_accuracy,),
) -> Recipe:
    """Skip-gram with negative sampling on the synthetic world."""
    return Recipe(
        name="skip-gram",
        data=partial(
            WordBlocks,
            text=partial(world_text, tokens=tokens, shuffled=shuffled),
            window=5,
            subsample=3e-3,
            block=32,
            blocks_per_batch=4,
        ),
        learner=partial(
            train,
            objective=partial(
                WordVectorObjective,
                predictor=SkipGram,
                output=partial(NegativeSampling, negatives=5),
                dimension=dimension,
                learning_rate=0.025,
            ),
            epochs=epochs,
            watched=watched,
        ),
        metrics=metrics,
        minutes=0.1,
    )
