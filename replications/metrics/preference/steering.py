"""Reviews continued by a policy: how positive a judge finds them, and their diversity."""

from typing import Any

import numpy as np
import torch

from replications.decoding.inference import inference
from replications.items import FromItems
from replications.metrics.preference.answering import answer_prompts
from replications.objectives.preference.answer_likelihood import answer_logits, log_probabilities


def steering_metrics(model: Any, data: Any, *, judge: str = "judge") -> dict[str, float]:
    """How positive the judge finds continuations, in per cent, and their diversity.

    `positive` is the mean probability of a positive review, `positive_demonstrated` that of the
    reviews' own continuations. `distinct_words` are different words per hundred words: exploiting
    the reward leads to repetition.
    """
    gold = data.eval_sets[judge]
    answered = answer_prompts(model, data, data.prompts.test)
    starts = [prompt.request for prompt in answered.prompts]
    ours = [f"{start} {text}" for start, text in zip(starts, answered.texts, strict=True)]
    theirs = [f"{prompt.request} {prompt.answer}" for prompt in answered.prompts]
    positive = 100 * gold.positive(ours)
    words = [word for text in answered.texts for word in text.lower().split()]
    return {
        "positive": FromItems(float(positive.mean()), "mean", positive),
        "positive_demonstrated": float(100 * gold.positive(theirs).mean()),
        "distinct_words": 100 * len(set(words)) / max(len(words), 1),
        "words": len(words) / len(ours),
    }


def steered_divergence(model: Any, data: Any) -> dict[str, float]:
    """KL of the trained policy from its reference on the test prompts, in nats per answer."""
    total, count = 0.0, 0
    draw = torch.Generator(device=model.device).manual_seed(7)
    with inference(model):
        for first in range(0, len(data.prompts.test), 128):
            batch = data.prompt_batch(data.prompts.test[first : first + 128])
            batch = batch._replace(ids=batch.ids.to(model.device))
            ids, mask = model.answers(batch, draw)[:2]
            policy, reference = (
                log_probabilities(
                    answer_logits(network, batch.ids, ids, temperature=model.temperature), ids
                )
                for network in (model.model, model.reference)
            )
            total += float(((policy - reference) * mask).sum())
            count += len(ids)
    return {"kl": total / count}


def review_samples(model: Any, data: Any, *, count: int = 6) -> list[dict[str, Any]]:
    """Some prompts with the policy's continuations, and how positive the judge finds them."""
    answered = answer_prompts(model, data, data.prompts.test[:count])
    texts = [
        f"{prompt.request} {text}"
        for prompt, text in zip(answered.prompts, answered.texts, strict=True)
    ]
    marks: np.ndarray = 100 * data.eval_sets["judge"].positive(texts)
    return [
        {"prompt": prompt.request, "answer": text, "positive": float(mark)}
        for prompt, text, mark in zip(answered.prompts, answered.texts, marks, strict=True)
    ]
