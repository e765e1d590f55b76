"""A fixed sample of a language model's text, which is repeated in training."""

from functools import cached_property

import numpy as np
import torch
from jaxtyping import Int64
from torch import Tensor

from replications.corpora.batches.token_stream import TextBatch, TokenStream
from replications.errors import ReplicationError


class FixedSample(TokenStream):
    """A TokenStream over `unique_tokens` of the text, to measure the loss against data size.

    Its sequences are drawn from all of the text, so that a small sample covers several topics; each
    seed draws its own. Source: Kaplan et al. 2020, section 3.3, which trains on fixed subsets.
    Raises ReplicationError where the text has not as many tokens, and for less than a sequence.
    """

    def __init__(self, seed: int, *, unique_tokens: int, **stream: object) -> None:
        super().__init__(seed, **stream)
        self.unique_tokens = unique_tokens

    @cached_property
    def sequences(self) -> int:
        return len(self.sample)

    @cached_property
    def sample(self) -> Int64[Tensor, " sequence"]:
        """The indices, in the whole stream, of the sequences in the sample."""
        there = (len(self.tokens) - 1) // self.length
        wanted = self.unique_tokens // self.length
        if not 0 < wanted <= there:
            raise ReplicationError(
                f"{self.unique_tokens} different tokens are {wanted} sequences of {self.length}, "
                f"and the text has {there}: give more text, or `unique_tokens` of one sequence "
                "or more."
            )
        drawn = np.random.default_rng((self.seed, wanted)).permutation(there)[:wanted]
        return torch.from_numpy(drawn)

    def batch(self, indices: Int64[Tensor, " sequence"]) -> TextBatch:
        """These sequences of the sample as a batch."""
        return super().batch(self.sample.to(indices.device)[indices])
