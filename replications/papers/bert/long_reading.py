"""Forty million tokens at tier `laptop`, and read-outs through which a small network can be seen.

Both directions read the same text with the same network, in sequences of 64 at most, which all
positions are trained in. Each has the lengths that suit it: short sequences first where tokens are
masked, and full ones throughout with the causal mask. Recipes with a tenth of the tokens hold each
against the other's.
"""

from functools import partial

from replications.corpora.batches.arrangements import in_segments
from replications.corpora.batches.labelled_batches import LabelledBatches
from replications.corpora.batches.segment_pairs import SegmentPairs, predict_next
from replications.corpora.batches.text_by_text import class_and_separator, each_text_alone
from replications.corpora.texts.learned_tokenizers import wordpiece
from replications.corpora.texts.minimal_pairs import corpus_minimal_pairs
from replications.corpora.texts.treebank.word_labels import corpus_word_labels
from replications.layers.attention import MultiHeadAttention
from replications.layers.masks import causal
from replications.metrics.language.masked_likelihood import masked_likelihood
from replications.metrics.language.minimal_pairs import minimal_pair_accuracy
from replications.metrics.language.sentence_scores import (
    causal_log_probabilities,
    pseudo_log_likelihoods,
)
from replications.metrics.tasks.repeated_score import repeated_score, validation_score
from replications.metrics.tasks.sentence_cosine import sentence_cosine
from replications.metrics.tasks.word_probe import word_probe
from replications.models.initialisation import truncated_normal
from replications.models.mean_state import MeanState
from replications.models.pair_classifier import PairClassifier, symmetric_features
from replications.models.presets import BERT
from replications.models.text_classifier import PooledState, TextClassifier
from replications.objectives.classification import Classification
from replications.objectives.masked_language_model import MaskedLanguageModel
from replications.objectives.optimisers import adamw
from replications.objectives.schedules import linear
from replications.papers.gpt1.gpu import library
from replications.papers.gpt1.recipes import TASKS
from replications.recipes import Recipe
from replications.training.repeats import REPEATS, tuned_and_repeated
from replications.training.trainers import train

LENGTH, EPOCHS = 64, 8
TOKENS = 40 << 20
"""Tokens that pre-training reads: about 22 a parameter."""
SHORT_TOKENS = TOKENS // 10
GROWING = (16, 16, 32, 32)
"""The lengths of the first epochs; the others have the full one."""
# Learning rates, chosen on the validation part by pilots of a tenth of the tokens. The masked
# network stays on the plateau of token frequencies at half of its rate and at twice of it. The
# causal one's loss is higher at half and at a quarter of its rate; twice of it leads to a plateau.
PRETRAINED = 1e-3
PRETRAINED_CAUSAL = 2e-3
FINE_TUNED = (1.5e-4, 4e-4, 1e-3)
"""The learning rates that each fine-tuning chooses from, on the validation part."""
FINE_TUNING_EPOCHS = 5

_adamw = partial(adamw, weight_decay=0.01, betas=(0.9, 0.98))
_wordpiece = partial(wordpiece, size=8000)
_masked = partial(
    BERT,
    d_model=128,
    layers=4,
    heads=4,
    d_ff=512,
    max_length=LENGTH,
    # As in the chapter's first recipes.
    initialise=partial(truncated_normal, std=0.05),
    tasks={"masked": BERT.keywords["tasks"]["masked"]},
)
_causal = partial(_masked, mask=causal)
_alone = partial(each_text_alone, around=class_and_separator, max_length=LENGTH)

# Without next-sentence prediction the second segment always follows the first.
_segments = partial(
    SegmentPairs,
    text=library,
    tokenizer=_wordpiece,
    length=LENGTH,
    sequences_per_batch=32,
    random=0.0,
)
_next = partial(_segments, targets=predict_next)
_DIRECTIONS = {
    "masked": (_masked, partial(_segments, length_schedule=GROWING), PRETRAINED),
    "causal": (_causal, _next, PRETRAINED_CAUSAL),
}
_LENGTHS = {
    "masked-growing": _DIRECTIONS["masked"],
    "masked-constant": (_masked, _segments, PRETRAINED),
    "causal-growing": (_causal, partial(_next, length_schedule=GROWING), PRETRAINED_CAUSAL),
    "causal-constant": _DIRECTIONS["causal"],
}


