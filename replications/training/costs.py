"""The cost of a run: parameters, tokens, operations, memory. Counted where that needs no corpus.

Networks are built on torch's meta device, where tensors have shapes and no values.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import torch

from replications.corpora.batches.fixed_sample import FixedSample
from replications.corpora.batches.masking import next_token
from replications.corpora.batches.segment_pairs import SegmentPairs, predict_next
from replications.corpora.batches.text_pairs import TextPairs
from replications.corpora.batches.token_stream import TokenStream
from replications.objectives.causal_language_model import CausalLanguageModel
from replications.objectives.masked_language_model import MaskedLanguageModel
from replications.records import Record
from replications.training.mean_lengths import at_mean_length
from replications.training.meta_device import built, operations, saved_bytes
from replications.training.trainers import count_parameters

# The argument that gives the number of sequences in a batch.
_SEQUENCES = {
    TokenStream: "sequences_per_batch",
    FixedSample: "sequences_per_batch",
    TextPairs: "sequences_per_batch",
    SegmentPairs: "sequences_per_batch",
}
# The share of the positions of a sequence: Devlin et al. 2019, section 3.1.
_MASKED = 0.15
# Where nothing could be counted: the median rate of the recorded laptop runs over the minutes that
# their recipes state.
_OPERATIONS_A_SECOND = 50e9
# A weight in training: itself, its gradient and two moments, in 32 bits each.
_BYTES_A_PARAMETER = 16


class Cost(NamedTuple):
    """The cost of one run; None where something is not known.

    `known` is the source: "record", "counted", "mean length" or "minutes".

    `memory` is in bytes; of a record the peak of the whole process, else weights, optimiser and
    what a batch leaves for the backward pass, which is `of_a_batch`.
    """

    parameters: int | None
    tokens: int | None
    operations: float
    memory: int | None
    known: str
    of_a_batch: int | None = None


def cost_of(recipe: Any, records: Sequence[Record]) -> Cost:
    """The cost by an earlier run of the recipe, or counted, or by the minutes that it states."""
    for record in records:
        if record.recipe_hash == recipe.hash:
            parameters = sum(record.parameters.values())
            memory = record.peak_memory_bytes
            return Cost(parameters, record.tokens_seen, record.flops, memory, "record")
    return counted(recipe) or Cost(
        parameters_of(recipe), None, 60 * recipe.minutes * _OPERATIONS_A_SECOND, None, "minutes"
    )


def parameters_of(recipe: Any) -> int | None:
    """The trained parameters; None where the size of the vocabulary depends on the corpus."""
    model = built(recipe)
    return None if model is None else sum(count_parameters(model).values())


def counted(recipe: Any) -> Cost | None:
    """The cost of pre-training on sequences of one length; None where it cannot be counted.

    For translation and fine-tuning all sequences are taken to have the mean length of the
    registered corpus: `known` is then "mean length".

    The operations are those of a batch's matrix products, forward and twice as many backward, as in
    CountsOperations. The vocabulary is taken to be as large as the tokenizer may make it.
    """
    model = built(recipe)
    if model is not None and (found := at_mean_length(recipe, model)) is not None:
        parameters = sum(count_parameters(model).values())
        memory = _BYTES_A_PARAMETER * parameters + found.saved
        return Cost(parameters, found.tokens, found.operations, memory, "mean length", found.saved)
    batch = None if model is None else _batch(recipe.data)
    if batch is None or not isinstance(model, CausalLanguageModel | MaskedLanguageModel):
        return None
    epochs = recipe.learner.keywords["epochs"]
    # The first epochs may read shorter sequences, and as many more of them.
    lengths = [*batch.shorter, *[batch.length] * epochs][:epochs]
    whole = 3 * sum(
        lengths.count(length) * batch.batches * operations(_forward(model, batch, length))
        for length in set(lengths)
    )
    parameters = sum(count_parameters(model).values())
    saved = saved_bytes(_forward(model, batch, batch.length), model)
    if "16" in recipe.learner.keywords.get("precision", "32-true"):
        saved //= 2
    return Cost(
        parameters,
        epochs * batch.batches * batch.tokens,
        whole,
        _BYTES_A_PARAMETER * parameters + saved,
        "counted",
        saved,
    )


class _Batch(NamedTuple):
    """Tokens of a batch in sequences of `length`, and the share of them that are predicted."""

    tokens: int
    length: int
    shorter: tuple[int, ...]
    batches: int
    asked: float


def _batch(data: partial) -> _Batch | None:
    given = data.keywords
    rows = _SEQUENCES.get(data.func)
    if rows is None or given.get("tokens_per_epoch") is None:
        return None
    length = given.get("length", 128)
    tokens = length * given.get(rows, 32)
    asked = _MASKED
    if next_token is given.get("masking") or predict_next is given.get("targets"):
        asked = 1.0
    shorter = tuple(given.get("length_schedule", ()))
    return _Batch(tokens, length, shorter, max(1, given["tokens_per_epoch"] // tokens), asked)


def _forward(model: Any, batch: _Batch, length: int) -> Callable[[], object]:
    """A batch's forward pass without its loss, which takes few operations."""
    rows = batch.tokens // length
    ids = torch.zeros(rows, length, dtype=torch.long, device="meta")
    if isinstance(model, CausalLanguageModel):
        return partial(model.model, ids)
    # The first position has no context, and is never a target.
    most = max(1, round(batch.asked * (length - 1)))
    asked = torch.zeros(rows, most, dtype=torch.long, device="meta")
    return partial(model.scores, ids, ids, asked)
