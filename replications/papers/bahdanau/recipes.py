"""The recipes of the chapter on attention for translation, by tier."""

from collections.abc import Callable
from functools import partial

from torch import nn

from replications.corpora.batches.translation_batches import TranslationBatches, separate
from replications.corpora.texts.parallel_text import (
    alignment_pairs,
    corpus_pairs,
    joined_pairs,
    world_pairs,
)
from replications.decoding.search import greedy_search
from replications.layers.attention import AdditiveAttention
from replications.layers.recurrent import GRULayer
from replications.metrics.translation.alignment import alignment_metrics
from replications.metrics.translation.bleu import corpus_scores, translation_metrics
from replications.metrics.translation.by_length import accuracy_by_length, bleu_by_length
from replications.metrics.translation.chosen_search import chosen_penalty, with_chosen_search
from replications.models.attentive_recurrent import AttentiveRecurrent, small_normal
from replications.models.source_contexts import CrossAttention, FixedVector, ForwardEncoder
from replications.objectives.schedules import cosine
from replications.objectives.translation import Translation
from replications.papers.seq2seq.recipes import (
    adam,
    examples,
    multi30k,
    recurrent_training,
    test_likelihood,
    test_scores,
)
from replications.recipes import Recipe
from replications.tokens.shortlist import Shortlist
from replications.training.trainers import train

CORPORA = {
    "smoke": ("world-translation",),
    "laptop": ("multi30k", "tatoeba-en-fr", "word-alignment-gold"),
}

# The paper's weights start with a deviation of 0.01; in our few updates they would hardly leave it.
_sizes = partial(
    AttentiveRecurrent,
    embedding=160,
    hidden=256,
    readout=160,
    dropout=0.2,
    initialise=partial(small_normal, std=0.08),
)
search = partial(_sizes, context=partial(CrossAttention, size=256))
# Wider, so that both have 3.9 million parameters: it has neither a backward GRU nor attention.
fixed = partial(_sizes, hidden=360, context=FixedVector, encoder=ForwardEncoder)

# Multi30k has few sentences of more than 25 words. Joined by up to four, they reach about 80.
MOST = 4
joined_text = partial(corpus_pairs, corpus="multi30k", source="en", target="de", joined=MOST)
joined_scores = partial(
    translation_metrics,
    parts=(corpus_scores, partial(bleu_by_length, edges=(15, 30, 45))),
    prefix="joined:",
)


def _cell(name: str, model: partial, *, minutes: float, texts: partial | None = None) -> Recipe:
    """Trained on single sentences: the cells "-30" of the paper's table 1."""
    return Recipe(
        name=name,
        data=multi30k,
        learner=recurrent_training(model),
        metrics=(
            chosen_penalty,
            test_scores,
            test_likelihood,
            partial(
                with_chosen_search,
                metric=partial(joined_scores, chosen=partial(joined_pairs, most=MOST)),
            ),
        ),
        minutes=minutes,
        texts=texts,
    )


def _joined_cell(name: str, model: partial, *, minutes: float) -> Recipe:
    """Trained on joined sentences: the cells "-50"."""
    return Recipe(
        name=name,
        # Twice the tokens: there would be too few rows in a batch otherwise.
        data=partial(multi30k, text=joined_text, tokens_per_batch=2048),
        learner=recurrent_training(model, epochs=6),
        # The test part is joined already.
        metrics=(chosen_penalty, partial(with_chosen_search, metric=joined_scores)),
        minutes=minutes,
    )


rnnsearch = _cell("rnnsearch", search, minutes=6.0, texts=examples)

# Smoke: the toy language with adjectives behind their nouns. Without compounds and names each word
# is seen often. Few updates, each on new sentences.
_world = partial(
    TranslationBatches,
    text=partial(
        world_pairs,
        pairs=20_000,
        max_length=12,
        order="local",
        compound_share=0.0,
        name_share=0.0,
        validation_pairs=50,
        test_pairs=200,
    ),
    tokenizers=partial(separate, learn=partial(Shortlist.learn, size=500)),
    tokens_per_batch=512,
)
_accuracy = partial(
    translation_metrics,
    search=greedy_search,
    parts=(partial(accuracy_by_length, edges=(4, 6, 8, 10)),),
)


def _start(model: AttentiveRecurrent, gate: float, score: float) -> None:
    """The first values of torch.nn, and where the model looks back, a start that aligns soon.

    `gate` opens the encoder's update gates and shuts its reset gates, so that an annotation says
    little but its own word at first. `score` is the deviation of v: scores that differ from the
    first update on, where the paper's are all zero.
    """
    for part in model.encoder.modules():
        if isinstance(part, GRULayer):
            update, reset, _ = part.input.bias.detach().chunk(3)
            update += gate
            reset -= gate
    for part in model.modules():
        if isinstance(part, AdditiveAttention):
            nn.init.xavier_uniform_(part.query.weight)
            nn.init.xavier_uniform_(part.keys.weight)
            nn.init.normal_(part.score, std=score)


_tiny = partial(AttentiveRecurrent, embedding=64, hidden=64, readout=48, dropout=0.1)


def _smoke(name: str, model: partial, *metrics: Callable[..., dict[str, float]]) -> Recipe:
    return Recipe(
        name=name,
        data=_world,
        learner=partial(
            train,
            objective=partial(
                Translation,
                model=model,
                optimiser=adam,
                schedule=partial(cosine, learning_rate=1e-2, warmup=0.02),
                clip=1.0,
            ),
            epochs=1,
        ),
        metrics=(_accuracy, *metrics),
        minutes=0.1,
    )


RECIPES = {
    "smoke": (
        _smoke(
            "world-rnnencdec",
            partial(
                _tiny,
                context=FixedVector,
                encoder=ForwardEncoder,
                initialise=partial(_start, gate=0.0, score=0.0),
            ),
        ),
        _smoke(
            "world-rnnsearch",
            partial(
                _tiny,
                context=partial(CrossAttention, size=64),
                initialise=partial(_start, gate=3.0, score=0.2),
            ),
            alignment_metrics,
        ),
    ),
    "laptop": (
        rnnsearch,
        _cell("rnnencdec", fixed, minutes=5.0),
        _joined_cell("rnnsearch-joined", search, minutes=8.0),
        _joined_cell("rnnencdec-joined", fixed, minutes=7.0),
        Recipe(
            name="aligner",
            data=partial(multi30k, text=partial(corpus_pairs, corpus="tatoeba-en-fr", target="fr")),
            learner=recurrent_training(search, epochs=4),
            metrics=(
                chosen_penalty,
                test_scores,
                partial(alignment_metrics, pairs=alignment_pairs),
            ),
            minutes=7.0,
        ),
    ),
}
