"""Further recipes of the chapter on the Transformer at tier `laptop`: models trained to their end.

The main model is the first comparison's, which has as many parameters as RNNsearch. Chapter 4's
recipe `rnnsearch-careful` is given the same care: as many epochs of the same batches, dropout of
0.3, a cosine, the epoch with the best validation BLEU, and the finer grid of length penalties.
"""

from functools import partial

from replications.metrics.translation.chosen_search import chosen_penalty
from replications.objectives.schedules import Schedule, cosine, noam
from replications.objectives.translation import Translation
from replications.papers.bahdanau.careful import EPOCHS
from replications.papers.bahdanau.recipes import search
from replications.papers.seq2seq.gpu import choose_search
from replications.papers.seq2seq.recipes import (
    adam,
    examples,
    multi30k,
    recurrent_training,
    test_likelihood,
    test_scores,
    watched,
)
from replications.papers.transformer.recipes import first_schedule, full_size, row, scores, trained
from replications.recipes import Recipe
from replications.training.trainers import train

BUDGETS = (2, 4, 8, 16)
"""Epochs of the finished runs by which time and operations are compared."""

_D, _WARMUP, _PEAK = 192, 1_100, 2e-3
_main = partial(full_size, dropout=0.3)
_cosine = partial(cosine, learning_rate=_PEAK, warmup=0.1)
# Section 5.3's schedule with the same peak, and section 6.1's mean: the paper takes checkpoints of
# the last 50 minutes of 12 hours, and these are the last tenth of the epochs.
_noam = partial(noam, d_model=_D, warmup=_WARMUP, scale=_PEAK * (_D * _WARMUP) ** 0.5)


def _careful(
    name: str,
    *,
    model: partial = _main,
    schedule: Schedule = _cosine,
    averaged: int = 1,
    epochs: int = EPOCHS,
    texts: partial | None = None,
) -> Recipe:
    return Recipe(
        name=name,
        data=multi30k,
        learner=partial(
            train,
            objective=partial(
                Translation, model=model, optimiser=adam, schedule=schedule, smoothing=0.1
            ),
            epochs=epochs,
            precision="bf16-mixed",
            watch=watched,
            averaged=averaged,
            best="validation_bleu" if averaged == 1 else None,
            finish=choose_search,
        ),
        metrics=(chosen_penalty, scores, test_likelihood),
        minutes=2.8 * epochs,
        texts=texts,
    )


def _finished(epochs: int) -> tuple[Recipe, Recipe]:
    """The two models of the first comparison, of equal size, trained for more or fewer epochs."""
    transformer = Recipe(
        name=f"transformer-{epochs}",
        data=multi30k,
        learner=trained(full_size, schedule=first_schedule, epochs=epochs),
        metrics=(chosen_penalty, scores, test_likelihood),
        minutes=2.0 * epochs,
    )
    recurrent = Recipe(
        name=f"rnnsearch-{epochs}",
        data=multi30k,
        learner=recurrent_training(search, epochs=epochs),
        metrics=(chosen_penalty, test_scores, test_likelihood),
        minutes=2.0 * epochs,
    )
    return transformer, recurrent


RECIPES = (
    _careful("transformer-careful", texts=examples),
    # Row B of table 3 as it is: the paper's values keep their size.
    row("key-width-8", d_key=8),
    row("key-width-16", d_key=16),
    *(recipe for epochs in BUDGETS if epochs != 8 for recipe in _finished(epochs)),
    _careful("careful-averaged", schedule=_noam, averaged=2),
    # Without dropout it overfits sooner: a cosine of 20 epochs would end long after the best one.
    _careful("careful-dropout-0", model=partial(_main, dropout=0.0), epochs=8),
)
