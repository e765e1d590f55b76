"""Ratios of co-occurrence probabilities: the observation that GloVe starts from."""

import math
from collections.abc import Iterable
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Float
from scipy.stats import spearmanr
from torch import Tensor

from replications.corpora.texts.cooccurrence import Cooccurrences
from replications.corpora.texts.encoded_text import EncodedText
from replications.corpora.world.words import PROBED
from replications.errors import ReplicationError
from replications.items import FromItems, Items
from replications.tokens.words import Vocabulary

# The paper's fourth probe, "fashion", needs a larger corpus than the laptop tier's: it never occurs
# within ten words of "steam" there.
PROBES = ("solid", "gas", "water")


@runtime_checkable
class ContextVectors(Protocol):
    """A model with two vectors for each word, by id: as a word and as a context."""

    @property
    def word_vectors(self) -> Float[Tensor, "word d"]: ...

    @property
    def context_vectors(self) -> Float[Tensor, "word d"]: ...


def probability_ratios(
    cooccurrences: Cooccurrences,
    vocabulary: Vocabulary,
    first: str,
    second: str,
    probes: Iterable[str],
) -> list[dict[str, float | str]]:
    """For each probe k: X(k, first), X(k, second), both P(k | word), and their ratio.

    Source: Pennington et al. 2014, section 3 and table 1: P(k | i) = X_ik / X_i.
    Raises ReplicationError where a word is unknown or a probe does not co-occur with both words.
    """
    totals = {word: _total(cooccurrences, vocabulary.id(word)) for word in (first, second)}
    rows: list[dict[str, float | str]] = []
    for probe in probes:
        near = {
            word: cooccurrences.between(vocabulary.id(probe), vocabulary.id(word))
            for word in totals
        }
        if not near[second] or not near[first]:
            raise ReplicationError(
                f"{probe!r} never stands near both {first!r} and {second!r} in this text: the "
                "ratio has no value. Choose another probe or a larger text."
            )
        chance = {word: near[word] / totals[word] for word in totals}
        rows.append(
            {
                "probe": probe,
                "first_count": near[first],
                "second_count": near[second],
                "first_probability": chance[first],
                "second_probability": chance[second],
                "ratio": chance[first] / chance[second],
            }
        )
    return rows


def ice_and_steam(model: object, data: object) -> dict[str, float]:
    """Three probes of the paper's table 1 on the data's own counts.

    `log_ratio:*` are natural logarithms of the ratios; `ice:*` and `steam:*` the weighted counts
    they rest on.
    """
    numbers: dict[str, float] = {}
    for row in probability_ratios(data.counts, data.vocabulary, "ice", "steam", PROBES):
        numbers[f"log_ratio:{row['probe']}"] = math.log(row["ratio"])
        numbers[f"ice:{row['probe']}"] = row["first_count"]
        numbers[f"steam:{row['probe']}"] = row["second_count"]
    return numbers


def ice_and_steam_by_document(model: object, data: object, *, window: int = 10) -> dict[str, float]:
    """`log_ratio_difference`: the log ratio of "solid" less that of "gas", in nats.

    Its items are the documents, whose counts X(solid, ice), X(gas, steam), X(solid, steam) and
    X(gas, ice) add up; X_ice and X_steam cancel. Documents are the sampling units of a corpus, so
    that a bootstrap over them shows how much a ratio rests on a few of them.
    """
    pairs = (("solid", "ice"), ("gas", "steam"), ("solid", "steam"), ("gas", "ice"))
    counts = [_by_document(data.text, *pair, window=window) for pair in pairs]
    items = Items(np.stack(counts, 1), "log odds ratio")
    return {
        "log_ratio_difference": FromItems(items.statistic(items.values), "log odds ratio", *counts)
    }


def _by_document(text: EncodedText, first: str, second: str, *, window: int) -> np.ndarray:
    """X for one pair of words in each document: 1/r for each two r <= `window` apart."""
    one, other = (text.ids == text.vocabulary.id(word) for word in (first, second))
    documents = int(text.document[-1]) + 1
    found = np.zeros(documents)
    for distance in range(1, window + 1):
        near = (one[:-distance] & other[distance:]) | (other[:-distance] & one[distance:])
        near &= text.document[:-distance] == text.document[distance:]
        where = text.document[:-distance][near]
        found += torch.bincount(where, minlength=documents).numpy() / distance
    return found


def planted_ratios(model: ContextVectors, data: object) -> dict[str, float]:
    """How well (w_ice - w_steam) · w~_k recovers the synthetic world's planted ratios of k.

    Source: Pennington et al. 2014, section 3, equations 3 to 5. `ratio_rank_correlation` is
    Spearman's, times 100; `ratio_slope` is the least-squares slope over the planted natural
    logarithms, 1 where both grow alike.
    """
    planted = data.text.world.log_ratios
    fitted = ratio_scores(model, data.vocabulary, *PROBED, planted)
    truth = torch.tensor(list(planted.values()))
    centred = truth - truth.mean()
    return {
        "ratio_rank_correlation": 100 * float(spearmanr(fitted, truth).statistic),
        "ratio_slope": float(centred @ fitted / centred.square().sum()),
    }


def ratio_scores(
    model: ContextVectors, vocabulary: Vocabulary, first: str, second: str, probes: Iterable[str]
) -> Float[Tensor, " probe"]:
    """(w_first - w_second) · w~_probe: the log ratio of the probe's counts, up to a constant.

    Source: Pennington et al. 2014, equation 3. Units: nats.
    """
    words, contexts = model.word_vectors, model.context_vectors
    difference = words[vocabulary.id(first)] - words[vocabulary.id(second)]
    return contexts[[vocabulary.id(probe) for probe in probes]] @ difference


def _total(cooccurrences: Cooccurrences, word: int) -> float:
    """X_i, the sum of a row of the whole matrix."""
    touching = (cooccurrences.first == word) | (cooccurrences.second == word)
    return float(cooccurrences.count[touching].double().sum())
