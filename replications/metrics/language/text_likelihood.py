"""The likelihood of texts under a language model, in nats per token and bits per byte."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Float64, Int
from torch import Tensor
from torch.nn import functional

from replications.corpora.batches.token_stream import StreamTokenizer
from replications.decoding.inference import device_of, inference
from replications.errors import ReplicationError
from replications.models.language_model import LanguageModel


class Likelihood(NamedTuple):
    """The negative log-likelihood of texts in nats, their tokens, and their bytes."""

    nats: float
    tokens: int
    bytes: int

    @property
    def bits_per_byte(self) -> float:
        """Comparable between models with different tokenizers. Units: bits per byte of UTF-8."""
        return self.nats / (self.bytes * math.log(2))

    @property
    def nats_per_token(self) -> float:
        return self.nats / self.tokens

    def named(self, prefix: str) -> dict[str, float]:
        """Both quotients by name, with the prefix."""
        return {
            f"{prefix}bits_per_byte": self.bits_per_byte,
            f"{prefix}nats_per_token": self.nats_per_token,
        }


def text_likelihood(
    model: LanguageModel,
    tokenizer: StreamTokenizer,
    texts: Sequence[str],
    *,
    length: int,
    overlap: int = 0,
    sequences_per_batch: int = 32,
) -> Likelihood:
    """The likelihood of texts, each followed by end-of-text, which counts as a token and no byte.

    A model reads `length` tokens at most, so a text is read in windows: each token is predicted
    once, from those before it in its window. A window starts `overlap` tokens before what it adds;
    0 is quickest and gives the first tokens of a window the least context.

    End-of-text precedes the first token of a text, as in training.
    Raises ReplicationError for an overlap that leaves no room, and where there is no text.
    """
    if not 0 <= overlap < length:
        raise ReplicationError(
            f"Windows of {length} tokens cannot overlap by {overlap}: give 0 to {length - 1}."
        )
    size = sum(len(text.encode()) for text in texts)
    if not size:
        raise ReplicationError("There is no text to measure: give at least one that is not empty.")
    end = tokenizer.end_of_text
    windows = [
        window
        for text in texts
        for window in _windows([end, *tokenizer.encode(text), end], length, overlap)
    ]
    nats, tokens = 0.0, 0
    device = device_of(model)
    with inference(model):
        for batch in _in_batches(windows, sequences_per_batch):
            ids, counted = _stacked(batch)
            losses = token_losses(model(ids[:, :-1].to(device)), ids[:, 1:].to(device)).cpu()
            nats += float((losses.double() * counted).sum())
            tokens += int(counted.sum())
    return Likelihood(nats, tokens, size)


def token_losses(
    logits: Float[Tensor, "batch time vocabulary"], labels: Int[Tensor, "batch time"]
) -> Float[Tensor, "batch time"]:
    """-log p of each label, in nats."""
    losses = functional.cross_entropy(
        logits.float().flatten(0, 1), labels.flatten(), reduction="none"
    )
    return losses.view(labels.shape)


def bits_per_byte(
    objective: object, data: object, *, part: str = "test", overlap: int = 0, prefix: str = ""
) -> dict[str, float]:
    """`bits_per_byte` and `nats_per_token` of a part of the data's text, names with the prefix."""
    found = text_likelihood(
        objective.model,
        data.vocabulary,
        getattr(data.text, part),
        length=data.length,
        overlap=overlap,
    )
    return found.named(prefix)


class _Window(NamedTuple):
    ids: list[int]
    new: int


def _windows(ids: list[int], length: int, overlap: int) -> Iterator[_Window]:
    first, last = 0, len(ids) - 1
    yield _Window(ids[: length + 1], min(length, last))
    done = min(length, last)
    while done < last:
        first = done - overlap
        yield _Window(ids[first : first + length + 1], min(length - overlap, last - done))
        done = min(first + length, last)


def _in_batches(windows: list[_Window], size: int) -> Iterator[list[_Window]]:
    ordered = sorted(windows, key=lambda window: -len(window.ids))
    for first in range(0, len(ordered), size):
        yield ordered[first : first + size]


def _stacked(
    batch: list[_Window],
) -> tuple[Int[Tensor, "batch time"], Float64[Tensor, "batch before_last"]]:
    """The ids, right-padded, and 1 for each prediction that counts."""
    longest = max(len(window.ids) for window in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.int64)
    counted = torch.zeros(len(batch), longest - 1, dtype=torch.float64)
    for row, window in enumerate(batch):
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
        counted[row, len(window.ids) - 1 - window.new : len(window.ids) - 1] = 1
    return ids, counted
