"""How well predicted labels agree with those that people gave."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import f1_score, matthews_corrcoef

from replications.decoding.inference import device_of, inference

Agreement = Callable[[Sequence[float], Sequence[float]], dict[str, float]]
"""Called with the true labels and the predicted ones, it gives numbers by name, in per cent."""


def accuracy(true: Sequence[float], predicted: Sequence[float]) -> dict[str, float]:
    """`accuracy`: the share that is right."""
    return {"accuracy": 100 * float(np.mean(np.equal(true, predicted)))}


def accuracy_and_f1(true: Sequence[float], predicted: Sequence[float]) -> dict[str, float]:
    """`accuracy`, and `f1` of class 1."""
    return {
        **accuracy(true, predicted),
        "f1": 100 * float(f1_score(true, predicted, zero_division=0.0)),
    }


def matthews(true: Sequence[float], predicted: Sequence[float]) -> dict[str, float]:
    """`accuracy`, and `matthews`, the correlation of two classes: 0 where one is always predicted.

    Source: Warstadt et al. 2019, section 3.1, for CoLA.
    """
    return {
        **accuracy(true, predicted),
        "matthews": 100 * float(matthews_corrcoef(true, predicted)),
    }


def correlations(true: Sequence[float], predicted: Sequence[float]) -> dict[str, float]:
    """`pearson` and `spearman` of numbers; 0 where all predictions are equal."""
    found = {"pearson": pearsonr, "spearman": spearmanr}
    if len(set(predicted)) == 1:
        return dict.fromkeys(found, 0.0)
    return {name: 100 * float(measure(true, predicted)[0]) for name, measure in found.items()}


def label_metrics(
    objective: object,
    data: object,
    *,
    agreement: Agreement = accuracy,
    part: str = "test",
    prefix: str = "",
) -> dict[str, float]:
    """What `agreement` says of a part of the data's examples; the names get the prefix."""
    predicted = predicted_labels(objective, data, part=part)
    found = agreement(list(getattr(data.text, part).labels), predicted)
    return {prefix + name: value for name, value in found.items()}


def predicted_labels(objective: object, data: object, *, part: str = "test") -> list[float]:
    """The most probable class of each example or, of a single output, the number."""
    model, labels = objective.model, []
    device = device_of(model)
    with inference(model):
        for batch in data.batches_of(part):
            inputs = (batch.ids, batch.segments, batch.places)
            outputs, _ = model(*(each.to(device) for each in inputs), len(batch.labels))
            chosen = outputs[:, 0] if outputs.shape[1] == 1 else outputs.argmax(-1)
            labels += chosen.float().tolist()
    return labels


def majority(data: object, *, agreement: Agreement = accuracy, part: str = "test") -> dict:
    """What the most frequent training label reaches, or the mean of numbers."""
    known, true = list(data.text.train.labels), list(getattr(data.text, part).labels)
    if data.text.classes:
        guess = float(max(set(known), key=lambda label: (known.count(label), -label)))
    else:
        guess = math.fsum(known) / len(known)
    return agreement(true, [guess] * len(true))
