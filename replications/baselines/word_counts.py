"""Baselines of text classification: the majority class, and a bag of words."""

from collections.abc import Callable, Sequence
from typing import Any

import lightning
import numpy as np
from scipy.sparse import csr_matrix, hstack

from replications.baselines.at_once import Stopwatch, trained_at_once
from replications.errors import ReplicationError
from replications.recipes import TrainedModel, Workspace

_STRENGTHS = (0.01, 0.1, 1.0, 10.0)


class MajorityClass:
    """Predicts the most frequent label of the training texts, or the mean of numeric labels."""

    def __init__(self, labels: Sequence[float], classes: int) -> None:
        known = list(labels)
        self.label = max(sorted(set(known)), key=known.count) if classes else float(np.mean(known))

    def predict(self, data: Any, part: str) -> list[float]:
        return [float(self.label)] * len(getattr(data.text, part).labels)


class BagOfWords:
    """A linear model on which words and bigrams each text contains.

    Where there are two texts, each has its features, and what is in both has its own.
    """

    def __init__(self, train: Any, classes: int, *, strength: float, seed: int) -> None:
        # Imported here: it takes a second, which only this baseline needs.
        from sklearn.feature_extraction.text import CountVectorizer
        from sklearn.linear_model import LogisticRegression, Ridge

        self.counters = [
            CountVectorizer(ngram_range=(1, 2), min_df=2, token_pattern=r"\w+|[^\w\s]", binary=True)
            for _ in train.texts[0]
        ]
        for counter, texts in zip(self.counters, zip(*train.texts, strict=True), strict=True):
            counter.fit(texts)
        self.model = (
            LogisticRegression(C=strength, max_iter=2000, random_state=seed)
            if classes
            else Ridge(alpha=1 / strength)
        )
        self.model.fit(self.counts(train.texts), train.labels)

    def counts(self, texts: Sequence[tuple[str, ...]]) -> csr_matrix:
        """The features, a row for each example."""
        sides = [
            counter.transform(side)
            for counter, side in zip(self.counters, zip(*texts, strict=True), strict=True)
        ]
        if len(sides) == 1:
            return sides[0]
        both = self.counters[0]
        shared = [both.transform(side) for side in zip(*texts, strict=True)]
        return hstack([*sides, shared[0].multiply(shared[1])]).tocsr()

    def predict(self, data: Any, part: str) -> list[float]:
        texts = getattr(data.text, part).texts
        return self.model.predict(self.counts(texts)).astype(float).tolist()


def majority_class(
    data: lightning.LightningDataModule,
    metrics: tuple[Callable[..., dict[str, float]], ...],
    workspace: Workspace,
) -> TrainedModel:
    """The majority-class baseline: the most frequent label for all."""
    stopwatch = Stopwatch.started()
    model = MajorityClass(data.text.train.labels, data.text.classes)
    return _trained_model(model, 1, data, stopwatch)


def bag_of_words(
    data: lightning.LightningDataModule,
    metrics: tuple[Callable[..., dict[str, float]], ...],
    workspace: Workspace,
    *,
    strengths: tuple[float, ...] = _STRENGTHS,
) -> TrainedModel:
    """A bag of words of the one among `strengths` that does best on the validation part.

    Source: Wang and Manning 2012, "Baselines and Bigrams", for pairs of neighbours and for 0 or 1
    in place of counts. A strength is the inverse of the penalty on the squared weights.
    Raises ReplicationError where no strength is given.
    """
    if not strengths:
        raise ReplicationError("There is no strength to choose from: give at least one.")
    stopwatch = Stopwatch.started()
    text = data.text
    found = [
        BagOfWords(text.train, text.classes, strength=strength, seed=workspace.seed)
        for strength in strengths
    ]
    true = np.array(text.validation.labels)

    def loss(model: BagOfWords) -> float:
        said = np.array(model.predict(data, "validation"))
        return float(np.mean(said != true) if text.classes else np.mean((said - true) ** 2))

    best = min(found, key=loss)
    return _trained_model(best, int(np.size(best.model.coef_)), data, stopwatch)


def _trained_model(
    model: Any, parameters: int, data: lightning.LightningDataModule, stopwatch: Stopwatch
) -> TrainedModel:
    # Counting takes no floating-point operations, and the fit hardly any.
    sizes = {"embedding": 0, "other": parameters}
    return trained_at_once(model, data, stopwatch, parameters=sizes, flops=0.0)
