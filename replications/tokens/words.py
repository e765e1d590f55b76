"""Words as tokens: lower-cased runs of letters and digits, numbered by falling frequency."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Float, Int
from torch import Tensor

from replications.errors import ReplicationError
from replications.tokens.readable_text import refuse_strange

# Letters and digits of any script; punctuation and the underscore separate words, as in text8.
_WORD = re.compile(r"[^\W_]+")


def tokenise(text: str) -> list[str]:
    """The text's words, in order: "It's 3 o'clock" gives it, s, 3, o, clock.

    Departure: combining marks separate words as well, so that words of scripts that write vowels
    with them (Devanagari, pointed Hebrew) are split, and of "İstanbul" the lower case gives i,
    stanbul. Of the words of wikipedia-en-2018 that are trained on, 1,322 are such fragments.
    """
    return _WORD.findall(text.lower())


@dataclass(frozen=True)
class Vocabulary:
    """Words by id, the most frequent first, and how often each occurs in the text it was made of.

    Source: Mikolov et al. 2013a, section 4.1, for the restriction to the most frequent words.
    """

    words: tuple[str, ...]
    occurrences: tuple[int, ...]

    @classmethod
    def from_counts(
        cls, counts: Mapping[str, int], *, min_count: int = 1, max_size: int | None = None
    ) -> "Vocabulary":
        """Keep words that occur at least `min_count` times, the `max_size` most frequent of them.

        Ties are ordered by the alphabet, so that the ids do not depend on the order of the text.
        Raises ReplicationError when fewer than two words remain: nothing can be learned from one.
        """
        kept = sorted(
            ((word, count) for word, count in counts.items() if count >= min_count),
            key=lambda item: (-item[1], item[0]),
        )[:max_size]
        if len(kept) < 2:
            raise ReplicationError(
                f"The vocabulary has {len(kept)} words: {len(counts)} distinct words occur, and "
                f"those that occur at least {min_count} times are kept. Give more text, or a "
                "smaller min_count."
            )
        return cls(tuple(word for word, _ in kept), tuple(count for _, count in kept))

    @classmethod
    def from_sentences(
        cls, sentences: Iterable[Sequence[str]], *, min_count: int = 1, max_size: int | None = None
    ) -> "Vocabulary":
        counts: Counter[str] = Counter()
        for sentence in sentences:
            if isinstance(sentence, str):
                raise ReplicationError(
                    f"{sentence[:40]!r} is a text, where a sequence of words is needed: give "
                    "tokenise(text)."
                )
            counts.update(sentence)
        return cls.from_counts(counts, min_count=min_count, max_size=max_size)

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return word in self.index

    @cached_property
    def index(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words)}

    @cached_property
    def counts(self) -> Float[Tensor, " word"]:
        return torch.tensor(self.occurrences, dtype=torch.float64)

    def id(self, word: str) -> int:
        """The word's id. Raises ReplicationError for a word outside the vocabulary."""
        try:
            return self.index[word]
        except KeyError:
            raise ReplicationError(
                f"{word!r} is not among the {len(self)} words of this vocabulary. Words are "
                "lower-cased, and rare ones are left out: here each occurs "
                f"{min(self.occurrences)} times or more."
            ) from None

    def encode(self, words: Iterable[str]) -> Int[Tensor, " position"]:
        """Ids of those words that the vocabulary has; the others are dropped.

        Dropped words close the gap between their neighbours, as in word2vec.c and GloVe's
        cooccur.c.
        """
        index = self.index
        return torch.tensor([index[word] for word in words if word in index], dtype=torch.int32)

    def decode(self, ids: Iterable[int] | Int[Tensor, " position"]) -> list[str]:
        """The words of these ids. Raises ReplicationError for an id without a word."""
        numbers = list(map(int, ids))
        refuse_strange(numbers, len(self))
        return [self.words[number] for number in numbers]
