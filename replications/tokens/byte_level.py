"""Byte-level byte-pair encoding: every text can be encoded, and no token is unknown."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path

import numpy as np
import regex
from jaxtyping import Integer, UInt

from replications.errors import ReplicationError
from replications.tokens.pair_merges import learn_merges, merge_all
from replications.tokens.published_files import (
    merges_of,
    read_merges,
    read_symbols,
    read_whole_tokenizer,
    write_whole,
)
from replications.tokens.readable_text import (
    readable,
    readable_texts,
    refuse_strange,
    stretches,
)

END_OF_TEXT = "<|endoftext|>"

_WORD = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")

# Bytes that are printable characters of Latin-1 stand for themselves, and come first.
_SHOWN = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
_HIDDEN = [byte for byte in range(256) if byte not in _SHOWN]
_PRINTABLE = {byte: chr(byte) for byte in _SHOWN}
_PRINTABLE |= {byte: chr(256 + index) for index, byte in enumerate(_HIDDEN)}
_BYTES = {ord(character): byte for byte, character in _PRINTABLE.items()}

# The bytes as characters that can be read in a file of merges, in GPT-2's order.
ALPHABET = tuple(_PRINTABLE.values())


@dataclass(frozen=True)
class ByteLevelBPE:
    """Merges in the order they were learned, and the symbols by id: in a learned one the 256 of
    ALPHABET, the merges' results and END_OF_TEXT, which is GPT-2's id 50,256.

    Source: Radford et al. 2019 (GPT-2), section 2.2, and the encoder published with it.
    Departure: END_OF_TEXT in a text is text, for which `encode` never gives `end_of_text`.
    """

    merges: tuple[tuple[str, str], ...]
    symbols: tuple[str, ...]

    @classmethod
    def learn(cls, texts: Iterable[str], *, merges: int, min_count: int = 2) -> "ByteLevelBPE":
        """Learn from texts; GPT-2's vocabulary has 50,000 merges.

        Ties are broken by `oldest_symbols`, bytes in the order of ALPHABET: the order of the texts
        changes nothing. Raises ReplicationError for texts without a character, for what `encode`
        refuses, and as `learn_merges` does.
        """
        counts: Counter[str] = Counter()
        for stretch in chain.from_iterable(map(stretches, readable_texts(texts))):
            counts.update(split_by_category(stretch))
        if not counts:
            raise ReplicationError("The training text is empty. Give at least one word.")
        words = {tuple(_printable(word)): count for word, count in counts.items()}
        learned = learn_merges(words, merges, min_count)
        made = map("".join, learned)
        return cls(tuple(learned), tuple(dict.fromkeys((*ALPHABET, *made, END_OF_TEXT))))

    @classmethod
    def read(cls, folder: Path | str) -> "ByteLevelBPE":
        """The tokenizer in a Hugging Face folder: its `vocab.json` and `merges.txt`, or the
        `tokenizer.json` that newer programs save in their place.

        Raises ReplicationError, naming the file, where one is missing, damaged or cut short, or
        where they do not belong together.
        """
        vocabulary, pairs = Path(folder) / "vocab.json", Path(folder) / "merges.txt"
        whole = Path(folder) / "tokenizer.json"
        if whole.is_file() and not vocabulary.exists():
            vocabulary = pairs = whole
            symbols, listed = read_whole_tokenizer(whole, "BPE")
            merges = merges_of(listed, whole)
        else:
            symbols, merges = read_symbols(vocabulary), read_merges(pairs)
        made = {*ALPHABET, *map("".join, merges), END_OF_TEXT}
        if unmade := [symbol for symbol in symbols if symbol not in made]:
            raise ReplicationError(
                f"No merge of {pairs} makes {len(unmade)} of the {len(symbols)} symbols of "
                f"{vocabulary}, such as {unmade[0]!r}. One of the two was cut short, or belongs to "
                "another tokenizer: copy both again."
            )
        if missing := sorted(made.difference(symbols)):
            raise ReplicationError(
                f"{vocabulary} lacks {len(missing)} symbols that it should have by {pairs}, such "
                f"as {missing[0]!r}. One of the two is not GPT-2's, or was changed: copy both "
                "again."
            )
        return cls(merges, symbols)

    def write(self, folder: Path | str) -> None:
        """Put `vocab.json` and `merges.txt` into the folder, for `read` and for other programs.

        Raises OSError where the disk refuses; no half-written file is left.
        """
        lines = "".join(f"{left} {right}\n" for left, right in self.merges)
        write_whole(Path(folder) / "merges.txt", f"#version: 0.2\n{lines}")
        write_whole(Path(folder) / "vocab.json", json.dumps(self.index, ensure_ascii=False))

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
        return {pair: rank for rank, pair in enumerate(self.merges)}

    @property
    def end_of_text(self) -> int:
        """The id of END_OF_TEXT, which separates documents."""
        return self.index[END_OF_TEXT]

    @cached_property
    def _spelled(self) -> tuple[bytes, ...]:
        return tuple(bytes(symbol.translate(_BYTES), "latin-1") for symbol in self.symbols)

    @cached_property
    def _encode_word(self) -> Callable[[str], tuple[int, ...]]:
        def encode_word(word: str) -> tuple[int, ...]:
            return tuple(self.index[symbol] for symbol in self._segment_word(word))

        return lru_cache(maxsize=1 << 20)(encode_word)

    def encode(self, text: str) -> list[int]:
        """The ids of the text's symbols, NUL and other control characters included.

        Raises ReplicationError for bytes, and for a lone surrogate, which UTF-8 cannot write.
        """
        return list(self._numbers(readable(text)))

    def encode_array(self, text: str) -> UInt[np.ndarray, " position"]:
        """The ids that `encode` gives, as uint16, or uint32 where there are over 65,536."""
        return np.fromiter(self._numbers(readable(text)), self._dtype)

    def decode(self, ids: Iterable[int] | Integer[np.ndarray, " position"]) -> str:
        """The text of these ids: the inverse of `encode`.

        Bytes that are no UTF-8, as where a model leaves a character unfinished, become "\\ufffd".
        `end_of_text` becomes END_OF_TEXT. Raises ReplicationError for an id without a symbol.
        """
        numbers = list(map(int, ids))
        refuse_strange(numbers, len(self))
        return b"".join(map(self._spelled.__getitem__, numbers)).decode(errors="replace")

    def segment(self, text: str) -> list[list[str]]:
        """For each word its symbols, written in ALPHABET: a space is "Ġ", a line's end "Ċ"."""
        return list(map(self._segment_word, split_by_category(readable(text))))

    @property
    def _dtype(self) -> type[np.unsignedinteger]:
        return np.uint16 if len(self) <= 1 << 16 else np.uint32

    def _numbers(self, text: str) -> Iterator[int]:
        words = chain.from_iterable(map(split_by_category, stretches(text)))
        return chain.from_iterable(map(self._encode_word, words))

    def _segment_word(self, word: str) -> list[str]:
        return merge_all(_printable(word), self.ranks)


def split_by_category(text: str) -> list[str]:
    """Runs of letters, of digits and of other characters, each with a space before it, English
    endings such as 's and 'll, and runs of white space: joined, they are the text again.

    Source: Radford et al. 2019 (GPT-2), section 2.2, and the encoder published with it, which
    knows the endings in lower case alone.
    """
    return _WORD.findall(text)


def _printable(word: str) -> str:
    return word.encode().decode("latin-1").translate(_PRINTABLE)
