"""The cross-entropy of a language model on sequences cut as in training."""

from typing import Any

import torch

from replications.corpora.texts.token_ids import Part, token_ids
from replications.decoding.inference import device_of, inference
from replications.errors import ReplicationError
from replications.metrics.language.text_likelihood import token_losses


def sequence_loss(
    objective: Any,
    data: Any,
    *,
    part: Part = "test",
    sequences: int = 1024,
    sequences_per_batch: int = 32,
    prefix: str = "",
) -> dict[str, float]:
    """`nats_per_token`, with the prefix: the mean over sequences spread evenly over a part.

    As in training, a sequence is cut from the stream wherever it falls, and each of its tokens but
    the first is predicted. All models of a sweep see the same tokens, so that their differences
    have far less noise than the loss itself. Source: Kaplan et al. 2020, section 2.3, which reports
    the mean over a context. Raises ReplicationError where the part has fewer such sequences.
    """
    stream = token_ids(data.text, data.vocabulary, part=part, end=data.vocabulary.end_of_text)
    found = (len(stream) - 1) // data.length
    if found < sequences:
        raise ReplicationError(
            f"The {part} part has {found} sequences of {data.length} tokens, and {sequences} were "
            "asked for: ask for fewer, or give more text."
        )
    starts = torch.arange(sequences) * found // sequences * data.length
    positions = starts[:, None] + torch.arange(data.length + 1)
    ids = torch.from_numpy(stream.ids[positions.numpy()].astype("int64"))
    device, total = device_of(objective.model), 0.0
    with inference(objective.model):
        for batch in ids.to(device).split(sequences_per_batch):
            losses = token_losses(objective.model(batch[:, :-1]), batch[:, 1:])
            total += float(losses.double().sum())
    return {f"{prefix}nats_per_token": total / (sequences * data.length)}
