"""Padding to one length: prompts on the left, answers on the right."""

from collections.abc import Sequence

import torch
from jaxtyping import Int64
from torch import Tensor

from replications.errors import ReplicationError


def filled_left(
    prompts: Sequence[Sequence[int]], width: int, padding: int
) -> Int64[Tensor, "prompt {width}"]:
    """Prompts padded on the left to `width`, so that all answers begin at the same position.

    The padding is the end-of-text token, which a language model has learned to treat as the border
    of an unrelated text. Raises ReplicationError for a longer prompt.
    """
    ids = torch.full((len(prompts), width), padding)
    for row, prompt in enumerate(prompts):
        if len(prompt) > width:
            raise ReplicationError(
                f"A prompt has {len(prompt)} tokens, and prompts may have {width}: shorten it, or "
                "raise `prompt_length` (and the `max_length` of the model)."
            )
        ids[row, width - len(prompt) :] = torch.tensor(prompt)
    return ids


def filled_right(
    answers: Sequence[Sequence[int]], width: int, padding: int
) -> Int64[Tensor, "answer {width}"]:
    """Answers padded on the right, where a causal mask hides the padding.

    Raises ReplicationError for an empty answer, and for one that is longer than `width`.
    """
    ids = torch.full((len(answers), width), padding)
    for row, answer in enumerate(answers):
        if not answer:
            raise ReplicationError("An empty answer has no token: leave it out.")
        if len(answer) > width:
            raise ReplicationError(
                f"An answer has {len(answer)} tokens, and answers may have {width}: shorten it, or "
                "raise `answer_length`."
            )
        ids[row, : len(answer)] = torch.tensor(answer)
    return ids
