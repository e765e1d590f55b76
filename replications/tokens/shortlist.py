"""Whole words as tokens: the most frequent ones, and <unk> for all the others."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from replications.errors import ReplicationError
from replications.tokens.marked_words import join_words, split_words
from replications.tokens.readable_text import readable_texts, refuse_strange
from replications.tokens.special import SPECIAL, UNKNOWN, visible


@dataclass(frozen=True)
class Shortlist:
    """The most frequent words of `split_words` by id, after SPECIAL.

    Source: Bahdanau et al. 2014, section 4.1, a shortlist of the 30,000 most frequent words.
    """

    symbols: tuple[str, ...]

    @classmethod
    def learn(cls, texts: Iterable[str], *, size: int) -> "Shortlist":
        """The `size` most frequent words of the texts, or all of them where there are fewer.

        Ties follow the alphabet. Raises ReplicationError for texts without a word, for one
        text in place of several, or size < 1.
        """
        if size < 1:
            raise ReplicationError(f"size is {size}. Give the number of words to keep, 1 or more.")
        counts = Counter(word for text in readable_texts(texts) for word in split_words(text))
        if not counts:
            raise ReplicationError("The training text has no words. Give at least one sentence.")
        ordered = sorted(counts, key=lambda word: (-counts[word], word))
        return cls((*SPECIAL, *ordered[:size]))

    def __len__(self) -> int:
        return len(self.symbols)

    def __getstate__(self) -> dict[str, object]:
        return {"symbols": self.symbols}

    @cached_property
    def index(self) -> dict[str, int]:
        return {symbol: number for number, symbol in enumerate(self.symbols)}

    def encode(self, text: str, *, unknown_allowed: bool = False) -> list[int]:
        """The ids of the text's words; UNKNOWN for a word outside the list, if allowed.

        Raises ReplicationError for an unknown word unless it is allowed.
        """
        words = split_words(text)
        if not unknown_allowed:
            for index, word in enumerate(words, 1):
                if word not in self.index:
                    raise ReplicationError(
                        f"{word!r}, word {index} of the text, is not among the "
                        f"{len(self) - len(SPECIAL)} words of the shortlist. Replace it, or let "
                        f"{SPECIAL[UNKNOWN]} stand for it with unknown_allowed=True."
                    )
        return [self.index.get(word, UNKNOWN) for word in words]

    def decode(self, ids: Iterable[int]) -> str:
        """The text of these ids: the inverse of `encode` up to white space.

        Raises ReplicationError for an id without a symbol.
        """
        numbers = list(map(int, ids))
        refuse_strange(numbers, len(self))
        return join_words(self.symbols[number] for number in visible(numbers))

    def segment(self, text: str) -> list[list[str]]:
        """For each word of `split_words` its symbol, "<unk>" for one outside the list."""
        return [[word if word in self.index else SPECIAL[UNKNOWN]] for word in split_words(text)]
