"""The recipes of the chapter on the Transformer, by tier."""

from functools import partial

from replications.corpora.batches.translation_batches import TranslationBatches, joint, separate
from replications.corpora.texts.parallel_text import world_pairs
from replications.decoding.search import greedy_search
from replications.layers.positions import LearnedPositions, NoPositions
from replications.layers.residual import PostNorm, PreNorm
from replications.metrics.translation.alignment import alignment_metrics
from replications.metrics.translation.bleu import corpus_scores, translation_metrics
from replications.metrics.translation.chosen_search import (
    choose_length_penalty,
    chosen_penalty,
    with_chosen_search,
)
from replications.metrics.translation.likelihood import negative_log_likelihood
from replications.metrics.translation.rare_words import rare_word_f1
from replications.models.transformer import Transformer
from replications.objectives.schedules import Schedule, cosine, noam
from replications.objectives.translation import Translation
from replications.papers.bahdanau.careful import rnnsearch_careful
from replications.papers.bahdanau.recipes import rnnsearch
from replications.papers.seq2seq.recipes import (
    EPOCHS,
    adam,
    by_length,
    examples,
    multi30k,
    seq2seq,
    test_likelihood,
    watched,
)
from replications.recipes import Recipe
from replications.tokens.bpe import BytePairEncoding
from replications.tokens.shortlist import Shortlist
from replications.training.trainers import train

CORPORA = {"smoke": ("world-translation",), "laptop": ("multi30k",)}

# Run in the chapters before this one, and compared here.
BORROWED = {"seq2seq": (seq2seq,), "bahdanau": (rnnsearch, rnnsearch_careful)}

scores = partial(
    with_chosen_search,
    metric=partial(translation_metrics, parts=(corpus_scores, by_length, rare_word_f1)),
)
full_size = partial(
    Transformer, d_model=192, layers=3, heads=4, d_ff=768, dropout=0.1, residual=PreNorm
)
first_schedule = partial(cosine, learning_rate=2e-3, warmup=0.1)
# The paper warms up for 4,000 of 100,000 updates. Of our 4,400 that would be nearly all, and 4 %
# would bring the learning rate to 5e-3: with a warm-up of 800, and halved, its peak is 1.3e-3.
_noam = partial(noam, d_model=192, warmup=800, scale=0.5)


def trained(
    model: partial,
    *,
    schedule: Schedule,
    epochs: int,
    smoothing: float = 0.1,
    averaged: int = 1,
) -> partial:
    return partial(
        train,
        objective=partial(
            Translation, model=model, optimiser=adam, schedule=schedule, smoothing=smoothing
        ),
        epochs=epochs,
        precision="bf16-mixed",
        watch=watched,
        averaged=averaged,
        finish=choose_length_penalty,
    )


def _full(name: str, learner: partial, *, texts: partial | None = None) -> Recipe:
    return Recipe(
        name=name,
        data=multi30k,
        learner=learner,
        metrics=(chosen_penalty, scores, test_likelihood),
        minutes=8.0,
        texts=texts,
    )


# The rows of table 3 are smaller, and shorter, than the model above: each has the same budget.
_small = partial(
    Transformer, d_model=128, layers=2, heads=4, d_ff=512, dropout=0.1, residual=PreNorm
)


def row(
    name: str, *, smoothing: float = 0.1, data: partial = multi30k, minutes: float = 3.0, **changes
) -> Recipe:
    return Recipe(
        name=name,
        data=data,
        learner=trained(
            partial(_small, **changes), schedule=first_schedule, epochs=6, smoothing=smoothing
        ),
        metrics=(chosen_penalty, scores, test_likelihood),
        minutes=minutes,
    )


# Smoke: the toy language, but for names, which take longer to be copied. Small batches, so that
# there are some hundred updates.
_world = partial(
    TranslationBatches,
    text=partial(
        world_pairs, pairs=2700, max_length=8, name_share=0.0, validation_pairs=100, test_pairs=200
    ),
    tokenizers=partial(joint, learn=partial(BytePairEncoding.learn, merges=200)),
    tokens_per_batch=256,
)


def _smoke(name: str, **changes) -> Recipe:
    return Recipe(
        name=name,
        data=_world,
        learner=partial(
            train,
            objective=partial(
                Translation,
                model=partial(
                    Transformer,
                    d_model=64,
                    layers=1,
                    heads=4,
                    d_ff=256,
                    dropout=0.0,
                    residual=PreNorm,
                    **changes,
                ),
                optimiser=adam,
                schedule=partial(cosine, learning_rate=7e-3, warmup=0.1),
                smoothing=0.1,
            ),
            epochs=3,
        ),
        metrics=(
            partial(translation_metrics, search=greedy_search),
            negative_log_likelihood,
            alignment_metrics,
        ),
        minutes=0.1,
    )


RECIPES = {
    "smoke": (_smoke("world-transformer"), _smoke("world-no-positions", positions=NoPositions)),
    "laptop": (
        _full(
            "transformer",
            trained(full_size, schedule=first_schedule, epochs=EPOCHS),
            texts=examples,
        ),
        _full(
            "paper-settings",
            trained(
                partial(full_size, residual=PostNorm),
                schedule=_noam,
                epochs=EPOCHS,
                averaged=5,
            ),
        ),
        row("base"),
        row("post-norm", residual=PostNorm),
        row("heads-1", heads=1),
        row("heads-16", heads=16),
        row("key-8", d_head=8),
        row("layers-1", layers=1),
        row("width-64", d_model=64),
        row("inner-128", d_ff=128),
        row("dropout-0", dropout=0.0),
        row("smoothing-0", smoothing=0.0),
        row("learned-positions", positions=LearnedPositions),
        row("no-positions", positions=NoPositions),
        row(
            "words",
            data=partial(
                multi30k,
                tokenizers=partial(separate, learn=partial(Shortlist.learn, size=6000)),
            ),
            shared=False,
        ),
    ),
}
