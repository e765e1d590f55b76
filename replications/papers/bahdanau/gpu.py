"""The recipes of the chapter on attention for translation at tier `gpu`: until validation is best.

Networks and learning rates of the laptop's recipes, but for more dropout: thirty epochs instead of
eight, and the weights of the epoch with the best validation BLEU. None of them has been tried on a
card.
"""

from functools import partial

from replications.corpora.texts.parallel_text import alignment_pairs, corpus_pairs, joined_pairs
from replications.metrics.translation.alignment import alignment_metrics
from replications.metrics.translation.chosen_search import chosen_penalty, with_chosen_search
from replications.papers.bahdanau.recipes import MOST, fixed, joined_scores, joined_text, search
from replications.papers.seq2seq.gpu import careful_training, multi30k
from replications.papers.seq2seq.recipes import test_likelihood, test_scores
from replications.recipes import Recipe

_search, _fixed = partial(search, dropout=0.3), partial(fixed, dropout=0.3)
_on_joined_pairs = partial(
    with_chosen_search,
    metric=partial(joined_scores, chosen=partial(joined_pairs, most=MOST)),
)


def _cell(name: str, model: partial) -> Recipe:
    """Trained on single sentences: the cells "-30" of the paper's table 1."""
    return Recipe(
        name=name,
        data=multi30k,
        learner=careful_training(model, learning_rate=5e-3),
        metrics=(chosen_penalty, test_scores, test_likelihood, _on_joined_pairs),
        minutes=200.0,
    )


def _joined_cell(name: str, model: partial) -> Recipe:
    """Trained on joined sentences: the cells "-50"."""
    return Recipe(
        name=name,
        data=partial(multi30k, text=joined_text, tokens_per_batch=4096),
        learner=careful_training(model, learning_rate=5e-3),
        metrics=(chosen_penalty, partial(with_chosen_search, metric=joined_scores)),
        minutes=200.0,
    )


rnnsearch = _cell("rnnsearch", _search)

RECIPES = (
    rnnsearch,
    _cell("rnnencdec", _fixed),
    _joined_cell("rnnsearch-joined", _search),
    _joined_cell("rnnencdec-joined", _fixed),
    Recipe(
        name="aligner",
        data=partial(multi30k, text=partial(corpus_pairs, corpus="tatoeba-en-fr", target="fr")),
        learner=careful_training(_search, learning_rate=5e-3, epochs=10),
        metrics=(chosen_penalty, test_scores, partial(alignment_metrics, pairs=alignment_pairs)),
        minutes=200.0,
    ),
)
PRIORITY = {
    "rnnsearch": 7,
    "rnnencdec": 6,
    "rnnsearch-joined": 5,
    "rnnencdec-joined": 5,
    "aligner": 4,
}
"""What a run is worth where time is short: the larger comes first."""
