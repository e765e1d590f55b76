"""Minimal pairs: how often the grammatical sentence of a pair has the higher probability."""

from collections.abc import Iterable, Sequence

import numpy as np

from replications.corpora.texts.minimal_pairs import MinimalPair
from replications.metrics.language.sentence_scores import SentenceScore


def minimal_pair_accuracy(
    objective: object,
    data: object,
    *,
    score: SentenceScore,
    pairs: str = "blimp",
    batch_tokens: int = 16_384,
    prefix: str = "blimp",
) -> dict[str, float]:
    """`blimp_accuracy` in per cent over the pairs of the eval set, and `blimp:` for each part.

    The parts are the fields of linguistics (`blimp:morphology`) and the phenomena
    (`blimp:ellipsis`). Source: Warstadt et al. 2020, section 4; `score` is one of
    metrics/language/sentence_scores.py. Two sentences that score the same count half: chance is 50.
    A sentence has `data.length` tokens at most; a batch has `batch_tokens`.
    """
    found: Sequence[MinimalPair] = data.eval_sets[pairs].pairs
    sentences = [*(pair.good for pair in found), *(pair.bad for pair in found)]
    scores = score(
        objective, data.vocabulary, sentences, max_length=data.length, batch_tokens=batch_tokens
    ).numpy()
    good, bad = scores[: len(found)], scores[len(found) :]
    right = 100 * (0.5 * (good == bad) + (good > bad))
    parts = {
        **_means(right, (pair.field for pair in found)),
        **_means(right, (pair.phenomenon for pair in found)),
    }
    return {
        f"{prefix}_accuracy": float(right.mean()),
        **{f"{prefix}:{name}": value for name, value in parts.items()},
    }


def _means(values: np.ndarray, groups: Iterable[str]) -> dict[str, float]:
    names, number = np.unique(list(groups), return_inverse=True)
    means = np.bincount(number, values) / np.bincount(number)
    return dict(zip(names.tolist(), means.tolist(), strict=True))
