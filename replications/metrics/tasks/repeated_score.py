"""The mean score of a task over several fine-tunings of one pre-trained network."""

from typing import Any

import numpy as np

from replications.items import FromItems
from replications.metrics.tasks.labels import Agreement
from replications.metrics.tasks.task_score import task_score


def repeated_score(
    repeated: Any,
    data: Any,
    *,
    agreement: Agreement,
    score: str,
    part: str = "test",
    prefix: str = "",
) -> dict[str, float]:
    """`task_score`, the mean of all repetitions; `score_std`, their standard deviation; and
    `learning_rate`, which they share.

    `repeated` is what `tuned_and_repeated` trains. The names of the scores get the prefix.
    """
    each = [
        task_score(model, data, agreement=agreement, score=score, part=part)
        for model in repeated.models
    ]
    numbers = {prefix + name: _mean([found[name] for found in each]) for name in each[0]}
    scores = [float(found["score"]) for found in each]
    numbers[f"{prefix}score_std"] = float(np.std(scores, ddof=1)) if len(scores) > 1 else 0.0
    return {**numbers, "learning_rate": repeated.learning_rate}


def _mean(found: list[float]) -> float:
    """The mean; its items are the predictions of each, and the labels, which they share."""
    mean = float(np.mean([float(one) for one in found]))
    if not all(isinstance(one, FromItems) for one in found):
        return mean
    predictions = [one.items.values[:, 0] for one in found]
    labels = found[0].items.values[:, 1]
    return FromItems(mean, f"mean {found[0].items.statistic_name}", *predictions, labels)


def validation_score(
    model: Any, data: Any, *, agreement: Agreement, score: str
) -> dict[str, float]:
    """The score of one model on the validation part alone: what a learning rate is chosen by."""
    found = task_score(model, data, agreement=agreement, score=score, part="validation")
    return {"validation_score": float(found["score"])}
