"""Further recipes of the chapter on attention at tier `laptop`, for what the others leave open.

RNNsearch until validation is best; both models trained on short captions alone and tested on all;
joined captions with a finer search; and an aligner that has read the sentences it is tested on.
"""

from functools import partial

from replications.corpora.texts.parallel_text import alignment_pairs, corpus_pairs
from replications.corpora.texts.selected.training_pairs import short_training, with_unlinked
from replications.metrics.translation.alignment import alignment_metrics
from replications.metrics.translation.bleu import corpus_scores, translation_metrics
from replications.metrics.translation.by_length import bleu_by_length
from replications.metrics.translation.chosen_search import chosen_penalty, with_chosen_search
from replications.papers.bahdanau.recipes import fixed, joined_scores, joined_text, search
from replications.papers.seq2seq.gpu import careful_training, choose_search
from replications.papers.seq2seq.recipes import (
    examples,
    multi30k,
    recurrent_training,
    test_likelihood,
    test_scores,
)
from replications.recipes import Recipe

EPOCHS = 20
"""Of the careful models of chapters 4 and 5, in batches as small as the first models'."""

SHORT = 12
"""Words of the longest caption of the short ones: they are half of all."""

SHORT_EPOCHS = 20
"""They make as many updates as eight epochs of all captions: 225 an epoch against 553."""

rnnsearch_careful = Recipe(
    name="rnnsearch-careful",
    data=multi30k,
    learner=careful_training(partial(search, dropout=0.3), learning_rate=5e-3, epochs=EPOCHS),
    metrics=(chosen_penalty, test_scores, test_likelihood),
    minutes=58.0,
    texts=examples,
)

_captions = partial(corpus_pairs, corpus="multi30k", source="en", target="de")
_by_length = partial(bleu_by_length, edges=(SHORT, 15, 20))


def _short_cell(name: str, model: partial, *, minutes: float) -> Recipe:
    """The cells "-30" of the paper's table 1: nothing longer is seen, the test part is whole."""
    return Recipe(
        name=name,
        data=partial(multi30k, text=partial(short_training, text=_captions, max_words=SHORT)),
        learner=partial(recurrent_training(model, epochs=SHORT_EPOCHS), finish=choose_search),
        metrics=(
            chosen_penalty,
            partial(
                with_chosen_search,
                metric=partial(translation_metrics, parts=(corpus_scores, _by_length)),
            ),
            test_likelihood,
        ),
        minutes=minutes,
    )


def _joined_cell(name: str, model: partial, *, minutes: float) -> Recipe:
    """As the cells of joined captions, with the finer search."""
    return Recipe(
        name=name,
        data=partial(multi30k, text=joined_text, tokens_per_batch=2048),
        learner=partial(recurrent_training(model, epochs=6), finish=choose_search),
        metrics=(chosen_penalty, partial(with_chosen_search, metric=joined_scores)),
        minutes=minutes,
    )


_tatoeba = partial(corpus_pairs, corpus="tatoeba-en-fr", source="en", target="fr")

RECIPES = (
    rnnsearch_careful,
    _short_cell("rnnsearch-short", search, minutes=16.0),
    _short_cell("rnnencdec-short", fixed, minutes=10.0),
    _joined_cell("rnnsearch-joined-finer", search, minutes=15.0),
    _joined_cell("rnnencdec-joined-finer", fixed, minutes=8.0),
    Recipe(
        name="aligner-in-domain",
        # The 447 sentences of parliament are few beside 138,000 of everyday life.
        data=partial(
            multi30k,
            text=partial(with_unlinked, text=_tatoeba, pairs=alignment_pairs, copies=10),
        ),
        learner=recurrent_training(search, epochs=4),
        metrics=(chosen_penalty, test_scores, partial(alignment_metrics, pairs=alignment_pairs)),
        minutes=20.0,
    ),
)
