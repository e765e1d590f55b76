"""Agreement of predicted labels with gold labels."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from scipy.stats import pearsonr, spearmanr

from replications.items import FromItems

Agreement = Callable[[Sequence[float], Sequence[float]], dict[str, float]]
"""Called with the true labels and the predicted ones, it gives numbers by name, in per cent."""


def accuracy(true: Sequence[float], predicted: Sequence[float]) -> dict[str, float]:
    """`accuracy`: the share that is right."""
    share = 100 * float(np.mean(np.equal(true, predicted)))
    return {"accuracy": FromItems(share, "accuracy", predicted, true)}


def accuracy_and_f1(true: Sequence[float], predicted: Sequence[float]) -> dict[str, float]:
    """`accuracy`, and `f1` of class 1."""
    from sklearn.metrics import f1_score

    f1 = 100 * float(f1_score(true, predicted, zero_division=0.0))
    return {**accuracy(true, predicted), "f1": FromItems(f1, "f1", predicted, true)}


def matthews(true: Sequence[float], predicted: Sequence[float]) -> dict[str, float]:
    """`accuracy`, and `matthews`, the correlation of two classes: 0 where one is always predicted.

    Source: Warstadt et al. 2019, section 3.1, for CoLA.
    """
    from sklearn.metrics import matthews_corrcoef

    found = 100 * float(matthews_corrcoef(true, predicted))
    return {
        **accuracy(true, predicted),
        "matthews": FromItems(found, "matthews", predicted, true),
    }


def correlations(true: Sequence[float], predicted: Sequence[float]) -> dict[str, float]:
    """`pearson` and `spearman` of real-valued labels; 0 where all predictions are equal."""
    flat = len(set(predicted)) == 1
    return {
        name: FromItems(
            0.0 if flat else 100 * float(measure(true, predicted)[0]), name, predicted, true
        )
        for name, measure in (("pearson", pearsonr), ("spearman", spearmanr))
    }


@runtime_checkable
class Labeller(Protocol):
    """A model that predicts labels of texts."""

    def predict(self, data: Any, part: str) -> list[float]:
        """The class of each example of a part of the data, or its real-valued label."""
        ...


def label_metrics(
    labeller: Labeller,
    data: Any,
    *,
    agreement: Agreement = accuracy,
    part: str = "test",
    prefix: str = "",
) -> dict[str, float]:
    """The `agreement` on a part of the data's examples; the names get the prefix."""
    true = list(getattr(data.text, part).labels)
    found = agreement(true, labeller.predict(data, part))
    return {prefix + name: value for name, value in found.items()}
