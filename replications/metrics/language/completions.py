"""Scoring of completions by a language model, for zero-shot and few-shot tasks."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float64
from torch import Tensor

from replications.corpora.batches.token_stream import StreamTokenizer
from replications.decoding.inference import batches_by_length, device_of, inference
from replications.errors import ReplicationError
from replications.metrics.language.text_likelihood import token_losses
from replications.models.language_model import LanguageModel


class Completion(NamedTuple):
    """A prompt, and what may follow it: the two are encoded apart."""

    prompt: str
    completion: str


class Scores(NamedTuple):
    """Of each completion: its log probability after its prompt, in nats, and its tokens.

    `greedy` is True where each of its tokens was the most probable one.
    """

    log_probability: Float64[Tensor, " completion"]
    tokens: Float64[Tensor, " completion"]
    greedy: list[bool]


def score_completions(
    model: LanguageModel,
    tokenizer: StreamTokenizer,
    completions: Sequence[Completion],
    *,
    max_length: int,
    tokens_per_batch: int = 4096,
) -> Scores:
    """log p(completion | prompt) of each. Source: Brown et al. 2020, section 2.4.

    Prompt and completion are encoded apart, so that a token never spans both: end the prompt
    before the space that the completion begins with. End-of-text precedes the prompt. Where both
    are longer than `max_length` tokens, the beginning of the prompt is left out.

    Raises ReplicationError, with its number, for an empty completion and for one that leaves no
    room for a prompt.
    """
    rows, given = [], []
    for number, (prompt, completion) in enumerate(completions, start=1):
        answer_ids = tokenizer.encode(completion)
        if not answer_ids or len(answer_ids) > max_length:
            raise ReplicationError(
                f"Completion {number} of {len(completions)} has {len(answer_ids)} tokens: give it "
                f"1 to {max_length}, which is what the model can read."
            )
        before = [tokenizer.end_of_text, *tokenizer.encode(prompt)]
        before = before[-(max_length + 1 - len(answer_ids)) :]
        rows.append(before + answer_ids)
        given.append(len(before))
    total = torch.zeros(len(rows), dtype=torch.float64)
    greedy = [False] * len(rows)
    device = device_of(model)
    with inference(model):
        for batch in batches_by_length([len(row) for row in rows], tokens_per_batch):
            width = len(rows[batch[0]])
            ids = torch.tensor([rows[n] + [0] * (width - len(rows[n])) for n in batch])
            logits, labels = model(ids[:, :-1].to(device)), ids[:, 1:].to(device)
            # One value per token leaves the device, not its logits.
            losses = token_losses(logits, labels).cpu().double()
            best = logits.argmax(-1).cpu()
            for row, number in enumerate(batch):
                asked = slice(given[number] - 1, len(rows[number]) - 1)
                total[number] = -losses[row, asked].sum()
                greedy[number] = bool((best[row] == ids[row, 1:])[asked].all())
    lengths = [len(row) - before for row, before in zip(rows, given, strict=True)]
    return Scores(total, torch.tensor(lengths, dtype=torch.float64), greedy)


def choose_completion(
    model: LanguageModel,
    tokenizer: StreamTokenizer,
    questions: Sequence[tuple[str, Sequence[str]]],
    *,
    max_length: int,
) -> list[int]:
    """For each prompt the index of its most probable completion; the first of equals.

    Probabilities are those of whole completions, which favours short ones.
    """
    flat = [Completion(prompt, each) for prompt, answers in questions for each in answers]
    scores = score_completions(model, tokenizer, flat, max_length=max_length)
    counts = [len(answers) for _, answers in questions]
    return [int(part.argmax()) for part in scores.log_probability.split(counts)]
