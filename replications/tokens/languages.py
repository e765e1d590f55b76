"""Encoding of both sides of a translation, and the checks of its sentences."""

from collections.abc import Callable
from dataclasses import dataclass

from replications.errors import ReplicationError
from replications.tokens.special import BEGIN, END, Tokenizer


def as_written(ids: list[int]) -> list[int]:
    """The order of the text."""
    return ids


def reversed_order(ids: list[int]) -> list[int]:
    """The last word first, which brings the first words of both languages close together.

    Source: Sutskever et al. 2014, section 3.3. END, added later, still comes last.
    """
    return ids[::-1]


@dataclass(frozen=True)
class Languages:
    """The tokenizers of both sides, the order in which the source is read, and the longest side.

    `max_length` counts tokens, without BEGIN and END.
    """

    source: Tokenizer
    target: Tokenizer
    order: Callable[[list[int]], list[int]] = as_written
    max_length: int = 256

    def encode_source(self, text: str, *, unknown_allowed: bool = False) -> list[int]:
        """The ids of a sentence to be translated, in reading order, and END.

        Raises ReplicationError for an empty sentence, one of more than `max_length` tokens, and one
        with a character that the tokenizer does not know, unless `unknown_allowed`.
        """
        ids = self._encoded(self.source, text, unknown_allowed)
        return [*self.order(ids), END]

    def encode_target(self, text: str, *, unknown_allowed: bool = False) -> list[int]:
        """BEGIN, the ids of a translation and END. Refuses what `encode_source` refuses."""
        return [BEGIN, *self._encoded(self.target, text, unknown_allowed), END]

    def _encoded(self, tokenizer: Tokenizer, text: str, unknown_allowed: bool) -> list[int]:
        ids = tokenizer.encode(text, unknown_allowed=unknown_allowed)
        if not ids:
            raise ReplicationError(
                f"A sentence is empty ({text!r}): there is nothing to translate. Leave it out."
            )
        if len(ids) > self.max_length:
            raise ReplicationError(
                f"A sentence has {len(ids)} tokens, more than the {self.max_length} that this "
                f"model reads: {text[:60]!r}... Split it into shorter sentences."
            )
        return ids
