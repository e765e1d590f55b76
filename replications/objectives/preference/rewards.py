"""Reward functions of a policy: an exact judge, or a trained reward model."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from replications.corpora.batches.conversations.prompted import PromptBatch
from replications.decoding.answers import Answers, texts_of
from replications.errors import ReplicationError
from replications.models.preference.scalar_head import ScalarHead

Judge = Callable[[Sequence[Any], Sequence[str], Sequence[bool]], Sequence[float]]
"""Called with the requests, the answers, and whether each ended; gives a reward per request."""


class JudgedReward(nn.Module):
    """The rewards of a judge. Raises ReplicationError for one that is not finite."""

    def __init__(self, vocabulary: Any, start: Any = None, *, judge: Judge) -> None:
        super().__init__()
        self.vocabulary, self.judge = vocabulary, judge

    def forward(self, prompts: PromptBatch, answers: Answers) -> Float[Tensor, " answer"]:
        return judged(self.judge, self.vocabulary, prompts, answers)


class LearnedReward(nn.Module):
    """The rewards of a trained reward model, less `missing_end` for an answer without <end>.

    Source of the penalty: Stiennon et al. 2020's code; Huang et al. 2024, detail 16, which gives
    such answers -1. Raises ReplicationError where its vocabulary is not the policy's.
    """

    def __init__(self, vocabulary: Any, start: Any, *, missing_end: float = 1.0) -> None:
        super().__init__()
        if not isinstance(model := getattr(start, "model", None), ScalarHead):
            raise ReplicationError(
                "There is no reward model to begin with: give the recipe a `start` that trains one."
            )
        if model.vocabulary != len(vocabulary):
            raise ReplicationError(
                f"The reward model's vocabulary has {model.vocabulary} tokens, the policy's "
                f"{len(vocabulary)}. Train the reward model with the same tokenizer."
            )
        self.model, self.missing_end = model, missing_end
        self.model.requires_grad_(False)

    def forward(self, prompts: PromptBatch, answers: Answers) -> Float[Tensor, " answer"]:
        ids = torch.cat([prompts.ids, answers.ids], 1)
        with torch.no_grad():
            rewards = self.model.at(ids, prompts.ids.shape[1] + answers.lengths - 1).float()
        ended = torch.tensor(answers.ended, device=rewards.device)
        return refuse_infinite(rewards - self.missing_end * ~ended)


def judged(
    judge: Judge, vocabulary: Any, prompts: PromptBatch, answers: Answers
) -> Float[Tensor, " answer"]:
    """A judge's rewards of sampled answers."""
    texts = texts_of(answers, vocabulary, vocabulary.end)
    rewards = judge(prompts.requests, texts, answers.ended)
    return refuse_infinite(torch.tensor(rewards, dtype=torch.float32).to(answers.ids.device))


def refuse_infinite(rewards: Float[Tensor, " answer"]) -> Float[Tensor, " answer"]:
    """The rewards, unchanged. Raises ReplicationError where one is not finite."""
    if not rewards.isfinite().all():
        row = int((~rewards.isfinite()).nonzero()[0])
        raise ReplicationError(
            f"The reward of answer {row} of the batch is {rewards[row].item()}: no policy can be "
            "trained on it. Correct the judge, or look for a reward model whose training diverged."
        )
    return rewards
