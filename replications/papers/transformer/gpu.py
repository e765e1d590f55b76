"""The recipes of the chapter on the Transformer at tier `gpu`: Multi30k until validation is best.

Size and schedule are those with which the field reads Multi30k ("Transformer-Tiny" of Wu et al.
2021, "Good for Misconceived Reasons"): a peak learning rate of 5e-3 after 2,000 updates, dropout of
0.3, batches of 4,096 tokens, and about 8,000 updates until validation stops improving; the mean of
the last ten epochs as in the paper's section 6.1. None of these runs has been tried on a card.
"""

from functools import partial

from replications.layers.positions import LearnedPositions, NoPositions
from replications.metrics.translation.bleu import corpus_scores, translation_metrics
from replications.metrics.translation.chosen_search import chosen_penalty, with_chosen_search
from replications.models.transformer import Transformer
from replications.objectives.schedules import noam
from replications.objectives.translation import Translation
from replications.papers.bahdanau.gpu import rnnsearch
from replications.papers.seq2seq.gpu import choose_search, multi30k, seq2seq
from replications.papers.seq2seq.recipes import adam, by_length, test_likelihood, watched
from replications.recipes import Recipe
from replications.training.trainers import train

# Run in the chapters before this one, and compared here.
BORROWED = {"seq2seq": (seq2seq,), "bahdanau": (rnnsearch,)}

EPOCHS, AVERAGED = 80, 10
_D, _WARMUP, _PEAK = 128, 2_000, 5e-3

_tiny = partial(Transformer, d_model=_D, layers=4, heads=4, d_ff=256, dropout=0.3)
_schedule = partial(noam, d_model=_D, warmup=_WARMUP, scale=_PEAK * (_D * _WARMUP) ** 0.5)
_scores = partial(
    with_chosen_search, metric=partial(translation_metrics, parts=(corpus_scores, by_length))
)


def _row(name: str, *, smoothing: float = 0.1, **changes) -> Recipe:
    """The model and the rows of table 3: each has the same budget."""
    return Recipe(
        name=name,
        data=partial(multi30k, tokens_per_batch=4096),
        learner=partial(
            train,
            objective=partial(
                Translation,
                model=partial(_tiny, **changes),
                optimiser=adam,
                schedule=_schedule,
                smoothing=smoothing,
            ),
            epochs=EPOCHS,
            precision="bf16-mixed",
            watch=watched,
            averaged=AVERAGED,
            finish=choose_search,
        ),
        metrics=(chosen_penalty, _scores, test_likelihood),
        minutes=120.0,
    )


RECIPES = (
    _row("transformer"),
    _row("dropout-0", dropout=0.0),
    _row("smoothing-0", smoothing=0.0),
    _row("heads-1", heads=1),
    _row("layers-2", layers=2),
    _row("width-64", d_model=64),
    _row("learned-positions", positions=LearnedPositions),
    _row("no-positions", positions=NoPositions),
)
PRIORITY = {"transformer": 8, "dropout-0": 5, "smoothing-0": 5, "heads-1": 4, "layers-2": 4}
"""What a run is worth where time is short: the larger comes first."""
