"""Further recipes of the chapter on GPT-1 at tier `laptop`: more text, and other read-outs.

A network of 2 million parameters that has read 20 tokens for each; the mean of its states in place
of the last one, and for two texts a comparison of both means; few labels in five draws; and a
start that has read film reviews as well, as old books speak of no films.
"""

from functools import partial

from replications.corpora.batches.labelled_batches import LabelledBatches
from replications.corpora.batches.token_stream import TokenStream
from replications.corpora.texts.labelled_texts import corpus_task, subset_of_labels
from replications.corpora.texts.learned_tokenizers import of_other_documents
from replications.corpora.texts.selected.film_reviews import film_reviews
from replications.metrics.language.minimal_pairs import minimal_pair_accuracy
from replications.metrics.language.sentence_scores import log_probabilities
from replications.metrics.language.text_likelihood import bits_per_byte
from replications.metrics.language.zero_shot import zero_shot_auc
from replications.metrics.tasks.labels import accuracy
from replications.metrics.tasks.sentence_cosine import sentence_cosine
from replications.metrics.tasks.task_score import ScoredTask, task_score
from replications.models.transfer import all_layers, lowest_layers
from replications.objectives.causal_language_model import CausalLanguageModel
from replications.objectives.classification import Classification
from replications.objectives.continued_language_model import ContinuedLanguageModel
from replications.objectives.schedules import cosine, linear
from replications.papers.gpt1.gpu import (
    FINE_TUNED,
    MEAN_READS,
    alone,
    blimp_pairs,
    library,
    library_bpe,
)
from replications.papers.gpt1.recipes import (
    LAYERS,
    TASKS,
    books,
    books_bpe,
    gpt1,
    lstm,
    optimiser,
    pretrained,
    pretrained_lstm,
    without_dropout,
)
from replications.recipes import Recipe
from replications.training.trainers import train

TOKENS = 40_000_000
"""What pre-training reads, in ten epochs: 21 tokens a parameter, and none of them twice."""

DRAWS = 5
"""Subsets of the labels at each seed, where there are few of them."""

LABELS = {100: 20, 1000: 2}
"""Few labels, and how often an epoch reads them, so that all make about as many updates."""

ALL_LABELS = 6500

_EPOCHS = 10
_REVIEW_TOKENS, _REVIEW_EPOCHS = 6_000_000, 6
_sentences = ScoredTask(
    partial(corpus_task, corpus="sst2-sentences", columns=("sentence",), test="test", held_out=420),
    accuracy,
    "accuracy",
    1.0,
)
_auc = partial(zero_shot_auc, task="sst2", ending=" very", answers=(" negative", " positive"))
_watch = (partial(bits_per_byte, part="validation", prefix="validation_"), _auc)
_measured = (
    bits_per_byte,
    _auc,
    partial(sentence_cosine, arrange=alone),
    partial(minimal_pair_accuracy, score=log_probabilities),
)
_beside = {"sst2": TASKS["sst2"].text, "stsb": TASKS["stsb"].text, "blimp": blimp_pairs}
_blocks = partial(TokenStream, length=128, sequences_per_batch=16, eval_sets=_beside)

