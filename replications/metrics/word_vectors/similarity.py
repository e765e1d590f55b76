"""Word similarity: do near vectors belong to words that people call similar?"""

from functools import lru_cache

import torch
from scipy.stats import spearmanr

from replications.corpora.loading import load_corpus, note_read
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.errors import ReplicationError
from replications.items import FromItems
from replications.metrics.word_vectors.analogies import Vectors

_SETS = {"wordsim353": "WS-353-ALL", "simlex999": "SIMLEX-999"}


def similarity_correlation(
    model: Vectors, data: object, *, corpus: str = "word-vector-evaluation"
) -> dict[str, float]:
    """Spearman's rank correlation, times 100, between cosines and human scores.

    Source: Pennington et al. 2014, section 4.1 and table 3. Pairs with a word outside the
    vocabulary are left out; `wordsim353_pairs` and `simlex999_pairs` say how many remain.
    """
    index = data.vocabulary.index
    numbers: dict[str, float] = {}
    for name, dataset in _SETS.items():
        pairs, identity = _pairs(corpus, dataset)
        note_read(identity)
        scored = [
            (index[first], index[second], score)
            for first, second, score in pairs
            if first in index and second in index
        ]
        if len(scored) < 3:
            raise ReplicationError(
                f"Of {dataset} only {len(scored)} pairs lie in the vocabulary: too few to rank. "
                "Give more text or a smaller min_count."
            )
        first, second, human = (list(column) for column in zip(*scored, strict=True))
        ours = torch.cosine_similarity(model.vectors[first], model.vectors[second])
        correlation = 100 * float(spearmanr(ours, human).statistic)
        numbers[name] = FromItems(correlation, "spearman", ours.cpu().numpy(), human)
        numbers[f"{name}_pairs"] = float(len(scored))
    return numbers


@lru_cache(maxsize=4)
def _pairs(corpus: str, dataset: str) -> tuple[tuple[tuple[str, str, float], ...], CorpusIdentity]:
    rows, identity = load_corpus(corpus, "similarity")
    pairs = tuple(
        (first.lower(), second.lower(), score)
        for name, first, second, score in zip(
            *(rows[column] for column in ("dataset", "word1", "word2", "score")), strict=True
        )
        if name == dataset
    )
    return pairs, identity
