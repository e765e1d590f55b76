"""The fit of word vectors to held-out text, for data that have some."""

from typing import Any

import torch

from replications.corpora.batches.word_blocks import BlockStream, WordBatch
from replications.corpora.texts.cooccurrence import count_cooccurrences
from replications.errors import ReplicationError


def held_out_loss(objective: Any, data: Any) -> dict[str, float]:
    """`held_out_loss`: the objective's loss on the held-out text, in nats per predicted word.

    No word is left out by subsampling, and windows and negative samples are drawn alike for every
    model. An untrained model with negative sampling has (1 + k) ln 2, for k negatives.
    """
    generator = torch.Generator().manual_seed(0)
    stream = BlockStream(
        data.text.held_out,
        window=data.window,
        subsample=None,
        block=data.block,
        blocks_per_batch=data.blocks_per_batch,
        generator=generator,
    )
    draw = torch.Generator(objective.device).manual_seed(0)
    nats, predicted = 0.0, 0.0
    with torch.inference_mode():
        for number in range(len(stream)):
            batch = WordBatch(*(each.to(objective.device) for each in stream[number]))
            prediction, targets = objective.decide(batch, draw)
            weight = float(prediction.weights.sum())
            nats += float(objective.mean_loss(prediction, targets)) * weight
            predicted += weight
    if not predicted:
        raise ReplicationError(
            "The held-out text has no two words of the vocabulary near each other. Give more text."
        )
    return {"held_out_loss": nats / predicted}


def held_out_counts(objective: Any, data: Any) -> dict[str, float]:
    """`held_out_correlation`: Pearson's r of the predicted log counts with the held-out ones.

    Over the pairs of words that the held-out text has near each other. A correlation, because
    counts grow with the length of a text.
    """
    counts = count_cooccurrences(data.text.held_out, window=data.window)
    if len(counts.count) < 3:
        raise ReplicationError(
            "The held-out text has hardly two words of the vocabulary near each other. Give more "
            "text."
        )
    row = objective.permutation
    with torch.inference_mode():
        pairs = (row[ids.to(row.device)] for ids in (counts.first, counts.second))
        predicted = objective.model(*pairs).double().cpu()
    both = torch.stack([predicted, counts.count.double().log()])
    return {"held_out_correlation": float(torch.corrcoef(both)[0, 1])}
