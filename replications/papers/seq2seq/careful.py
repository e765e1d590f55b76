"""The main model of the chapter on sequence to sequence at tier `laptop`, at its best epoch.

It gets the care that chapters 4 and 5 give to `rnnsearch-careful` and `transformer-careful`:
dropout of 0.3, a cosine, the epoch with the best validation BLEU, and the finer grid of length
penalties, in a search that does not stop early. It makes about as many updates: twice the epochs,
in batches of twice the tokens.
"""

from functools import partial

from replications.metrics.translation.chosen_search import chosen_penalty
from replications.models.sequence_to_sequence import SequenceToSequence, remembering
from replications.papers.seq2seq.gpu import careful_training, choose_search
from replications.papers.seq2seq.gpu import multi30k as larger_batches
from replications.papers.seq2seq.recipes import examples, test_likelihood, test_scores
from replications.recipes import Recipe
from replications.tokens.languages import reversed_order

EPOCHS = 40
"""Dropout and batches are those of tier `gpu`."""

_lstm = partial(
    SequenceToSequence,
    embedding=160,
    hidden=360,
    layers=1,
    dropout=0.3,
    initialise=remembering,
)

RECIPES = (
    Recipe(
        name="careful-one-layer",
        data=partial(larger_batches, order=reversed_order),
        learner=partial(
            careful_training(_lstm, learning_rate=5e-3, epochs=EPOCHS),
            # Its first seeds were recorded before a search could stop early.
            finish=partial(choose_search, early_stopping=False),
        ),
        metrics=(chosen_penalty, test_scores, test_likelihood),
        minutes=35.0,
        texts=examples,
    ),
)
