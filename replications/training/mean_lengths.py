"""The cost of translation and fine-tuning, with all sequences of the corpus's mean length."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import Any, NamedTuple

import torch

from replications.corpora.batches.arrangements import in_reading_order
from replications.corpora.batches.labelled_batches import LabelledBatches
from replications.corpora.batches.text_by_text import each_text_alone
from replications.corpora.batches.translation_batches import TranslationBatches
from replications.corpora.store.registry import read_entry
from replications.corpora.texts.parallel_text import corpus_pairs
from replications.objectives.classification import Classification
from replications.objectives.translation import Translation
from replications.training.meta_device import operations, saved_bytes
from replications.training.repeats import REPEATS, tuned_and_repeated

# Mean ids of a row of the training part, counted once on the registered rows: of a sentence with
# its END, in 4,000 merges, on either side; of an example's texts with their special tokens, in
# 8,000.
IDS = {
    "multi30k": 17,
    "tatoeba-en-fr": 11,
    "glue-cola": 13,
    "glue-sst2": 17,
    "glue-mrpc": 70,
    "glue-stsb": 36,
    "glue-rte": 82,
}
_HELD_OUT = 200


class MeanLength(NamedTuple):
    """The cost of a whole run; `saved` are the bytes that a batch keeps for the backward pass."""

    tokens: int
    operations: float
    saved: int


def at_mean_length(recipe: Any, model: Any) -> MeanLength | None:
    """None for other recipes, for corpora whose mean length is not in the table, and for networks
    that read their inputs' values, as recurrent ones do to leave out padding.

    `model` is the recipe's on the meta device.
    """
    text = recipe.data.keywords.get("text")
    given = text.keywords if isinstance(text, partial) else {}
    # The default corpus of `corpus_pairs`.
    default = "multi30k" if isinstance(text, partial) and text.func is corpus_pairs else None
    corpus = given.get("corpus", default)
    if corpus not in IDS:
        return None
    rows = read_entry(corpus).split("train").rows
    # A tensor on the meta device has no values to be read.
    with contextlib.suppress(NotImplementedError):
        if recipe.data.func is TranslationBatches and isinstance(model, Translation):
            return _translation(recipe, model, given, corpus, rows)
        if recipe.data.func is LabelledBatches and isinstance(model, Classification):
            return _fine_tuning(recipe, model, given, corpus, rows)
    return None


def _translation(
    recipe: Any, model: Translation, given: dict[str, Any], corpus: str, pairs: int
) -> MeanLength:
    # Up to n sentences are joined: half of n and one more in the mean, whose words stay.
    together = (given.get("joined", 1) + 1) / 2
    length = round(IDS[corpus] * together)
    in_batch = max(1, recipe.data.keywords.get("tokens_per_batch", 2048) // length)
    ids = torch.zeros(in_batch, length, dtype=torch.long, device="meta")
    forward = partial(model.model, ids, ids)
    epochs = recipe.learner.keywords["epochs"]
    batches = epochs * pairs / together / in_batch
    saved = _halved(saved_bytes(forward, model), recipe)
    return MeanLength(2 * IDS[corpus] * pairs * epochs, 3 * batches * operations(forward), saved)


def _fine_tuning(
    recipe: Any, model: Classification, given: dict[str, Any], corpus: str, rows: int
) -> MeanLength:
    data = recipe.data.keywords
    examples = given.get("examples") or rows - given.get("held_out", _HELD_OUT)
    texts, length = len(given["columns"]), IDS[corpus]
    each = 1
    arranged = data["arrange"]
    settings = arranged.keywords if isinstance(arranged, partial) else {}
    arrange = getattr(arranged, "func", arranged)
    # Longer sequences are truncated there.
    length = min(length, settings.get("max_length", length))
    if arrange is each_text_alone:
        each, length = texts, max(3, length // texts)
    elif arrange is in_reading_order and given.get("symmetric") and texts == 2:
        each = 2
    in_batch = data.get("examples_per_batch", 32)
    ids = torch.zeros(in_batch * each, length, dtype=torch.long, device="meta")
    positions = torch.zeros(in_batch * each, dtype=torch.long, device="meta")
    inputs = (ids, torch.zeros_like(ids), positions, in_batch)
    passes = recipe.learner.keywords["epochs"] * data.get("repeats", 1) * _trainings(recipe)
    whole = passes * examples / in_batch * model.operations_of(model.read, inputs)
    saved = _halved(saved_bytes(partial(model.read, *inputs), model), recipe)
    return MeanLength(passes * examples * each * length, whole, saved)


def _trainings(recipe: Any) -> int:
    """One, or one for each learning rate and one for each further seed."""
    if recipe.learner.func is not tuned_and_repeated:
        return 1
    given = recipe.learner.keywords
    return len(given["learning_rates"]) + given.get("repeats", REPEATS) - 1


def _halved(saved: int, recipe: Any) -> int:
    return saved // 2 if "16" in recipe.learner.keywords.get("precision", "32-true") else saved
