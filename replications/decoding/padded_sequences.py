"""Sequences of ids as padded tensors of few widths, each moved to the device once."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Int64
from torch import Tensor

_MULTIPLE = 8


class Padded(NamedTuple):
    """Sequences of similar length, padded on the right; `numbers` are their indices."""

    numbers: Int64[Tensor, " sequence"]
    ids: Int64[Tensor, "sequence time"]
    lengths: Int64[Tensor, " sequence"]

    def batches(self, tokens: int) -> Iterator["Padded"]:
        """Parts of at most `tokens` ids, padding counted, and at least one sequence each."""
        size = max(1, tokens // self.ids.shape[1])
        for first in range(0, len(self.ids), size):
            yield Padded(*(each[first : first + size] for each in self))


def padded_sequences(
    sequences: Sequence[Sequence[int]],
    device: torch.device,
    *,
    max_length: int,
    padding: int = 0,
    beyond: int = 0,
) -> list[Padded]:
    """All sequences with at least one id, by width: multiples of 8 and `beyond` more.

    `beyond` is for those of which a model reads all but the last id: its input then has a multiple
    of 8. No width exceeds `max_length`, so no sequence may. The widest come first, so that
    a lack of memory shows at once.
    """
    lengths = np.fromiter(map(len, sequences), np.int64, len(sequences))
    widths = -(-(lengths - beyond) // _MULTIPLE) * _MULTIPLE + beyond
    widths = np.minimum(np.maximum(widths, beyond + _MULTIPLE), max_length)
    found = []
    for width in np.unique(widths[lengths > 0])[::-1]:
        numbers = np.flatnonzero((widths == width) & (lengths > 0))
        ids = np.full((len(numbers), width), padding, np.int64)
        real = np.arange(width) < lengths[numbers, None]
        flat = chain.from_iterable(sequences[number] for number in numbers)
        ids[real] = np.fromiter(flat, np.int64, int(lengths[numbers].sum()))
        parts = (numbers, ids, lengths[numbers])
        found.append(Padded(*(torch.from_numpy(part).to(device) for part in parts)))
    return found
