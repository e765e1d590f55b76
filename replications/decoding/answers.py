"""Sampled answers of a language model to a batch of prompts, as padded ids."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from replications.decoding.sampling import sample
from replications.models.language_model import LanguageModel


class Answers(NamedTuple):
    """Ids after the prompts, the mask of the answers with their ends, and which of them ended.

    Without an end an answer has the maximum length.
    """

    ids: Int[Tensor, "answer time"]
    mask: Bool[Tensor, "answer time"]
    ended: Sequence[bool]

    @property
    def lengths(self) -> Int[Tensor, " answer"]:
        """Tokens of each answer, its end included."""
        return self.mask.sum(1)


def sample_answers(
    model: LanguageModel,
    prompts: Int[Tensor, "answer prompt_time"],
    *,
    tokens: int,
    end: int | None,
    padding: int,
    generator: torch.Generator,
    temperature: float = 1.0,
) -> Answers:
    """One answer to each prompt, of `tokens` at most; an end is followed by `padding`."""
    written = sample(
        model, prompts, tokens=tokens, generator=generator, temperature=temperature, end=end
    )
    return as_answers(written, tokens=tokens, end=end, padding=padding, device=prompts.device)


def as_answers(
    written: Sequence[Sequence[int]],
    *,
    tokens: int,
    end: int | None,
    padding: int,
    device: torch.device | None = None,
) -> Answers:
    """Pads answers that come without their ends; one of as many `tokens` has not ended."""
    rows, lengths, ended = [], [], []
    for answer in written:
        closed = end is not None and len(answer) < tokens
        row = [*answer, end] if closed else list(answer)
        ended.append(closed or end is None)
        lengths.append(len(row))
        rows.append(row + [padding] * (tokens - len(row)))
    ids = torch.tensor(rows)
    mask = torch.arange(tokens) < torch.tensor(lengths)[:, None]
    return Answers(ids.to(device), mask.to(device), ended)


def texts_of(answers: Answers, vocabulary: object, end: int | None) -> list[str]:
    """The answers as text, without their ends."""
    found = []
    for row, length in zip(answers.ids.tolist(), answers.lengths.tolist(), strict=True):
        ids = row[:length]
        found.append(vocabulary.decode(ids[:-1] if end is not None and ids[-1:] == [end] else ids))
    return found
