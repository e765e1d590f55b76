"""Log probabilities and entropies of answers' tokens under a policy, in nats."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from replications.models.language_model import LanguageModel


def answer_logits(
    model: LanguageModel,
    prompts: Int[Tensor, "answer prompt_time"],
    answers: Int[Tensor, "answer time"],
    *,
    temperature: float = 1.0,
) -> Float[Tensor, "answer time vocabulary"]:
    """The logits that each token of the answers was drawn from, divided by the temperature."""
    read = torch.cat([prompts, answers[:, :-1]], 1)
    return model(read)[:, prompts.shape[1] - 1 :].float() / temperature


def log_probabilities(
    logits: Float[Tensor, "answer time vocabulary"], answers: Int[Tensor, "answer time"]
) -> Float[Tensor, "answer time"]:
    """The log probability of each token of the answers."""
    return logits.log_softmax(-1).gather(-1, answers[..., None])[..., 0]


def entropies(
    logits: Float[Tensor, "answer time vocabulary"],
) -> Float[Tensor, "answer time"]:
    """The entropy of the policy at each token."""
    log_probability = logits.log_softmax(-1)
    return -(log_probability.exp() * log_probability).sum(-1)
