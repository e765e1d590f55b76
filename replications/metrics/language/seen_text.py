"""Bits per byte of text that a language model was trained on, and of unseen text of the same kind.

Both are measured on sequences cut as in training, spread evenly: the beginning of an article
differs from its middle.
"""

import math

import torch
from jaxtyping import Int
from torch import Tensor

from replications.corpora.batches.token_stream import joined_ids
from replications.decoding.inference import device_of, inference
from replications.errors import ReplicationError
from replications.metrics.language.text_likelihood import token_losses


def seen_likelihood(
    objective: object,
    data: object,
    *,
    epochs: int,
    unseen: str,
    sequences: int = 400,
    sequences_per_batch: int = 16,
) -> dict[str, float]:
    """`seen_bits_per_byte` and `unseen_bits_per_byte`: figure 4 of Radford et al. 2019.

    Seen are so many `sequences` of those that `epochs` epochs drew, unseen as many of the eval set
    `unseen`, joined in the same way.

    Raises ReplicationError where there are fewer sequences.
    """
    drawn = torch.cat([data.sequence_indices(epoch) for epoch in range(epochs)])
    seen = data.batch(_spread(drawn, sequences, "seen")).ids
    stream = joined_ids(data.eval_sets[unseen].texts, data.vocabulary)
    whole = (len(stream) - 1) // data.length
    starts = _spread(torch.arange(whole), sequences, "unseen") * data.length
    new = stream[starts[:, None] + torch.arange(data.length + 1)].long()
    return {
        "seen_bits_per_byte": _bits_per_byte(objective.model, data, seen, sequences_per_batch),
        "unseen_bits_per_byte": _bits_per_byte(objective.model, data, new, sequences_per_batch),
    }


def _spread(rows: Int[Tensor, " row"], count: int, what: str) -> Int[Tensor, " chosen"]:
    if not 1 <= count <= len(rows):
        raise ReplicationError(
            f"{count} {what} sequences were asked for, and there are {len(rows)}: give 1 to "
            f"{len(rows)} as `sequences`."
        )
    return rows[torch.arange(count) * len(rows) // count]


def _bits_per_byte(
    model: torch.nn.Module, data: object, ids: Int[Tensor, "block time"], sequences_per_batch: int
) -> float:
    nats, size = 0.0, 0
    device, tokens = device_of(model), data.vocabulary
    with inference(model):
        for batch in ids.split(sequences_per_batch):
            losses = token_losses(model(batch[:, :-1].to(device)), batch[:, 1:].to(device))
            nats += float(losses.double().sum())
    for row in ids[:, 1:].tolist():
        # Not from decoded text: a character that is cut in two would decode to another.
        size += sum(_bytes(tokens, number) for number in row)
    return nats / (size * math.log(2))


def _bytes(tokens: object, number: int) -> int:
    """The bytes of text that a token stands for; end-of-text has none."""
    if number == tokens.end_of_text:
        return 0
    return len(tokens.symbols[number])
