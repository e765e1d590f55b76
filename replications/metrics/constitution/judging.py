"""Accuracy and calibration of AI feedback, and accuracy of the reward model trained on it."""

from typing import Any

import numpy as np
import torch

from replications.corpora.world.constitution.feedback import better
from replications.corpora.world.constitution.rules import COMPARISON_PRINCIPLES, harms
from replications.decoding.inference import device_of, inference
from replications.items import FromItems
from replications.objectives.constitutional.comparisons import FeedbackComparisons

_SEED = 2213
_BATCH = 64
_BINS = 10


def feedback_quality(
    model: FeedbackComparisons, data: Any, *, prompts: int = 150
) -> dict[str, float]:
    """Preferences on pairs of answers to harmful test prompts, against the exact rules.

    `feedback_accuracy` and `reward_accuracy`, in per cent, are the assistant's and the reward
    model's, on pairs of which one does fewer kinds of harm. `calibration_error` is the expected one
    of the assistant's probabilities, in points (Guo et al. 2017, equation 3; 10 bins), and
    `sure` the share of them outside 10 to 90 %. `position_bias` is the mean probability of the
    answer named A less 50 %. `label_spread` is the labels' mean distance from 50 %, after the
    adjustment.
    """
    device = device_of(model.model)
    draw = torch.Generator(device=device).manual_seed(_SEED)
    harmful = [prompt for prompt in data.prompts.test if prompt.request.harmful][:prompts]
    chance, named, exact, gold, gaps = [], [], [], [], []
    with inference(model):
        for first in range(0, len(harmful), _BATCH):
            batch = data.prompt_batch(harmful[first : first + _BATCH])
            batch = batch._replace(ids=batch.ids.to(device))
            asked, answers = model.answered(batch, draw)
            _, pairs = model.harmful_pairs(asked, answers)
            found = model.feedback(model.asking, pairs, draw)
            chance += found.first.tolist()
            named += found.named_first.tolist()
            ids = torch.cat([asked.ids, answers.ids], 1)
            rewards = model.model.at(ids, asked.ids.shape[1] + answers.lengths - 1).float()
            many = model.answers_per_prompt
            one, other = torch.triu_indices(many, many, 1)
            rows = rewards.view(-1, many)
            gaps += (rows[:, one] - rows[:, other]).flatten().tolist()
            for request, a, b in zip(*pairs, strict=True):
                gold.append(harms(request, b) - harms(request, a))
                exact.append(better(request, a, b, COMPARISON_PRINCIPLES[0]))
    p, q, margin, gap = (np.array(each, dtype=float) for each in (chance, exact, gold, gaps))
    differ = margin != 0
    labels = model.adjust(torch.tensor(p)).numpy()
    right, right_reward = ((p - 0.5) * margin)[differ] > 0, (gap * margin)[differ] > 0
    return {
        "feedback_accuracy": FromItems(100 * float(right.mean()), "percent", right),
        "reward_accuracy": FromItems(100 * float(right_reward.mean()), "percent", right_reward),
        "reward_nats": float((np.logaddexp(0, gap) - q * gap).mean()),
        "calibration_error": 100 * _calibration_error(p[differ], margin[differ] > 0),
        "sure": 100 * float(((p < 0.1) | (p > 0.9)).mean()),
        "position_bias": 100 * (float(np.mean(named)) - 0.5),
        "label_spread": 100 * float(np.abs(labels - 0.5).mean()),
        "pairs": float(differ.sum()),
    }


def _calibration_error(chances: np.ndarray, right: np.ndarray) -> float:
    bins = np.minimum((chances * _BINS).astype(int), _BINS - 1)
    parts = [(bins == number) for number in range(_BINS)]
    return sum(
        part.mean() * abs(chances[part].mean() - right[part].mean()) for part in parts if part.any()
    )
