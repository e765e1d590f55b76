"""A linear model of the k-mer counts of a sequence, whatever their positions."""

from collections.abc import Callable

import lightning
import numpy as np
from jaxtyping import Float, Integer
from scipy.sparse import csr_matrix

from replications.baselines.at_once import Stopwatch, trained_at_once
from replications.corpora.batches.proteins.labelled_sequences import SequenceBatch
from replications.recipes import TrainedModel, Workspace
from replications.tokens.residues import BASES

_STRENGTHS = (0.01, 0.1, 1.0, 10.0)
_LETTERS = len(BASES) + 1


class KMers:
    """Logistic regression on log counts of k-mers, words of `word` bases."""

    def __init__(self, word: int) -> None:
        self.word = word

    def counts(self, sequences: Integer[np.ndarray, "example position"]) -> csr_matrix:
        """log(1 + count) of each k-mer, a row for each sequence."""
        powers = _LETTERS ** np.arange(self.word)
        windows = np.lib.stride_tricks.sliding_window_view(sequences, self.word, axis=1)
        columns = (windows.astype(np.int64) @ powers).ravel()
        examples = np.repeat(np.arange(len(sequences)), windows.shape[1])
        shape = (len(sequences), _LETTERS**self.word)
        counted = csr_matrix((np.ones(len(columns)), (examples, columns)), shape=shape)
        counted.data = np.log1p(counted.data)
        return counted

    def fit(
        self,
        sequences: Integer[np.ndarray, "example position"],
        labels: Integer[np.ndarray, " example"],
        strength: float,
    ) -> "KMers":
        from sklearn.linear_model import LogisticRegression

        self.model = LogisticRegression(C=strength, max_iter=500)
        self.model.fit(self.counts(sequences), labels)
        return self

    def scores(self, batch: SequenceBatch) -> Float[np.ndarray, " example"]:
        """The logit of each sequence."""
        return self.model.decision_function(self.counts(batch.sequences.numpy()))


def count_kmers(
    data: lightning.LightningDataModule,
    metrics: tuple[Callable[..., dict[str, float]], ...],
    workspace: Workspace,
    *,
    words: tuple[int, ...] = (3, 4, 5, 6),
    strengths: tuple[float, ...] = _STRENGTHS,
) -> TrainedModel:
    """KMers with the word length and the strength that do best on the validation part."""
    stopwatch = Stopwatch.started()
    train, validation = data.parts.train, data.parts.validation
    fitted = [
        KMers(word).fit(train.sequences, train.labels, strength)
        for word in words
        for strength in strengths
    ]

    def right(model: KMers) -> float:
        scores = model.model.decision_function(model.counts(validation.sequences))
        return float(((scores > 0) == (validation.labels == 1)).mean())

    best = max(fitted, key=right)
    counts = {"embedding": 0, "other": int(best.model.coef_.size) + 1}
    return trained_at_once(best, data, stopwatch, parameters=counts, flops=0.0)
