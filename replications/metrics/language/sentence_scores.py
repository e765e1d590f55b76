"""Log probabilities of whole sentences, for thousands of them at once.

Each function takes an objective, its vocabulary and sentences, and gives a score in nats for each:
the greater, the more probable. Nothing leaves the device before all are scored.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from jaxtyping import Float64
from torch import Tensor

from replications.corpora.batches.token_stream import StreamTokenizer
from replications.decoding.inference import device_of, inference
from replications.decoding.padded_sequences import Padded, padded_sequences
from replications.errors import ReplicationError
from replications.metrics.language.text_likelihood import token_losses
from replications.tokens.wordpiece import WordPiece

SentenceScore = Callable[..., Float64[Tensor, " sentence"]]
"""One of the functions below, called with `max_length` and `batch_tokens` by name."""


def log_probabilities(
    objective: Any,
    vocabulary: StreamTokenizer,
    sentences: Sequence[str],
    *,
    max_length: int,
    batch_tokens: int = 16_384,
) -> Float64[Tensor, " sentence"]:
    """ln P(sentence) of a causal language model: the sum over its tokens, after end-of-text.

    Source: Warstadt et al. 2020, section 4.2. That the sentence then ends is not counted.
    Raises ReplicationError, with the sentence, for one of more than `max_length` tokens or none.
    """
    sequences = [[vocabulary.end_of_text, *vocabulary.encode(each)] for each in sentences]
    _check(sentences, sequences, special=1, most=max_length + 1)
    model = objective.model
    scores = torch.zeros(len(sequences), dtype=torch.float64, device=device_of(model))
    with inference(model):
        for batch in _batches(sequences, scores.device, max_length + 1, batch_tokens, beyond=1):
            losses = token_losses(model(batch.ids[:, :-1]), batch.ids[:, 1:])
            position = torch.arange(1, batch.ids.shape[1], device=scores.device)
            real = position < batch.lengths[:, None]
            scores[batch.numbers] = -losses.double().masked_fill(~real, 0.0).sum(1)
    return scores.cpu()


def pseudo_log_likelihoods(
    objective: Any,
    vocabulary: WordPiece,
    sentences: Sequence[str],
    *,
    max_length: int,
    batch_tokens: int = 16_384,
) -> Float64[Tensor, " sentence"]:
    """The sum of ln P(token | all others) of a masked language model, each token masked once.

    Source: Salazar et al. 2020 (arXiv:1910.14659), equation 1. [CLS] and [SEP] stand around the
    sentence and are not counted. A sentence of n tokens takes n forward passes.
    Raises ReplicationError, with the sentence, for one of more than `max_length` - 2 tokens, or
    none.
    """
    sequences = _between_marks(vocabulary, sentences, max_length)
    model = objective.model
    head = model.tasks["masked"]
    scores = torch.zeros(len(sequences), dtype=torch.float64, device=device_of(model))
    with inference(model):
        for block in _blocks(sequences, scores.device, max_length, vocabulary):
            sentence, position = _each_token(block)
            size = max(1, batch_tokens // block.ids.shape[1])
            for asked, at in zip(sentence.split(size), position.split(size), strict=True):
                ids, columns = block.ids[asked], at[:, None]
                labels = ids.gather(1, columns)
                ids = ids.scatter(1, columns, vocabulary.mask)
                states = model.hidden(ids, torch.zeros_like(ids))
                states = states[torch.arange(len(at), device=at.device), at]
                log_p = head(states).float().log_softmax(-1).gather(1, labels)[:, 0]
                scores.index_add_(0, block.numbers[asked], log_p.double())
    return scores.cpu()


def causal_log_probabilities(
    objective: Any,
    vocabulary: WordPiece,
    sentences: Sequence[str],
    *,
    max_length: int,
    batch_tokens: int = 16_384,
) -> Float64[Tensor, " sentence"]:
    """ln P(sentence) of a network with a causal mask whose masked head has learned the next token.

    It reads [CLS], the sentence, [SEP] as `pseudo_log_likelihoods` does, and each token is
    predicted from the position before it; [SEP] is not counted. Raises what that raises.
    """
    sequences = _between_marks(vocabulary, sentences, max_length)
    model = objective.model
    head = model.tasks["masked"]
    scores = torch.zeros(len(sequences), dtype=torch.float64, device=device_of(model))
    with inference(model):
        for block in _blocks(sequences, scores.device, max_length, vocabulary):
            for batch in block.batches(batch_tokens):
                states = model.hidden(batch.ids, torch.zeros_like(batch.ids))
                losses = token_losses(head(states[:, :-1]), batch.ids[:, 1:])
                position = torch.arange(1, batch.ids.shape[1], device=scores.device)
                counted = position < batch.lengths[:, None] - 1
                scores[batch.numbers] = -losses.double().masked_fill(~counted, 0.0).sum(1)
    return scores.cpu()


def _between_marks(
    vocabulary: WordPiece, sentences: Sequence[str], max_length: int
) -> list[list[int]]:
    sequences = [
        [vocabulary.start, *vocabulary.encode(each), vocabulary.separator] for each in sentences
    ]
    _check(sentences, sequences, special=2, most=max_length)
    return sequences


def _check(
    sentences: Sequence[str], sequences: Sequence[Sequence[int]], *, special: int, most: int
) -> None:
    for sentence, sequence in zip(sentences, sequences, strict=True):
        if not special < len(sequence) <= most:
            raise ReplicationError(
                f"The sentence {sentence!r} has {len(sequence) - special} tokens, and the model "
                f"reads 1 to {most - special} of them: leave it out, or read with a model of more."
            )


def _blocks(
    sequences: Sequence[Sequence[int]],
    device: torch.device,
    max_length: int,
    vocabulary: WordPiece,
) -> list[Padded]:
    return padded_sequences(sequences, device, max_length=max_length, padding=vocabulary.padding)


def _batches(
    sequences: Sequence[Sequence[int]],
    device: torch.device,
    max_length: int,
    tokens: int,
    beyond: int,
) -> list[Padded]:
    blocks = padded_sequences(sequences, device, max_length=max_length, beyond=beyond)
    return [batch for block in blocks for batch in block.batches(tokens)]


def _each_token(block: Padded) -> tuple[Tensor, Tensor]:
    """For each token of a block between [CLS] and [SEP]: its sequence, and its position in it."""
    tokens = block.lengths - 2
    first = tokens.cumsum(0) - tokens
    total = int(tokens.sum())
    sequence = torch.arange(len(tokens), device=tokens.device)
    sequence = sequence.repeat_interleave(tokens, output_size=total)
    return sequence, torch.arange(total, device=tokens.device) - first[sequence] + 1
