"""An n-gram language model of tokens with Kneser-Ney smoothing."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import lightning
import numpy as np
from jaxtyping import Float64, Int64

from replications.baselines.at_once import Stopwatch, trained_at_once
from replications.errors import ReplicationError
from replications.metrics.language.text_likelihood import Likelihood
from replications.recipes import TrainedModel, Workspace

_UNKNOWN = -1


class _Order(NamedTuple):
    """The n-grams of one length, sorted by key: their counts, and the sums of their histories."""

    keys: Int64[np.ndarray, " ngram"]
    counts: Float64[np.ndarray, " ngram"]
    discount: float
    totals: Float64[np.ndarray, " history"]
    types: Float64[np.ndarray, " history"]

    def number(self, keys: Int64[np.ndarray, " position"]) -> Int64[np.ndarray, " position"]:
        """The index of each n-gram by its key, _UNKNOWN where it never occurred."""
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[place] == keys, place, _UNKNOWN)


class KneserNey:
    """Interpolated Kneser-Ney smoothing with one discount for each order.

    Source: Kneser and Ney 1995; Chen and Goodman 1999, section 2.7 and equation 23, with the
    discount n1 / (n1 + 2 n2), here between 0.05 and 0.95. Unigrams are interpolated with the
    uniform distribution, so that every token has a probability. The stream is the concatenated
    documents, each with its end-of-text token.
    """

    def __init__(
        self, stream: Int64[np.ndarray, " position"], *, vocabulary: int, order: int = 5
    ) -> None:
        if order < 1 or len(stream) < order:
            raise ReplicationError(
                f"{order}-grams cannot be counted in {len(stream)} tokens: give an order of 1 or "
                "more, and at least as many tokens."
            )
        self.vocabulary = vocabulary
        # The index of each position's history; unigrams share one empty history.
        history, histories = np.zeros(len(stream), np.int64), 1
        numbers = history
        found: list[list] = []
        for before in range(order):
            keys, first, inverse, counts = np.unique(
                history[before:] * vocabulary + stream[before:],
                return_index=True,
                return_inverse=True,
                return_counts=True,
            )
            first = first + before
            if found:
                # Shorter n-grams have continuation counts: how many different tokens precede them.
                found[-1][1] = np.bincount(numbers[first], minlength=histories)
            found.append([keys, counts, history[first], histories])
            numbers = np.concatenate([np.full(before, _UNKNOWN), inverse])
            history, histories = np.concatenate([[_UNKNOWN], numbers[:-1]]), len(keys)
        self.orders = [_order(*each) for each in found]

    @property
    def parameters(self) -> int:
        """The number of counts."""
        return sum(len(order.keys) for order in self.orders)

    def probabilities(
        self, ids: Int64[np.ndarray, " position"]
    ) -> Float64[np.ndarray, " position"]:
        """P of each id given those before it in the sequence."""
        probability = np.full(len(ids), 1 / self.vocabulary)
        history = np.zeros(len(ids), np.int64)
        for order in self.orders:
            known = history >= 0
            number = order.number(np.where(known, history * self.vocabulary + ids, _UNKNOWN))
            here = np.where(known, history, 0)
            total = np.where(known, order.totals[here], 0.0)
            seen = total > 0
            counts = np.where(number >= 0, order.counts[np.maximum(number, 0)], 0.0)
            discounted = np.maximum(counts - order.discount, 0.0)
            shared = order.discount * order.types[here] * probability
            interpolated = (discounted + shared) / np.where(seen, total, 1.0)
            probability = np.where(seen, interpolated, probability)
            history = np.concatenate([[_UNKNOWN], number[:-1]])
        return probability


def _order(
    keys: Int64[np.ndarray, " ngram"],
    counts: Int64[np.ndarray, " ngram"],
    before: Int64[np.ndarray, " ngram"],
    histories: int,
) -> _Order:
    once, twice = (float((counts == times).sum()) for times in (1, 2))
    discount = once / (once + 2 * twice) if once else 0.0
    return _Order(
        keys,
        counts.astype(np.float64),
        # At 0 a token never seen would have no probability, and at 1 what is seen once would
        # count for nothing.
        min(max(discount, 0.05), 0.95),
        np.bincount(before, counts, minlength=histories),
        np.bincount(before, counts > 0, minlength=histories),
    )


def count_ngrams(
    data: lightning.LightningDataModule,
    metrics: tuple[Callable[..., dict[str, float]], ...],
    workspace: Workspace,
    *,
    order: int = 5,
) -> TrainedModel:
    """KneserNey of the data's training part, in the tokens of its vocabulary."""
    stopwatch = Stopwatch.started()
    end, encode = [data.vocabulary.end_of_text], data.vocabulary.encode
    parts = [np.array([*encode(text), *end], np.int64) for text in data.text.train]
    stream = np.concatenate([end, *parts])
    model = KneserNey(stream, vocabulary=len(data.vocabulary), order=order)
    sizes = {"embedding": 0, "other": model.parameters}
    return trained_at_once(model, data, stopwatch, parameters=sizes, flops=0.0)


def ngram_bits_per_byte(
    model: KneserNey, data: Any, *, part: str = "test", prefix: str = ""
) -> dict[str, float]:
    """`bits_per_byte` and `nats_per_token` of a part of the data's text, names with the prefix.

    They are those of `text_likelihood`: each text follows an end-of-text token, and its own is
    predicted.
    Raises ReplicationError where there is no text.
    """
    texts: Sequence[str] = getattr(data.text, part)
    size = sum(len(text.encode()) for text in texts)
    if not size:
        raise ReplicationError("There is no text to measure: give at least one that is not empty.")
    end, encode = data.vocabulary.end_of_text, data.vocabulary.encode
    nats, tokens = 0.0, 0
    for text in texts:
        ids = np.array([end, *encode(text), end], np.int64)
        nats -= float(np.log(model.probabilities(ids)[1:]).sum())
        tokens += len(ids) - 1
    return Likelihood(nats, tokens, size).named(prefix)
