"""Metrics of the binary classification of sequences."""

from typing import Any

import lightning
import numpy as np

from replications.items import FromItems


def classification_metrics(model: Any, data: lightning.LightningDataModule) -> dict[str, float]:
    """Of the test part: accuracy of the sign of the score, area under the ROC curve, in per cent.

    `model.scores` gives a score for each sequence, positive for a promoter.
    """
    part = data.parts.test
    scores = np.concatenate([np.asarray(model.scores(batch)) for batch in data.batches_of(part)])
    right = (scores > 0) == (part.labels == 1)
    from scipy.stats import rankdata

    ranks = rankdata(scores)
    positives = part.labels == 1
    count = positives.sum()
    above = ranks[positives].sum() - count * (count + 1) / 2
    auc = 100 * above / (count * (len(scores) - count))
    return {
        "promoter_accuracy": FromItems(100 * float(right.mean()), "percent", right),
        "promoter_auc": float(auc),
    }