def _pretraining(
    name: str,
    network: partial,
    data: partial,
    learning_rate: float,
    *,
    tokens: int,
    metrics: tuple,
    minutes: float,
) -> Recipe:
    return Recipe(
        name=name,
        data=partial(data, tokens_per_epoch=tokens // EPOCHS),
        learner=partial(
            train,
            objective=partial(
                MaskedLanguageModel,
                model=partial(network, dropout=0.0, attention=MultiHeadAttention),
                schedule=partial(linear, learning_rate=learning_rate, warmup=0.05),
                optimiser=_adamw,
            ),
            epochs=EPOCHS,
            precision="bf16-mixed",
            watch=(
                partial(masked_likelihood, part="validation", batches=20, prefix="validation_"),
            ),
        ),
        metrics=(partial(masked_likelihood, batches=100), *metrics),
        minutes=minutes,
    )


_beside = {
    "stsb": TASKS["stsb"].text,
    "blimp": partial(corpus_minimal_pairs, pairs_per_paradigm=50),
    "words": corpus_word_labels,
}


def _read_out(score: object) -> tuple:
    return (
        partial(sentence_cosine, arrange=_alone),
        partial(minimal_pair_accuracy, score=score),
        word_probe,
    )


PRETRAINING = {
    direction: _pretraining(
        f"{direction}-40m",
        network,
        partial(data, eval_sets=_beside),
        learning_rate,
        tokens=TOKENS,
        metrics=_read_out(score),
        minutes=45.0,
    )
    for (direction, (network, data, learning_rate)), score in zip(
        _DIRECTIONS.items(), (pseudo_log_likelihoods, causal_log_probabilities), strict=True
    )
}
LENGTHS = tuple(
    _pretraining(name, *parts, tokens=SHORT_TOKENS, metrics=(), minutes=4.5)
    for name, parts in _LENGTHS.items()
)

_MEAN = {
    "stsb": partial(PairClassifier, features=symmetric_features),
    "mrpc": partial(PairClassifier, features=symmetric_features),
    "sst2": partial(TextClassifier, read=MeanState),
}
_MINUTES = {"stsb": 10.0, "mrpc": 12.0, "sst2": 7.0}


def _on_task(task: str, direction: str, name: str, *, start: Recipe | None, **reading) -> Recipe:
    given = TASKS[task]
    by = {"agreement": given.agreement, "score": given.score}
    return Recipe(
        name=name,
        data=partial(
            LabelledBatches,
            text=given.text,
            pretraining=library,
            tokenizer=_wordpiece,
            arrange=reading["arrange"],
        ),
        learner=partial(
            tuned_and_repeated,
            objective=partial(
                Classification,
                network=_DIRECTIONS[direction][0],
                outputs=given.outputs,
                classifier=reading["classifier"],
                schedule=partial(linear, warmup=0.1),
                optimiser=_adamw,
            ),
            learning_rates=FINE_TUNED,
            choose=partial(validation_score, **by),
            repeats=REPEATS,
            epochs=FINE_TUNING_EPOCHS,
            precision="bf16-mixed",
        ),
        metrics=(partial(repeated_score, **by),),
        minutes=_MINUTES[task],
        start=start,
    )


MEAN_STATES = tuple(
    _on_task(
        task,
        direction,
        f"{task}-{direction}-40m-mean",
        start=PRETRAINING[direction],
        classifier=_MEAN[task],
        arrange=_alone,
    )
    for task in _MEAN
    for direction in PRETRAINING
)
FROM_SCRATCH = tuple(
    _on_task(
        task, "masked", f"{task}-scratch-mean", start=None, classifier=_MEAN[task], arrange=_alone
    )
    for task in ("stsb",)
)
# The paper's own: one sequence, and the state of [CLS] through the pooler. The causal network's
# last state has seen the sequence, its first one nothing.
PAPERS_READ_OUT = tuple(
    _on_task(
        task,
        direction,
        f"{task}-{direction}-40m-cls",
        start=PRETRAINING[direction],
        classifier=partial(TextClassifier, read=PooledState),
        arrange=partial(in_segments, max_length=LENGTH, read_at=0 if direction == "masked" else -1),
    )
    for task in ("stsb", "mrpc")
    for direction in PRETRAINING
)
RECIPES = (*PRETRAINING.values(), *LENGTHS, *MEAN_STATES, *FROM_SCRATCH, *PAPERS_READ_OUT)
PRIORITY = {
    **{recipe.name: 9 for recipe in PRETRAINING.values()},
    **{recipe.name: 8 for recipe in (*MEAN_STATES, *FROM_SCRATCH)},
    **{recipe.name: 7 for recipe in LENGTHS},
    **{recipe.name: 4 for recipe in PAPERS_READ_OUT},
}
"""What a run is worth where time is short: the larger comes first."""
