"""The recipes of the chapter on sequence to sequence at tier `gpu`: until validation is best.

Chapters 3 to 5 share data, tokens, search and metrics here too. The recurrent models read Multi30k
thirty times and end as they were after the epoch with the best validation BLEU. Batches are twice
those of the laptop. None of these settings has been tried on a card.
"""

from collections.abc import Callable
from functools import partial

from replications.metrics.translation.chosen_search import choose_length_penalty, chosen_penalty
from replications.models.sequence_to_sequence import SequenceToSequence
from replications.papers.seq2seq import recipes as laptop
from replications.papers.seq2seq.recipes import recurrent_training, test_likelihood, test_scores
from replications.recipes import Recipe
from replications.tokens.languages import as_written, reversed_order

EPOCHS = 30

multi30k = partial(laptop.multi30k, tokens_per_batch=2048)
# Finer than on a laptop: how long its translations are decides between models that are this close.
# Without early stopping, penalties above 1 make some translations repeat themselves to the end.
choose_search = partial(
    choose_length_penalty, penalties=(0.0, 0.4, 0.8, 1.2, 1.6, 2.0, 2.4), early_stopping=True
)


def careful_training(model: partial, *, learning_rate: float, epochs: int = EPOCHS) -> partial:
    """The learner of the recurrent models of chapters 3 and 4."""
    return partial(
        recurrent_training(model, epochs=epochs, learning_rate=learning_rate),
        best="validation_bleu",
        finish=choose_search,
    )


# Twice the laptop's cells: drawn within ±0.08, matrices of 512 have about twice the variance in
# their sums of those of 256, and half of that of the paper's 1,000.
_lstm = partial(SequenceToSequence, embedding=256, hidden=512, dropout=0.3)


def _cell(name: str, *, order: Callable = reversed_order, layers: int = 2, metrics=()) -> Recipe:
    return Recipe(
        name=name,
        data=partial(multi30k, order=order),
        learner=careful_training(partial(_lstm, layers=layers), learning_rate=3e-3),
        metrics=(chosen_penalty, test_scores, test_likelihood, *metrics),
        minutes=240.0,
    )


seq2seq = _cell("seq2seq", metrics=(laptop.beam_sizes,))

RECIPES = (seq2seq, _cell("forward", order=as_written), _cell("one-layer", layers=1))
PRIORITY = {"seq2seq": 6, "forward": 6, "one-layer": 4}
"""What a run is worth where time is short: the larger comes first."""
