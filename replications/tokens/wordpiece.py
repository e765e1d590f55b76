"""WordPiece: uncased words without accents, split greedily into the longest tokens."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, groupby
from pathlib import Path

import numpy as np
from jaxtyping import Int64, Integer, UInt

from replications.errors import ReplicationError
from replications.tokens.pair_merges import find_merges
from replications.tokens.published_files import (
    read_published,
    read_whole_tokenizer,
    write_whole,
)
from replications.tokens.readable_text import (
    readable,
    readable_texts,
    refuse_strange,
    stretches,
)

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PAD, UNKNOWN, CLASS, SEPARATOR, MASK = SPECIAL
CONTINUED = "##"
LONGEST_WORD = 100

# Marks a word's first character while merges are learned; no word contains it.
_FIRST = "\0"
_IDEOGRAPHS = (
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0x2F800, 0x2FA1F),
)


@dataclass(frozen=True)
class WordPiece:
    """The symbols by id; those inside a word begin with "##".

    A learned vocabulary begins with SPECIAL, a published one has them elsewhere. No text is encoded
    as one of them but UNKNOWN.

    Source: Devlin et al. 2019 (BERT), section 3; Wu et al. 2016, section 4.1; the longest match
    first and the uncased splitting are those of the code published with BERT.
    Departure: words of over 100 characters are UNKNOWN, as in Hugging Face's `transformers`; the
    published code has 200.
    """

    symbols: tuple[str, ...]

    @classmethod
    def learn(
        cls, texts: Iterable[str], *, size: int, characters: int = 1_000, min_count: int = 2
    ) -> "WordPiece":
        """Learn up to `size` symbols: SPECIAL, the most frequent `characters`, those of them that
        stand inside a word once more with "##", and the results of merges.

        Source: Schuster and Nakajima 2012, as described by Wu et al. 2016, section 4.1.
        Departure: their code was never published. They add the token that raises a language
        model's likelihood most; this adds the most frequent pair of neighbours, as the trainer of
        Hugging Face's `tokenizers` does. Ties are broken by `oldest_symbols`, so that the order of
        the texts changes nothing. Words with a rarer character, or too long to encode, are left
        out. Pairs that occur fewer than `min_count` times are not merged: there may be fewer
        symbols than asked for.
        Raises ReplicationError for texts without a word, for what `encode` refuses, and for a
        `size` that leaves no room for merges.
        """
        counts = _count_words(texts)
        occurrences: Counter[str] = Counter()
        for word, count in counts.items():
            for character in word:
                occurrences[character] += count
        ordered = sorted(occurrences, key=lambda character: (-occurrences[character], character))
        kept = set(ordered[: max(characters, 0)])
        words = {
            (_FIRST + word[0], *word[1:]): count
            for word, count in counts.items()
            if kept.issuperset(word)
        }
        if not words:
            raise ReplicationError(
                f"The training text has no words of its {characters} most frequent characters. "
                "Give at least one sentence, and enough characters to write it."
            )
        inside = sorted({character for _, *rest in words for character in rest})
        alphabet = (*sorted(kept), *(CONTINUED + character for character in inside))
        symbols = dict.fromkeys((*SPECIAL, *alphabet))
        if size < len(symbols):
            raise ReplicationError(
                f"size is {size}, but the {len(SPECIAL)} special symbols and the {len(kept)} "
                f"characters of the text make {len(symbols)}, before any merge. Give a larger size "
                "or fewer characters."
            )
        for first, second in find_merges(words, min_count):
            if len(symbols) == size:
                break
            made = first + second
            symbols[made[1:] if made[0] == _FIRST else CONTINUED + made] = None
        return cls(tuple(symbols))

    @classmethod
    def read(cls, path: Path | str) -> "WordPiece":
        """The vocabulary of a published uncased model: its `vocab.txt`, or the folder with it or
        with the `tokenizer.json` that newer programs save in its place.

        Raises ReplicationError, naming file and line, where it is missing, cut short, changed, or
        that of a cased model.
        """
        path = Path(path)
        file = path / "vocab.txt" if path.is_dir() else path
        whole = path / "tokenizer.json"
        if whole.is_file() and not file.exists():
            file = whole
            symbols, _ = read_whole_tokenizer(whole, "WordPiece")
        else:
            text = read_published(file)
            if not text.endswith("\n"):
                raise ReplicationError(
                    f"{file} was cut short: its last line does not end. Copy it again."
                )
            symbols = tuple(text[:-1].split("\n"))
        seen: dict[str, int] = {}
        for line, symbol in enumerate(symbols, 1):
            if not symbol or symbol in seen:
                wrong = f"repeats line {seen[symbol]}, {symbol!r}" if symbol else "is empty"
                raise ReplicationError(f"Line {line} of {file} {wrong}. Copy it again.")
            if symbol != symbol.lower() and not symbol.startswith("["):
                raise ReplicationError(
                    f"Line {line} of {file} is {symbol!r}: the vocabulary has upper case, but "
                    "texts are encoded in lower case. Take that of the uncased model."
                )
            seen[symbol] = line
        if missing := [symbol for symbol in SPECIAL if symbol not in seen]:
            raise ReplicationError(
                f"{file} lacks {', '.join(missing)}. It was cut short, or is no vocabulary of "
                "BERT: copy it again."
            )
        return cls(symbols)

    def write(self, folder: Path | str) -> None:
        """Put `vocab.txt` into the folder, for `read` and for other programs.

        Raises OSError where the disk refuses; no half-written file is left.
        """
        write_whole(Path(folder) / "vocab.txt", "".join(f"{symbol}\n" for symbol in self.symbols))

    def __len__(self) -> int:
        return len(self.symbols)

    def __getstate__(self) -> dict[str, object]:
        return {"symbols": self.symbols}

    @cached_property
    def index(self) -> dict[str, int]:
        return {symbol: number for number, symbol in enumerate(self.symbols)}

    @property
    def padding(self) -> int:
        """The id of PAD."""
        return self.index[PAD]

    @property
    def start(self) -> int:
        """The id of CLASS, which comes before the first text."""
        return self.index[CLASS]

    @property
    def separator(self) -> int:
        """The id of SEPARATOR, which comes after each text."""
        return self.index[SEPARATOR]

    @property
    def mask(self) -> int:
        """The id of MASK, which replaces a masked token."""
        return self.index[MASK]

    @cached_property
    def ordinary(self) -> Int64[np.ndarray, " symbol"]:
        """The ids of all symbols that are not SPECIAL."""
        special = [self.index[symbol] for symbol in SPECIAL]
        return np.setdiff1d(np.arange(len(self)), special)

    @cached_property
    def _encode_chunk(self) -> Callable[[str], tuple[int, ...]]:
        def encode_chunk(chunk: str) -> tuple[int, ...]:
            subwords = chain.from_iterable(map(self._segment_word, _split_chunk(chunk)))
            return tuple(self.index[piece] for piece in subwords)

        return lru_cache(maxsize=1 << 20)(encode_chunk)

    def encode(self, text: str) -> list[int]:
        """The ids of the text's tokens, without CLASS and SEPARATOR.

        Raises ReplicationError for bytes, and for a lone surrogate.
        """
        return list(self._numbers(readable(text)))

    def encode_array(self, text: str) -> UInt[np.ndarray, " position"]:
        """The ids that `encode` gives, as uint16, or uint32 where there are over 65,536."""
        dtype = np.uint16 if len(self) <= 1 << 16 else np.uint32
        return np.fromiter(self._numbers(readable(text)), dtype)

    def decode(self, ids: Iterable[int] | Integer[np.ndarray, " position"]) -> str:
        """The words of these ids, one space between them; PAD, CLASS and SEPARATOR are dropped.

        Case, accents and the spaces beside punctuation are lost. Raises ReplicationError for an id
        without a symbol.
        """
        numbers = list(map(int, ids))
        refuse_strange(numbers, len(self))
        subwords = (self.symbols[number] for number in numbers)
        kept = [piece for piece in subwords if piece not in (PAD, CLASS, SEPARATOR)]
        return " ".join(kept).replace(f" {CONTINUED}", "")

    def segment(self, text: str) -> list[list[str]]:
        """For each word its tokens; UNKNOWN alone where it cannot be made of the vocabulary's."""
        return [self._segment_word(word) for word in split_uncased(text)]

    def _numbers(self, text: str) -> Iterator[int]:
        chunks = chain.from_iterable(map(_split_chunks, stretches(text)))
        return chain.from_iterable(map(self._encode_chunk, chunks))

    def _segment_word(self, word: str) -> list[str]:
        if len(word) > LONGEST_WORD:
            return [UNKNOWN]
        subwords, start = [], 0
        while start < len(word):
            mark = CONTINUED if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if mark + word[start:end] in self.index), None)
            if end is None:
                return [UNKNOWN]
            subwords.append(mark + word[start:end])
            start = end
        return subwords


