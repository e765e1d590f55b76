"""The targets of masked language modelling, and of next-token prediction in the same format."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from replications.errors import ReplicationError
from replications.tokens.wordpiece import WordPiece

IGNORE_INDEX = -1
"""The label of positions without a target."""


class MaskedSequence(NamedTuple):
    """A sequence as it is read, and the label of each position: a target or IGNORE_INDEX."""

    ids: np.ndarray
    labels: np.ndarray


Masking = Callable[[np.ndarray, WordPiece, np.random.Generator], MaskedSequence]
"""Called with a sequence of ids, the vocabulary and a generator."""


def masked(
    ids: np.ndarray,
    vocabulary: WordPiece,
    draw: np.random.Generator,
    *,
    mlm_probability: float = 0.15,
    mask_probability: float = 0.8,
    random: float = 0.1,
) -> MaskedSequence:
    """Each token is a target with `mlm_probability`, at least one is, and special tokens never.

    Of the targets a share `mask_probability` reads MASK, a share `random` any token, and the rest
    stays as it is. Source: Devlin et al. 2019, section 3.1, task 1, and appendix A.1.

    Departure: targets are drawn whenever a sequence is read; the code beside the paper draws ten
    times for all of the training.
    Raises ReplicationError for shares outside 0 to 1.
    """
    if not (
        0 < mlm_probability <= 1
        and mask_probability >= 0
        and random >= 0
        and mask_probability + random <= 1
    ):
        raise ReplicationError(
            f"mlm_probability {mlm_probability}, mask_probability {mask_probability}, random "
            f"{random}: give a share above 0 and at most 1, "
            "and two others that are together at most 1."
        )
    eligible = np.flatnonzero(~np.isin(ids, _special_tokens(vocabulary)))
    chosen = draw.choice(eligible, max(1, round(mlm_probability * len(eligible))), replace=False)
    labels = np.full_like(ids, IGNORE_INDEX)
    labels[chosen] = ids[chosen]
    read, fate = ids.copy(), draw.random(len(chosen))
    read[chosen[fate < mask_probability]] = vocabulary.mask
    replaced = chosen[(fate >= mask_probability) & (fate < mask_probability + random)]
    read[replaced] = draw.choice(vocabulary.ordinary, len(replaced))
    return MaskedSequence(read, labels)


def next_token(ids: np.ndarray, vocabulary: WordPiece, draw: np.random.Generator) -> MaskedSequence:
    """Nothing is masked; each position predicts the token after it, special tokens left out.

    For a causal network. Source: Devlin et al. 2019, section 5.1, "LTR & No NSP".
    """
    after = np.append(ids[1:], vocabulary.padding)
    return MaskedSequence(
        ids, np.where(np.isin(after, _special_tokens(vocabulary)), IGNORE_INDEX, after)
    )


def _special_tokens(vocabulary: WordPiece) -> list[int]:
    return [vocabulary.padding, vocabulary.start, vocabulary.separator]
