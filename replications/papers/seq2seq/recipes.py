"""The recipes of the chapter on sequence to sequence, by tier."""

from collections.abc import Callable
from functools import partial

import torch

from replications.corpora.batches.long_lag import LongLag, adding_problem
from replications.corpora.batches.translation_batches import TranslationBatches, joint, separate
from replications.corpora.texts.parallel_text import corpus_pairs, world_pairs
from replications.decoding.search import greedy_search
from replications.layers.recurrent import LSTM1997Layer, LSTMLayer, VanillaRNNLayer
from replications.metrics.tasks.regression import adding_metrics
from replications.metrics.translation.bleu import (
    beam_sizes,
    corpus_scores,
    shown_translations,
    translation_metrics,
    validation_bleu,
)
from replications.metrics.translation.by_length import accuracy_by_length, bleu_by_length
from replications.metrics.translation.chosen_search import (
    choose_length_penalty,
    chosen_penalty,
    with_chosen_search,
)
from replications.metrics.translation.likelihood import negative_log_likelihood
from replications.models.sequence_to_sequence import SequenceToSequence, remembering, uniform
from replications.objectives.schedules import cosine
from replications.objectives.sequence_regression import SequenceRegressionObjective
from replications.objectives.translation import Translation
from replications.recipes import Recipe
from replications.tokens.bpe import BytePairEncoding
from replications.tokens.languages import as_written, reversed_order
from replications.tokens.shortlist import Shortlist
from replications.training.trainers import train

CORPORA = {"smoke": ("world-translation",), "laptop": ("multi30k",)}

# Multi30k, English to German, in the book's own BPE: 4,000 merges learned from both languages.
# Chapters 3 to 5 share data, tokens, batches, search and metrics, so that their numbers compare.
bpe = partial(joint, learn=partial(BytePairEncoding.learn, merges=4000))
multi30k = partial(
    TranslationBatches,
    text=partial(corpus_pairs, corpus="multi30k", source="en", target="de"),
    tokenizers=bpe,
    tokens_per_batch=1024,
)
LENGTHS = (10, 15, 20)
by_length = partial(bleu_by_length, edges=LENGTHS)
test_scores = partial(
    with_chosen_search, metric=partial(translation_metrics, parts=(corpus_scores, by_length))
)
test_likelihood = partial(negative_log_likelihood, edges=LENGTHS)
watched = (
    validation_bleu,
    partial(negative_log_likelihood, part="validation", prefix="validation_"),
)
examples = partial(with_chosen_search, metric=shown_translations)
adam = partial(torch.optim.Adam, betas=(0.9, 0.98), eps=1e-9)

EPOCHS = 8


def recurrent_training(
    model: partial, *, epochs: int = EPOCHS, learning_rate: float = 5e-3
) -> partial:
    """The learner of the recurrent models: chapters 3 and 4 give theirs the same."""
    return partial(
        train,
        objective=partial(
            Translation,
            model=model,
            optimiser=adam,
            schedule=partial(cosine, learning_rate=learning_rate, warmup=0.1),
            smoothing=0.1,
            clip=1.0,
        ),
        epochs=epochs,
        precision="bf16-mixed",
        watch=watched,
        finish=choose_length_penalty,
    )


def _laptop(
    name: str,
    *,
    order: Callable = reversed_order,
    layers: int = 2,
    minutes: float,
    metrics: tuple = (),
    texts: partial | None = None,
) -> Recipe:
    return Recipe(
        name=name,
        data=partial(multi30k, order=order),
        learner=recurrent_training(
            partial(SequenceToSequence, embedding=128, hidden=256, layers=layers)
        ),
        metrics=(chosen_penalty, test_scores, test_likelihood, *metrics),
        minutes=minutes,
        texts=texts,
    )


# The adding problem: T = 100, so that the two numbers are at least 50 steps apart from the end.
_adding = partial(LongLag, text=partial(adding_problem, length=100), sequences_per_epoch=6_400)


def _lag(
    name: str,
    layer: partial,
    *,
    data: partial = _adding,
    learning_rate: float,
    epochs: int,
    minutes: float = 1.0,
) -> Recipe:
    return Recipe(
        name=name,
        data=data,
        learner=partial(
            train,
            objective=partial(
                SequenceRegressionObjective, layer=layer, learning_rate=learning_rate, clip=1.0
            ),
            epochs=epochs,
        ),
        metrics=(adding_metrics,),
        minutes=minutes,
    )


