"""The negative log-likelihood of reference translations."""

import math
import sys
from dataclasses import replace
from typing import NamedTuple

import torch
from jaxtyping import Float64
from torch import Tensor

from replications.corpora.batches.translation_batches import padded
from replications.corpora.texts.parallel_text import Pairs
from replications.decoding.inference import batches_by_length, device_of, inference
from replications.items import FromItems
from replications.metrics.ranges import indices_by_range
from replications.metrics.translation.by_length import source_lengths
from replications.models.translator import Translator
from replications.tokens.languages import Languages
from replications.tokens.marked_words import split_words
from replications.tokens.special import PAD


class SentenceLosses(NamedTuple):
    """Each reference's negative log-likelihood in nats, and its target tokens, END included."""

    nats: Float64[Tensor, " sentence"]
    tokens: Float64[Tensor, " sentence"]


def sentence_losses(
    model: Translator, languages: Languages, pairs: Pairs, *, tokens_per_batch: int = 2048
) -> SentenceLosses:
    """-log p(reference | source) of each pair by teacher forcing, without label smoothing.

    What the tokenizers do not know is encoded as <unk>, and sentences may be longer than in
    training.
    """
    languages = replace(languages, max_length=sys.maxsize)
    sources = [languages.encode_source(text, unknown_allowed=True) for text in pairs.source]
    targets = [languages.encode_target(text, unknown_allowed=True) for text in pairs.target]
    lengths = [max(map(len, pair)) for pair in zip(sources, targets, strict=True)]
    nats = torch.zeros(len(lengths), dtype=torch.float64)
    device = device_of(model)
    with inference(model):
        for batch in batches_by_length(lengths, tokens_per_batch):
            source = padded([sources[index] for index in batch]).to(device)
            target = padded([targets[index] for index in batch]).to(device)
            logits = model(source, target[:, :-1])
            losses = torch.nn.functional.cross_entropy(
                logits.float().flatten(0, 1),
                target[:, 1:].flatten(),
                ignore_index=PAD,
                reduction="none",
            )
            nats[batch] = losses.view(len(batch), -1).cpu().double().sum(1)
    # BEGIN is not predicted.
    tokens = torch.tensor([len(target) - 1 for target in targets], dtype=torch.float64)
    return SentenceLosses(nats, tokens)


def negative_log_likelihood(
    objective: object,
    data: object,
    *,
    part: str = "test",
    edges: tuple[int, ...] = (),
    prefix: str = "",
) -> dict[str, float]:
    """`nll` in nats per target token, END included, and `perplexity`, its exponential.

    `nll_per_word` divides by words and punctuation marks instead, with one END a sentence, so that
    models with different tokenizers can be compared. With `edges`, `nll:1-10` and so on, by the
    source's words and punctuation marks. The names get the prefix. No label smoothing in any of
    them.
    """
    pairs: Pairs = getattr(data.text, part)
    losses = sentence_losses(objective.model, data.vocabulary, pairs)
    words = [len(split_words(text)) + 1 for text in pairs.target]
    total = float(losses.nats.sum())
    nll = total / float(losses.tokens.sum())
    numbers = {
        "nll": FromItems(nll, "ratio", losses.nats.numpy(), losses.tokens.numpy()),
        "perplexity": math.exp(min(nll, 700.0)),
        "nll_per_word": FromItems(total / sum(words), "ratio", losses.nats.numpy(), words),
    }
    if edges:
        for name, indices in indices_by_range(source_lengths(pairs.source), edges).items():
            numbers[f"nll:{name}"] = float(
                losses.nats[indices].sum() / losses.tokens[indices].sum()
            )
    return {prefix + name: value for name, value in numbers.items()}
