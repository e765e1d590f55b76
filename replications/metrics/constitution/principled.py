"""A language model of real dialogues as a judge, prompted with the paper's own principles."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from replications.corpora.texts.constitution.published import honest_pairs, published_constitution
from replications.corpora.texts.instructions.comparisons import turns_of
from replications.decoding.inference import device_of, inference
from replications.items import FromItems

_BATCH = 64
# At most so many ids of the principle, of the dialogue before the answer, and of the answer.
_PRINCIPLE, _DIALOGUE, _ANSWER = 60, 40, 60
_LETTERS = (" (A)", " (B)")


def principled_judgements(model: Any, data: Any, *, pairs: int = 438) -> dict[str, float]:
    """Accuracy on the paper's 438 comparisons, in per cent, by two ways to read the preference.

    `letters` compares the probabilities of "(A)" and "(B)" after a principle and both answers, in
    both orders; `likelihood` how probable each answer is after the principle, per token, and
    `without_principle` the same without one. Means over all principles. `length` always prefers the
    answer that is longer once both are truncated to 60 ids, and counts ties as wrong: no baseline
    on whole answers. `position_bias` is by how many points more than 50 % of the letters are A.
    Texts are truncated to the length that the model was trained on.
    """
    network, vocabulary = model.model, data.vocabulary
    found, _ = honest_pairs()
    cut = [_Cut(pair.better, pair.worse, vocabulary) for pair in found[:pairs]]
    principles = [
        vocabulary.encode(text)[-_PRINCIPLE:] for text in published_constitution().comparisons
    ]
    with inference(network):
        bare = _answer_gaps(network, vocabulary, [], cut)
        told = np.stack([_answer_gaps(network, vocabulary, each, cut) for each in principles])
        named = np.stack([_named(network, vocabulary, each, cut) for each in principles])
    # Two orders: the better answer first, then second.
    right = ((named[:, 0] > 0).astype(float) + (named[:, 1] < 0)) / 2
    longer = np.array([len(each.better) > len(each.worse) for each in cut])
    return {
        "letters": _mean(right.mean(0)),
        "likelihood": _mean((told > 0).mean(0)),
        "without_principle": _mean(bare > 0),
        "length": _mean(longer),
        "position_bias": 100 * float((named > 0).mean() - 0.5),
    }


class _Cut:
    """The end of the dialogue before two answers, and the beginnings of both, as ids."""

    def __init__(self, better: str, worse: str, vocabulary: Any) -> None:
        *before, (_, one) = turns_of(better)
        *_, (_, other) = turns_of(worse)
        asked = "\n".join(text for _, text in before)
        self.dialogue = vocabulary.encode(asked)[-_DIALOGUE:]
        self.better = vocabulary.encode(one)[:_ANSWER] or [vocabulary.end_of_text]
        self.worse = vocabulary.encode(other)[:_ANSWER] or [vocabulary.end_of_text]


def _answer_gaps(
    network: Any, vocabulary: Any, principle: list[int], cut: Sequence[_Cut]
) -> np.ndarray:
    """The log probability of the better answer less that of the worse one, in nats per token."""
    means = []
    for side in ("better", "worse"):
        rows = [[*principle, *each.dialogue] for each in cut]
        answers = [getattr(each, side) for each in cut]
        means.append(_log_probability(network, vocabulary, rows, answers))
    return means[0] - means[1]


def _named(network: Any, vocabulary: Any, principle: list[int], cut: Sequence[_Cut]) -> np.ndarray:
    """How much more probable "(A)" is than "(B)" where the better answer is A, and where it is B.

    Each answer is truncated to half its length elsewhere.
    """
    half = _ANSWER // 2
    marks = [vocabulary.encode(letter) for letter in _LETTERS]
    gaps = []
    for first, second in (("better", "worse"), ("worse", "better")):
        rows = [
            [
                *each.dialogue[-_DIALOGUE // 2 :],
                *principle,
                *marks[0],
                *getattr(each, first)[:half],
                *marks[1],
                *getattr(each, second)[:half],
            ]
            for each in cut
        ]
        one, other = (
            _log_probability(network, vocabulary, rows, [mark] * len(rows)) for mark in marks
        )
        gaps.append(one - other)
    return np.stack(gaps)


def _log_probability(
    network: Any, vocabulary: Any, rows: Sequence[list[int]], answers: Sequence[list[int]]
) -> np.ndarray:
    """The mean log probability of the answers' tokens after `rows`."""
    found, device = [], device_of(network)
    for first in range(0, len(rows), _BATCH):
        part = list(zip(rows[first : first + _BATCH], answers[first : first + _BATCH], strict=True))
        whole = [[vocabulary.end_of_text, *row, *answer] for row, answer in part]
        ids = torch.full((len(part), max(map(len, whole))), vocabulary.end_of_text)
        mask = torch.zeros_like(ids, dtype=torch.bool)
        for number, (row, (_, answer)) in enumerate(zip(whole, part, strict=True)):
            ids[number, : len(row)] = torch.tensor(row)
            mask[number, len(row) - len(answer) : len(row)] = True
        ids, mask = ids.to(device), mask.to(device)[:, 1:]
        logs = network(ids[:, :-1]).float().log_softmax(-1)
        own = logs.gather(-1, ids[:, 1:, None])[..., 0]
        found.append(((own * mask).sum(1) / mask.sum(1)).cpu().numpy())
    return np.concatenate(found)


def _mean(per_pair: np.ndarray) -> FromItems:
    shares = 100 * np.asarray(per_pair, dtype=float)
    return FromItems(float(shares.mean()), "mean", shares)
