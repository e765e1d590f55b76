"""Word similarity: correlation of vectors' cosines with human judgements."""

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
            raise _too_few(dataset, len(scored))
        first, second, human = (list(column) for column in zip(*scored, strict=True))
        ours = torch.cosine_similarity(model.vectors[first], model.vectors[second])
        correlation = 100 * float(spearmanr(ours, human).statistic)
        numbers[name] = FromItems(correlation, "spearman", ours.cpu().numpy(), human)
        numbers[f"{name}_pairs"] = float(len(scored))
    return numbers


def scaled_similarity(
    model: Vectors, data: object, *, corpus: str = "word-vector-evaluation"
) -> dict[str, float]:
    """`similarity_correlation` with each feature normalised: `*_scaled` and `*_standardised`.

    Source: Pennington et al. 2014, section 4.1: "first normalizing each feature across the
    vocabulary and then calculating the cosine similarity". It leaves open how: `scaled` divides
    each feature by its norm over all words, `standardised` subtracts its mean before.
    Over WordSim-353, SimLex-999 and MEN, whose pairs are others: epochs and windows may be chosen
    by `men_scaled`.
    """
    index, numbers = data.vocabulary.index, {}
    centred = model.vectors - model.vectors.mean(0)
    for way, vectors in (("scaled", model.vectors), ("standardised", centred)):
        features = torch.nn.functional.normalize(vectors, dim=0)
        for name, dataset in {**_SETS, "men": "MEN-TR-3k"}.items():
            pairs, identity = _pairs(corpus, dataset)
            note_read(identity)
            known = [each for each in pairs if each[0] in index and each[1] in index]
            if len(known) < 3:
                raise _too_few(dataset, len(known))
            one, other, human = zip(*known, strict=True)
            first, second = ([index[word] for word in words] for words in (one, other))
            ours = torch.cosine_similarity(features[first], features[second])
            correlation = 100 * float(spearmanr(ours, human).statistic)
            numbers[f"{name}_{way}"] = FromItems(correlation, "spearman", ours.numpy(), human)
    return numbers


def _too_few(dataset: str, pairs: int) -> ReplicationError:
    return ReplicationError(
        f"Of {dataset} only {pairs} pairs lie in the vocabulary: too few to rank. "
        "Give more text or a smaller min_count."
    )


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
