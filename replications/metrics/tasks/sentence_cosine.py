"""Correlation of the cosine of two sentences' mean states with human scores, without training."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from replications.corpora.batches.labelled_batches import Arranged, Arrangement
from replications.corpora.texts.labelled_texts import LabelledTexts
from replications.decoding.inference import device_of, inference
from replications.decoding.padded_sequences import padded_sequences
from replications.errors import ReplicationError
from replications.metrics.tasks.labels import correlations
from replications.models.mean_state import inputs_of, mean_over


def sentence_cosine(
    objective: object,
    data: object,
    *,
    arrange: Callable[[object, LabelledTexts], Arrangement],
    task: str = "stsb",
    part: str = "test",
    batch_tokens: int = 16_384,
    prefix: str = "cosine",
) -> dict[str, float]:
    """`cosine:layer0` (the embeddings) to the last: Pearson's correlation with the labels, times
    100, and `cosine_rank:layer0` and so on, Spearman's.

    Source: Reimers and Gurevych 2019 (arXiv:1908.10084), section 4.1: the cosine of the mean states
    of two sentences, each encoded alone, of a network that is not fine-tuned. `arrange` is as in
    LabelledBatches (each_text_alone). The pairs are those of `data.eval_sets[task]`.

    Raises ReplicationError where the examples are no pairs.
    """
    labelled = data.eval_sets[task]
    examples = getattr(labelled, part)
    encode, arranged = data.vocabulary.encode, arrange(data.vocabulary, labelled)
    sequences = [arranged([encode(text) for text in texts]) for texts in examples.texts]
    if any(len(each) != 2 for each in sequences):
        raise ReplicationError(
            f"Each example of {task!r} must be a pair of texts, each in a sequence of its own: "
            "give another task, or arrange it by each_text_alone."
        )
    means = _mean_states(
        objective.model, [text for pair in sequences for text in pair], batch_tokens
    )
    cosines = functional.cosine_similarity(means[0::2], means[1::2], dim=-1).cpu()
    found = {}
    for layer, column in enumerate(cosines.double().unbind(1)):
        agreed = correlations(list(examples.labels), column.tolist())
        found[f"{prefix}:layer{layer}"] = agreed["pearson"]
        found[f"{prefix}_rank:layer{layer}"] = agreed["spearman"]
    return found


def _mean_states(
    model: torch.nn.Module, sequences: list[Arranged], batch_tokens: int
) -> Float[Tensor, "text layer d"]:
    """The mean of the states after each layer, the embeddings first."""
    ids = [sequence.ids for sequence in sequences]
    padding = getattr(model, "padding", 0)
    blocks = padded_sequences(ids, device_of(model), max_length=max(map(len, ids)), padding=padding)
    means = None
    with inference(model):
        for block in blocks:
            for batch in block.batches(batch_tokens):
                states = model.states(*inputs_of(model, batch.ids, torch.zeros_like(batch.ids)))
                position = torch.arange(states.shape[2], device=states.device)
                here = mean_over(states.float(), position < batch.lengths[:, None])
                if means is None:
                    means = here.new_zeros(len(sequences), *here.shape[1:])
                means[batch.numbers] = here
    return means
