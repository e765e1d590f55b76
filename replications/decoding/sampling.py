"""Sampling from a language model, token by token."""

from collections.abc import Callable

import torch
from jaxtyping import Float, Int
from torch import Tensor

from replications.decoding.inference import inference
from replications.errors import ReplicationError
from replications.models.language_model import LanguageModel

LogitsFilter = Callable[[Float[Tensor, "batch vocabulary"]], Float[Tensor, "batch vocabulary"]]
"""Logits in, logits out: those of tokens that may not be drawn become minus infinity."""


def all_tokens(logits: Float[Tensor, "batch vocabulary"]) -> Float[Tensor, "batch vocabulary"]:
    """All tokens may be drawn, each with the probability that the model gives it."""
    return logits


def top_k(
    logits: Float[Tensor, "batch vocabulary"], *, k: int
) -> Float[Tensor, "batch vocabulary"]:
    """Keeps the k most probable tokens, and others as probable as the last of them.

    Source: Fan et al. 2018, section 5.4; Radford et al. 2019 sample with k = 40.
    Raises ReplicationError for k below 1.
    """
    if k < 1:
        raise ReplicationError(f"The {k} most probable tokens are none: give k of 1 or more.")
    least = logits.topk(min(k, logits.shape[-1])).values[..., -1:]
    return logits.masked_fill(logits < least, -torch.inf)


def top_p(
    logits: Float[Tensor, "batch vocabulary"], *, p: float
) -> Float[Tensor, "batch vocabulary"]:
    """Keeps the fewest tokens that together have the probability `p` or more (the nucleus).

    Source: Holtzman et al. 2020, section 3.1, equation 2.
    Raises ReplicationError for a `p` that is not above 0 and at most 1.
    """
    if not 0 < p <= 1:
        raise ReplicationError(f"A top_p of {p}: give one above 0, and at most 1 for all.")
    if p == 1:
        # The sum below, rounded, reaches 1 before the last tokens.
        return logits
    ordered, positions = logits.sort(descending=True)
    probability = ordered.softmax(-1)
    # A token is left out when those before it reach `p` already.
    before = probability.cumsum(-1) - probability
    out = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, positions, before >= p)
    return logits.masked_fill(out, -torch.inf)


def sample(
    model: LanguageModel,
    prompt: Int[Tensor, "batch time"],
    *,
    tokens: int,
    generator: torch.Generator,
    temperature: float = 1.0,
    logits_filter: LogitsFilter = all_tokens,
    end: int | None = None,
) -> list[list[int]]:
    """Sampled continuations of each prompt: up to so many `tokens`, or until `end`, left out.

    The prompts have the same length, and at least one token. At a `temperature` of 0 the most
    probable token is taken each time; logits are divided by it before they are filtered.

    Raises ReplicationError for an empty prompt, a negative temperature, and logits that are NaN.
    """
    if not prompt.numel():
        raise ReplicationError(
            "There is no prompt: give each sequence at least one token to continue."
        )
    if temperature < 0:
        raise ReplicationError(
            f"The temperature is {temperature}: give 0, which is greedy, or more."
        )
    written: list[list[int]] = [[] for _ in prompt]
    open_rows = set(range(len(prompt)))
    with inference(model):
        new, state = prompt, model.start(len(prompt))
        for _ in range(tokens):
            logits, state = model.step(new, state)
            token = _drawn(logits.float(), generator, temperature, logits_filter)
            # One copy for all rows: on a GPU each waits for the step.
            numbers = token.tolist()
            for row in list(open_rows):
                if numbers[row] == end:
                    open_rows.discard(row)
                else:
                    written[row].append(numbers[row])
            if not open_rows:
                break
            new = token[:, None]
    return written


def _drawn(
    logits: Float[Tensor, "batch vocabulary"],
    generator: torch.Generator,
    temperature: float,
    logits_filter: LogitsFilter,
) -> Int[Tensor, " batch"]:
    if logits.isnan().any():
        raise ReplicationError(
            "The model gives no probabilities (nan), so nothing can be drawn: its training has "
            "diverged. Lower the learning rate, or clip its gradient."
        )
    if temperature == 0:
        return logits.argmax(-1)
    probability = logits_filter(logits / temperature).softmax(-1)
    return torch.multinomial(probability, 1, generator=generator)[:, 0]
