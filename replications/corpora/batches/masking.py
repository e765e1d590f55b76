"""What a network that reads texts both ways is asked to predict: some of the pieces, hidden."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from replications.errors import ReplicationError
from replications.tokens.wordpiece import WordPieces

NOT_ASKED = -1
"""Stands for a place at which nothing is predicted."""


class Asked(NamedTuple):
    """A row as it is read, and for each place the piece to predict there, or NOT_ASKED."""

    ids: np.ndarray
    wanted: np.ndarray


Hiding = Callable[[np.ndarray, WordPieces, np.random.Generator], Asked]
"""Called with a row of ids, the vocabulary and a generator."""


def masked(
    ids: np.ndarray,
    vocabulary: WordPieces,
    draw: np.random.Generator,
    *,
    share: float = 0.15,
    hidden: float = 0.8,
    random: float = 0.1,
) -> Asked:
    """A `share` of the pieces, at least one, is to be predicted, and marks never are.

    Of these a share `hidden` reads MASK, a share `random` any piece, the rest stays as it is.
    Source: Devlin et al. 2019, section 3.1, task 1, and appendix A.1.

    Departure: pieces are drawn anew whenever a row is read; the code beside the paper draws ten
    times for all of the training.
    Raises ReplicationError for shares outside 0 to 1.
    """
    if not (0 < share <= 1 and hidden >= 0 and random >= 0 and hidden + random <= 1):
        raise ReplicationError(
            f"share {share}, hidden {hidden}, random {random}: give a share above 0 and at most 1, "
            "and two others that are together at most 1."
        )
    pieces = np.flatnonzero(~np.isin(ids, _marks(vocabulary)))
    chosen = draw.choice(pieces, max(1, round(share * len(pieces))), replace=False)
    wanted = np.full_like(ids, NOT_ASKED)
    wanted[chosen] = ids[chosen]
    read, fate = ids.copy(), draw.random(len(chosen))
    read[chosen[fate < hidden]] = vocabulary.mask
    replaced = chosen[(fate >= hidden) & (fate < hidden + random)]
    read[replaced] = draw.choice(vocabulary.ordinary, len(replaced))
    return Asked(read, wanted)


def next_piece(ids: np.ndarray, vocabulary: WordPieces, draw: np.random.Generator) -> Asked:
    """Nothing is hidden, and each place predicts the piece after it, marks left out.

    For a network that reads left to right. Source: Devlin et al. 2019, section 5.1, "LTR & No NSP".
    """
    after = np.append(ids[1:], vocabulary.padding)
    return Asked(ids, np.where(np.isin(after, _marks(vocabulary)), NOT_ASKED, after))


def _marks(vocabulary: WordPieces) -> list[int]:
    return [vocabulary.padding, vocabulary.start, vocabulary.separator]
