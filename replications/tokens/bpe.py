"""Byte-pair encoding of words: an open vocabulary of a fixed size."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from replications.errors import ReplicationError
from replications.tokens.marked_words import JOINER, join_words, split_words
from replications.tokens.pair_merges import learn_merges, merge_steps
from replications.tokens.readable_text import readable_texts, refuse_strange
from replications.tokens.special import SPECIAL, UNKNOWN, visible

END_OF_WORD = "</w>"


@dataclass(frozen=True)
class BytePairEncoding:
    """Merges in the order they were learned, and the symbols by id: SPECIAL, the alphabet, the
    merges' results.

    Source: Sennrich et al. 2016, section 3.2.
    Departure: the end-of-word symbol is part of a word's last character, as in the authors'
    subword-nmt since version 0.2. It is a symbol of its own after characters that end no word of
    the training text.
    """

    merges: tuple[tuple[str, str], ...]
    symbols: tuple[str, ...]

    @classmethod
    def learn(cls, texts: Iterable[str], *, merges: int, min_count: int = 2) -> "BytePairEncoding":
        """Learn from texts of one language, or of several that are to share their symbols.

        Ties are broken by `oldest_symbols`: the order of the texts changes nothing. Raises
        ReplicationError for texts without a word, for one text in place of several, and as
        `learn_merges` does.
        """
        counts = Counter(word for text in readable_texts(texts) for word in split_words(text))
        if not counts:
            raise ReplicationError("The training text has no words. Give at least one sentence.")
        words = {(*word[:-1], word[-1] + END_OF_WORD): count for word, count in counts.items()}
        learned = learn_merges(words, merges, min_count)
        alphabet = {JOINER, END_OF_WORD}.union(*counts, *words)
        return cls(tuple(learned), _number(sorted(alphabet), learned))

    def fewer(self, merges: int) -> "BytePairEncoding":
        """The encoding with the first `merges` merges, or all where there are fewer."""
        made = set(map("".join, self.merges))
        alphabet = [symbol for symbol in self.symbols[len(SPECIAL) :] if symbol not in made]
        return BytePairEncoding(self.merges[:merges], _number(alphabet, self.merges[:merges]))

    def __len__(self) -> int:
        return len(self.symbols)

    def __getstate__(self) -> dict[str, object]:
        # Without the caches: equal tokenizers are pickled equal.
        return {"merges": self.merges, "symbols": self.symbols}

    @cached_property
    def index(self) -> dict[str, int]:
        return {symbol: number for number, symbol in enumerate(self.symbols)}

    @cached_property
    def ranks(self) -> dict[tuple[str, str], int]:
        """Each merge's index in the order of learning."""
        return {pair: rank for rank, pair in reversed(list(enumerate(self.merges)))}

    @cached_property
    def characters(self) -> frozenset[str]:
        """The characters that can be encoded."""
        return frozenset(symbol for symbol in self.symbols if len(symbol) == 1)

    @cached_property
    def _segmented(self) -> dict[str, list[str]]:
        return {}

    def encode(self, text: str, *, unknown_allowed: bool = False) -> list[int]:
        """The ids of the text's symbols; UNKNOWN for each unknown character, if allowed.

        Raises ReplicationError for an unknown character unless it is allowed.
        """
        if not unknown_allowed:
            self._refuse_unknown(text)
        words = map(self._segment_word, split_words(text))
        return [self.index[symbol] for word in words for symbol in word]

    def decode(self, ids: Iterable[int]) -> str:
        """The text of these ids: the inverse of `encode` up to white space.

        Raises ReplicationError for an id without a symbol.
        """
        numbers = list(map(int, ids))
        refuse_strange(numbers, len(self))
        text = "".join(self.symbols[number] for number in visible(numbers))
        return join_words(word for word in text.split(END_OF_WORD) if word)

    def segment(self, text: str) -> list[list[str]]:
        """For each marked word its symbols, "<unk>" for each unknown character."""
        return [list(self._segment_word(word)) for word in split_words(text)]

    def spell(self, word: str) -> list[str]:
        """The symbols of a marked word before any merge."""
        known = [
            character if character in self.characters else SPECIAL[UNKNOWN] for character in word
        ]
        last = known[-1] + END_OF_WORD
        return [*known[:-1], last] if last in self.index else [*known, END_OF_WORD]

    def _segment_word(self, word: str) -> list[str]:
        if word not in self._segmented:
            *_, self._segmented[word] = merge_steps(self.spell(word), self.ranks)
        return self._segmented[word]

    def _refuse_unknown(self, text: str) -> None:
        if self.characters.issuperset("".join(text.split())):
            return
        index, character = next(
            (index, character)
            for index, character in enumerate(text, 1)
            if not character.isspace() and character not in self.characters
        )
        raise ReplicationError(
            f"{character!r} (U+{ord(character):04X}), character {index} of the text, is not among "
            f"the {len(self.characters)} characters of the training text. Replace it, or let "
            f"{SPECIAL[UNKNOWN]} stand for it with unknown_allowed=True."
        )


def _number(alphabet: Iterable[str], merges: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*SPECIAL, *alphabet, *map("".join, merges))))