# Smoke: the toy language word by word, so that order alone decides how far a word is from its
# translation; with `reverse` the target runs backwards, and so does what reversing the source does.
def _world(name: str, *, order: Callable, reverse: bool = False) -> Recipe:
    text = partial(
        world_pairs,
        pairs=4_000,
        max_length=7,
        validation_pairs=10,
        test_pairs=300,
        order="monotone",
        reverse=reverse,
        agreement=False,
        fertility=False,
        compound_share=0.0,
        name_share=0.0,
    )
    return Recipe(
        name=name,
        data=partial(
            TranslationBatches,
            text=text,
            tokenizers=partial(separate, learn=partial(Shortlist.learn, size=200)),
            order=order,
            tokens_per_batch=512,
        ),
        learner=partial(
            train,
            objective=partial(
                Translation,
                # For so few cells and updates, a wider initialisation than the paper's.
                model=partial(
                    SequenceToSequence,
                    embedding=128,
                    hidden=128,
                    layers=1,
                    initialise=partial(uniform, bound=0.3),
                ),
                schedule=partial(cosine, learning_rate=0.02, warmup=0.02),
                clip=1.0,
            ),
            epochs=2,
        ),
        metrics=(
            partial(negative_log_likelihood, edges=(3, 4, 5, 6)),
            partial(
                translation_metrics,
                search=greedy_search,
                parts=(partial(accuracy_by_length, edges=(3, 4, 5, 6)),),
            ),
        ),
        minutes=0.05,
    )


# The adding problem at T = 40, and its control, where both numbers come just before the end.
_far = partial(adding_problem, length=40)
_near = partial(adding_problem, length=20, recent=3)
_cell = partial(LSTM1997Layer, hidden=8)
_plain = partial(VanillaRNNLayer, hidden=16)


def _quick(name: str, layer: partial, *, text: partial, learning_rate: float) -> Recipe:
    data = partial(LongLag, text=text, sequences_per_epoch=8_000, test_sequences=1_000)
    return _lag(name, layer, data=data, learning_rate=learning_rate, epochs=1, minutes=0.02)


seq2seq = _laptop("seq2seq", minutes=6.0, metrics=(beam_sizes,), texts=examples)

# The second edition's, with the care that the encoder-decoder of chapter 4 got: its embeddings,
# cells and dropout, and an initialisation by which a state lasts. Two layers have a learning rate
# of their own.
_tuned = partial(SequenceToSequence, embedding=160, hidden=360, dropout=0.2, initialise=remembering)


def _careful(
    name: str,
    *,
    order: Callable = reversed_order,
    layers: int = 1,
    learning_rate: float = 5e-3,
    metrics: tuple = (),
    texts: partial | None = None,
) -> Recipe:
    return Recipe(
        name=name,
        data=partial(multi30k, order=order),
        learner=recurrent_training(partial(_tuned, layers=layers), learning_rate=learning_rate),
        metrics=(chosen_penalty, test_scores, test_likelihood, *metrics),
        minutes=2.0 + 7.0 * layers,
        texts=texts,
    )


_TUNED = (
    _careful("tuned-one-layer", metrics=(beam_sizes,), texts=examples),
    _careful("tuned-forward", order=as_written),
    _careful("tuned-two-layers", layers=2, learning_rate=3e-3),
)

# What today's LSTM lacks of 1997's: input gates that start almost shut. And learning rates of its
# own for the vanilla network.
_ADDING = (
    _lag(
        "adding-lstm-shut",
        partial(LSTMLayer, hidden=8, forget_bias=5.0, input_gate_biases=(-3.0, -6.0)),
        learning_rate=0.02,
        epochs=20,
    ),
    *(
        _lag(
            f"adding-vanilla-rate{rate}",
            partial(VanillaRNNLayer, hidden=16),
            learning_rate=rate,
            epochs=20,
        )
        for rate in (0.001, 0.02)
    ),
)

RECIPES = {
    "smoke": (
        _world("world-reversed", order=reversed_order),
        _world("world-as-written", order=as_written),
        _world("backwards-reversed", order=reversed_order, reverse=True),
        _world("backwards-as-written", order=as_written, reverse=True),
        _quick("far-1997", _cell, text=_far, learning_rate=0.05),
        _quick("far-vanilla", _plain, text=_far, learning_rate=0.03),
        _quick("near-1997", _cell, text=_near, learning_rate=0.05),
        _quick("near-vanilla", _plain, text=_near, learning_rate=0.03),
    ),
    "laptop": (
        seq2seq,
        _laptop("forward", order=as_written, minutes=6.0),
        _laptop("one-layer", layers=1, minutes=5.0),
        _lag("adding-1997", partial(LSTM1997Layer, hidden=8), learning_rate=0.02, epochs=20),
        _lag(
            "adding-lstm",
            partial(LSTMLayer, hidden=8, forget_bias=5.0),
            learning_rate=0.02,
            epochs=20,
        ),
        _lag("adding-vanilla", partial(VanillaRNNLayer, hidden=16), learning_rate=0.005, epochs=20),
        *_TUNED,
        *_ADDING,
    ),
}
