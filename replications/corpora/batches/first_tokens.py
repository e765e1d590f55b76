"""A language model's text cut short: so many different tokens and no more, read again and again."""

from functools import cached_property

from replications.corpora.batches.token_stream import TokenStream
from replications.errors import ReplicationError


class FirstTokens(TokenStream):
    """A TokenStream over `unique_tokens` consecutive tokens of the text, for losses that depend on
    how much text there is.

    Source: Kaplan et al. 2020, section 3.3, which trains on fixed subsets. Each seed has a part of
    its own, so that what one part happens to hold is scatter over seeds: that of seed s starts
    after s others. Raises ReplicationError where the text has no such part.
    """

    def __init__(self, seed: int, *, unique_tokens: int, **stream: object) -> None:
        super().__init__(seed, **stream)
        self.unique_tokens = unique_tokens

    @cached_property
    def sequences(self) -> int:
        return self.unique_tokens // self.length

    @cached_property
    def first_sequence(self) -> int:
        """The number, in the whole stream, of the first sequence of this seed's part."""
        first = self.seed * self.sequences
        there = (len(self.tokens) - 1) // self.length
        if not 0 < self.sequences <= there - first:
            raise ReplicationError(
                f"Seed {self.seed} reads {self.unique_tokens} tokens after {first * self.length} "
                f"others in sequences of {self.length}, and the text has {len(self.tokens)}: give "
                "more text, or a smaller `unique_tokens` of one sequence or more."
            )
        return first

    def batch(self, indices):
        """These sequences of the part as a batch."""
        return super().batch(indices + self.first_sequence)