_long = Recipe(
    name="pretrained-long",
    data=partial(_blocks, text=library, tokenizer=library_bpe, tokens_per_epoch=TOKENS // _EPOCHS),
    learner=partial(
        train,
        objective=partial(
            CausalLanguageModel,
            model=without_dropout,
            schedule=partial(cosine, learning_rate=1e-3, warmup=0.05),
            optimiser=optimiser,
        ),
        epochs=_EPOCHS,
        precision="bf16-mixed",
        watch=_watch,
    ),
    metrics=_measured,
    minutes=60.0,
)
_reviews = Recipe(
    name="reviews",
    data=partial(
        _blocks,
        text=film_reviews,
        tokenizer=partial(of_other_documents, texts=library, tokenizer=library_bpe),
        tokens_per_epoch=_REVIEW_TOKENS // _REVIEW_EPOCHS,
    ),
    learner=partial(
        train,
        objective=partial(
            ContinuedLanguageModel,
            model=without_dropout,
            # Half of what the network began with: it has something to lose.
            schedule=partial(cosine, learning_rate=5e-4, warmup=0.05),
            optimiser=optimiser,
        ),
        epochs=_REVIEW_EPOCHS,
        precision="bf16-mixed",
        watch=_watch,
    ),
    metrics=_measured,
    minutes=10.0,
    start=_long,
)


def _read(
    name: str,
    task: str,
    *,
    start: Recipe | None,
    scored: ScoredTask | None = None,
    text: partial | None = None,
    repeats: int = 1,
    network: partial = gpt1,
    transfer: object = all_layers,
    pretraining: partial = library,
    tokenizer: partial = library_bpe,
) -> Recipe:
    """Fine-tuned through the mean of the states, for all starts alike."""
    given = scored or TASKS[task]
    score = partial(task_score, agreement=given.agreement, score=given.score)
    return Recipe(
        name=name,
        data=partial(
            LabelledBatches,
            text=text or given.text,
            pretraining=pretraining,
            tokenizer=tokenizer,
            arrange=alone,
            repeats=repeats,
        ),
        learner=partial(
            train,
            objective=partial(
                Classification,
                network=network,
                outputs=given.outputs,
                classifier=MEAN_READS[task],
                transfer=transfer,
                schedule=partial(linear, learning_rate=FINE_TUNED, warmup=0.1),
                optimiser=optimiser,
            ),
            epochs=5,
            precision="bf16-mixed",
        ),
        metrics=(score, partial(score, part="validation", prefix="validation_")),
        minutes=2 * given.minutes,
        start=start,
    )


_tasks = tuple(
    _read(f"{task}-{name}-mean", task, start=start)
    for task in ("stsb", "sst2", "mrpc", "rte")
    for name, start in (("long", _long), ("scratch", None))
)
_starts = {"scratch": None, "long": _long, "reviews": _reviews}
_all_labels = tuple(
    _read(f"sentences-{ALL_LABELS}-{name}", "sst2", start=start, scored=_sentences)
    for name, start in _starts.items()
)
_few_labels = tuple(
    _read(
        f"sentences-{labels}-{draw}-{name}",
        "sst2",
        start=start,
        scored=_sentences,
        text=partial(subset_of_labels, task=partial(_sentences.text, examples=labels), number=draw),
        repeats=repeats,
    )
    for labels, repeats in LABELS.items()
    for draw in range(DRAWS)
    for name, start in _starts.items()
)
# Figure 2 (left): so many layers of the pre-trained ones; all of them is `stsb-long-mean`.
_layers = tuple(
    _read(
        f"stsb-layers-{count}-mean",
        "stsb",
        start=_long,
        transfer=partial(lowest_layers, count=count),
    )
    for count in range(LAYERS)
)
# Of the first two pre-trained networks, which have read as many tokens.
_of_books = partial(_read, pretraining=books, tokenizer=books_bpe)
_both_kinds = tuple(
    _of_books(f"{task}-{name}-mean", task, start=start, network=network)
    for task in ("stsb", "sst2")
    for name, start, network in (("short", pretrained, gpt1), ("lstm", pretrained_lstm, lstm))
)

RECIPES = (_long, *_tasks, _reviews, *_all_labels, *_few_labels, *_layers, *_both_kinds)


def label_recipes(start: str) -> dict[int, list[str]]:
    """By the number of labels the names of the recipes with that start, one for each draw."""
    few = {
        labels: [f"sentences-{labels}-{draw}-{start}" for draw in range(DRAWS)] for labels in LABELS
    }
    return {**few, ALL_LABELS: [f"sentences-{ALL_LABELS}-{start}"]}
