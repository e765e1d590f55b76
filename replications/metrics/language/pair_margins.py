"""Minimal pairs: the log-probability margin, and the accuracy of the same outputs."""

from typing import Any

import numpy as np

from replications.errors import ReplicationError
from replications.metrics.language.sentence_scores import SentenceScore


def pair_margins(
    objective: Any,
    data: Any,
    *,
    score: SentenceScore,
    pairs: str = "blimp",
    phenomena: tuple[str, ...] = ("subject_verb_agreement", "determiner_noun_agreement"),
    prefix: str = "blimp",
) -> dict[str, float]:
    """`blimp_accuracy` in per cent and `blimp_margin` in nats, over all pairs and by phenomenon.

    The margin is ln P(good) - ln P(bad), the mean over pairs; the accuracy is the share of pairs
    whose margin is above 0. The same outputs make both. Source: Warstadt et al. 2020, section 4.
    Raises ReplicationError for a phenomenon of which there is no pair.
    """
    found = data.eval_sets[pairs].pairs
    sentences = [*(pair.good for pair in found), *(pair.bad for pair in found)]
    scores = score(objective, data.vocabulary, sentences, max_length=data.length).numpy()
    margins = scores[: len(found)] - scores[len(found) :]
    named = np.array([pair.phenomenon for pair in found])
    numbers = {}
    for name in ("", *phenomena):
        those = margins[named == name] if name else margins
        if not len(those):
            raise ReplicationError(
                f"No pair of {pairs!r} is of {name or 'any phenomenon'!r}; there are: "
                f"{', '.join(sorted(set(named)))}."
            )
        suffix = f":{name}" if name else ""
        right = np.mean((those > 0) + 0.5 * (those == 0))
        numbers[f"{prefix}_accuracy{suffix}"] = 100 * float(right)
        numbers[f"{prefix}_margin{suffix}"] = float(np.mean(those))
    return numbers