def split_uncased(text: str) -> list[str]:
    """Words in lower case without accents; each punctuation mark and each ideograph is a word.

    Control characters, such as NUL, are dropped; what they separated is one word.

    Source: the code published with Devlin et al. 2019 (BERT). Python decides on categories and
    case, so that a capital sigma at a word's end becomes its final form.
    Raises ReplicationError for bytes, and for a lone surrogate.
    """
    return list(chain.from_iterable(map(_split_chunk, _split_chunks(readable(text)))))


class _Cleaned(dict[int, str]):
    """What each character is replaced by before the text is split, computed at its first use."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        if character in "\t\n\r" or category == "Zs":
            cleaned = " "
        elif code in (0, 0xFFFD) or category in ("Cc", "Cf"):
            cleaned = ""
        else:
            alone = any(first <= code <= last for first, last in _IDEOGRAPHS)
            cleaned = f" {character} " if alone else character
        self[code] = cleaned
        return cleaned


_CLEANED = _Cleaned()


def _split_chunks(text: str) -> list[str]:
    return text.translate(_CLEANED).split()


def _split_chunk(chunk: str) -> list[str]:
    bare = _strip_accents(chunk.lower())
    return "".join(f" {c} " if _is_punctuation(c) else c for c in bare).split()


def _strip_accents(text: str) -> str:
    """The text without combining marks.

    `unicodedata.normalize` sorts a run of marks in a time that grows with its length squared.
    """
    if text.isascii():
        return text
    decomposed = "".join(unicodedata.normalize("NFD", character) for character in text)
    runs = groupby(decomposed, lambda character: unicodedata.combining(character) > 0)
    ordered = chain.from_iterable(sorted(run, key=unicodedata.combining) for _, run in runs)
    return "".join(c for c in ordered if unicodedata.category(c) != "Mn")


def _is_punctuation(character: str) -> bool:
    if character.isascii():
        return not character.isalnum() and character.isprintable() and character != " "
    return unicodedata.category(character).startswith("P")


def _count_words(texts: Iterable[str]) -> Counter[str]:
    chunks: Counter[str] = Counter()
    for stretch in chain.from_iterable(map(stretches, readable_texts(texts))):
        chunks.update(_split_chunks(stretch))
    counts: Counter[str] = Counter()
    for chunk, count in chunks.items():
        for word in _split_chunk(chunk):
            if len(word) <= LONGEST_WORD:
                counts[word] += count
    return counts
